import QtQuick
import PostKiosk

// Two movements of the hand, numbered, side by side where the words are short enough.
Item {
    id: moves

    property string first
    property string second
    readonly property bool stacked: Theme.large || one.wanted > width / 2 - Theme.gap || two.wanted > width / 2 - Theme.gap

    implicitHeight: stacked ? one.height + two.height + Theme.half : Math.max(one.height, two.height)

    component Move: Item {
        id: move

        property string number
        property string text
        readonly property real wanted: disc.width + Theme.half + probe.implicitWidth

        height: Math.max(disc.height, words.height)
        Accessible.role: Accessible.StaticText
        Accessible.name: number + ". " + text

        Rectangle {
            id: disc

            width: Theme.titlePx * 1.35
            height: width
            radius: width / 2
            color: Theme.ink
            anchors.verticalCenter: parent.verticalCenter

            TitleText {
                anchors.centerIn: parent
                text: move.number
                color: Theme.contrast ? "#000000" : "#FFFFFF"
                Accessible.ignored: true
            }
        }

        BodyText {
            id: probe

            visible: false
            text: words.text
            bold: true
            wrapMode: Text.NoWrap
        }

        BodyText {
            id: words

            x: disc.width + Theme.half
            width: move.width - x
            anchors.verticalCenter: parent.verticalCenter
            text: move.text
            bold: true
            Accessible.ignored: true
        }
    }

    Move {
        id: one

        number: "1"
        text: moves.first
        width: moves.stacked ? moves.width : moves.width / 2 - Theme.half
    }

    Move {
        id: two

        number: "2"
        text: moves.second
        x: moves.stacked ? 0 : moves.width / 2
        y: moves.stacked ? one.height + Theme.half : 0
        width: one.width
    }
}
