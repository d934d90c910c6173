import QtQuick

// A white plate with a word, and an icon where one helps.
Plate {
    id: button

    property alias text: caption.text
    property string icon: ""
    readonly property bool pictured: icon !== "" && !Theme.large // at 200 % the word needs the room
    property bool small: false // body size, for actions beside a fact
    readonly property real oneLine: probe.implicitWidth + lead + 2 * Theme.gap
    readonly property real lead: pictured ? mark.width + Theme.half : 0

    label: text
    implicitWidth: oneLine
    implicitHeight: small ? Math.max(Theme.mm(26), caption.implicitHeight + Theme.half) : Math.max(Theme.action, caption.implicitHeight + 2 * Theme.half)

    TitleText {
        id: probe

        visible: false
        text: caption.text
        px: caption.px
        wrapMode: Text.NoWrap
    }

    Icon {
        id: mark

        visible: button.pictured
        name: button.icon
        size: caption.px * 0.86
        anchors.verticalCenter: parent.verticalCenter
        x: caption.x + (caption.width - caption.contentWidth) / 2 - width - Theme.half
    }

    TitleText {
        id: caption

        anchors.verticalCenter: parent.verticalCenter
        x: Theme.half + button.lead
        width: button.width - button.lead - 2 * Theme.half
        px: button.small ? Theme.bodyFor(text) : Theme.titlePx
        horizontalAlignment: Text.AlignHCenter
        Accessible.ignored: true
    }
}
