import QtQuick

// Where typed text appears. It is not touched: the keyboard below is.
Rectangle {
    id: field

    property string text
    property string placeholder
    property string label
    property string icon: ""
    property bool personal: true
    property bool figures: false // figures are never cut: they shrink a little to stay whole

    implicitHeight: Theme.large ? Theme.mm(48) : Theme.mm(38)
    radius: Theme.radius
    color: Theme.surface
    border.color: Theme.info
    border.width: Theme.strong
    Accessible.role: Accessible.StaticText
    Accessible.name: label + ", " + (text === "" ? placeholder : text)

    Icon {
        id: mark

        visible: field.icon !== ""
        name: field.icon
        size: Theme.mm(14)
        width: visible ? size : 0
        x: Theme.gap
        anchors.verticalCenter: parent.verticalCenter
    }

    TitleText {
        id: probe

        visible: false
        text: field.text
        wrapMode: Text.NoWrap
    }

    Item {
        id: pane

        x: mark.visible ? mark.x + mark.width + Theme.gap : Theme.gap
        width: parent.width - x - Theme.gap
        height: parent.height
        clip: true

        TitleText {
            id: typed

            objectName: "typed"
            // The end of a long text stays in sight.
            x: Math.min(0, pane.width - implicitWidth - Theme.mm(3))
            px: field.figures ? Math.min(Theme.titlePx, Math.floor(Theme.titlePx * (pane.width - Theme.mm(4)) / Math.max(1, probe.implicitWidth))) : Theme.titlePx
            anchors.verticalCenter: parent.verticalCenter
            text: field.text
            wrapMode: Text.NoWrap
            Accessible.ignored: true
        }

        BodyText {
            visible: field.text === ""
            x: Theme.mm(3)
            width: parent.width - x
            anchors.verticalCenter: parent.verticalCenter
            text: field.placeholder
            soft: true
            wrapMode: Text.NoWrap
            Accessible.ignored: true
        }

        Rectangle {
            x: typed.x + typed.implicitWidth + Theme.mm(1)
            anchors.verticalCenter: parent.verticalCenter
            width: Theme.mm(1.5)
            height: Theme.titlePx * 1.05
            color: Theme.info
        }
    }
}
