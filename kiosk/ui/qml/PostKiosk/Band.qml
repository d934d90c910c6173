import QtQuick

// Tinted information without a border: safe (ok), wait (warn), what the machine says (info).
Rectangle {
    id: band

    property string kind: "info"
    property string title
    property string body
    property string icon: kind === "ok" ? "shield-check" : kind === "warn" ? "warning" : "info"
    property bool strong: false // the body line in bold

    implicitHeight: Math.max(mark.height, words.height) + 2 * (Theme.large ? Theme.half : Theme.mm(6))
    radius: Theme.radius
    color: kind === "ok" ? Theme.okTint : kind === "warn" ? Theme.warnTint : Theme.infoTint

    Icon {
        id: mark

        visible: band.icon !== ""
        name: band.icon
        size: Theme.large || band.title === "" || band.body === "" ? Theme.icon : Theme.mm(24)
        x: Theme.gap
        width: visible ? size : 0
        anchors.verticalCenter: parent.verticalCenter
    }

    Lines {
        id: words

        x: mark.visible ? mark.x + mark.width + Theme.gap : Theme.gap
        width: band.width - x - Theme.gap
        height: implicitHeight
        anchors.verticalCenter: parent.verticalCenter
        title: band.title
        body: band.body
        strong: band.strong
        softBody: false
        told: true
    }
}
