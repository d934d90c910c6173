pragma ComponentBehavior: Bound
import QtQuick

// Where the customer stands: the step's name, its number in words, one bar per step.
Item {
    id: bar

    property string title
    property int step: 0
    property int of: 0

    implicitHeight: of > 0 ? ticks.y + ticks.height : Math.max(name.height, position.height)
    Accessible.role: Accessible.StaticText
    Accessible.name: of > 0 ? title + ", " + position.text : title

    BodyText {
        id: name

        text: bar.title
        bold: true
        width: parent.width - position.width - Theme.half
        wrapMode: Text.NoWrap
        Accessible.ignored: true
    }

    BodyText {
        id: position

        visible: bar.of > 0
        anchors.right: parent.right
        anchors.baseline: name.baseline
        text: Words.say("step.position", { "n": bar.step, "of": bar.of })
        soft: true
        wrapMode: Text.NoWrap
        Accessible.ignored: true
    }

    Row {
        id: ticks

        visible: bar.of > 0
        y: name.height + Theme.mm(3)
        spacing: Theme.half

        Repeater {
            model: bar.of

            Rectangle {
                required property int index

                width: (bar.width - (bar.of - 1) * Theme.half) / bar.of
                height: Theme.mm(4)
                radius: height / 2
                color: index < bar.step ? Theme.ink : "transparent"
                border.color: index < bar.step ? Theme.ink : Theme.line
                border.width: Theme.hairline
            }
        }
    }
}
