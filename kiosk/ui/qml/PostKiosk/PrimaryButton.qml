import QtQuick

// The one red thing on a screen: what to press now.
Plate {
    id: button

    property alias text: caption.text
    readonly property real oneLine: probe.implicitWidth + 2 * Theme.gap // width that keeps the caption on one line

    label: text
    fill: Theme.accent
    fillDown: Theme.accentDown
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
        color: Theme.accentInk
        Accessible.ignored: true
    }
}
