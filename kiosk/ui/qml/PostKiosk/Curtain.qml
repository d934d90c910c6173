import QtQuick

// Covers the page from other people's eyes while somebody listens and uses the keypad; what is under it goes on.
Rectangle {
    id: curtain

    color: Theme.wall

    MouseArea {
        anchors.fill: parent // nothing under the curtain is pressed by touch
    }

    Icon {
        id: mark

        name: "shield"
        size: Theme.mm(60)
        x: (parent.width - width) / 2
        y: parent.height * 0.3
    }

    TitleText {
        x: Theme.margin
        y: mark.y + mark.height + Theme.gap
        width: parent.width - 2 * x
        text: Words.say("curtain.title", {})
    }
}
