import QtQuick

// The one red thing on a screen: what to press now. On a screen of staff it is ink.
Plate {
    id: button

    property alias text: caption.text
    property bool staff: false
    readonly property real oneLine: probe.implicitWidth + 2 * Theme.gap // width that keeps the caption on one line

    label: text
    fill: staff ? Theme.ink : Theme.accent
    fillDown: staff ? Theme.soft : Theme.accentDown
    outlineWidth: 0
    implicitWidth: oneLine
    implicitHeight: Math.max(Theme.action, caption.implicitHeight + 2 * Theme.half)

    TitleText {
        id: probe

        visible: false
        text: caption.text
        wrapMode: Text.NoWrap
    }

    TitleText {
        id: caption

        anchors.verticalCenter: parent.verticalCenter
        x: Theme.half
        width: button.width - 2 * Theme.half
        horizontalAlignment: Text.AlignHCenter
        color: button.staff ? Theme.surface : Theme.accentInk
        Accessible.ignored: true
    }
}
