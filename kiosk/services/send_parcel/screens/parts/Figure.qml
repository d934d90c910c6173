import QtQuick
import PostKiosk

// A figure to compare or keep: what it is, softly, above it; the figure itself large.
Item {
    id: figure

    property string icon
    property string label
    property string value

    implicitHeight: name.height + sum.height
    Accessible.role: Accessible.StaticText
    Accessible.name: label + " " + value

    Icon {
        id: mark

        visible: figure.icon !== "" && !Theme.large
        name: figure.icon
        width: visible ? size : 0
        anchors.verticalCenter: name.verticalCenter
    }

    BodyText {
        id: name

        x: mark.visible ? mark.width + Theme.half : 0
        width: figure.width - x
        text: figure.label
        soft: true
        Accessible.ignored: true
    }

    DisplayText {
        id: probe

        visible: false
        text: figure.value
        wrapMode: Text.NoWrap
    }

    DisplayText {
        id: sum

        anchors.top: name.bottom
        width: figure.width
        text: figure.value
        px: Theme.large ? Theme.titlePx : Math.max(Theme.titlePx, Math.floor(Theme.displayPx * Math.min(1, width / Math.max(1, probe.implicitWidth))))
        Accessible.ignored: true
    }
}
