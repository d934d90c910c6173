import QtQuick
import PostKiosk

// Whom to ask: the telephone large enough to type from, and when somebody answers.
Item {
    id: desk

    property string telephone
    property string hours

    implicitHeight: words.height
    Accessible.role: Accessible.StaticText
    Accessible.name: number.text + ", " + times.text

    Icon {
        id: mark

        visible: !Theme.large
        name: "call"
        width: visible ? size : 0
        anchors.verticalCenter: parent.verticalCenter
    }

    Column {
        id: words

        x: mark.visible ? mark.width + Theme.gap : 0
        width: desk.width - x

        TitleText {
            id: number

            width: parent.width
            text: desk.telephone
            Accessible.ignored: true
        }

        BodyText {
            id: times

            width: parent.width
            text: desk.hours
            soft: true
            Accessible.ignored: true
        }
    }
}
