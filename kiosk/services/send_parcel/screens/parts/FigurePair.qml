import QtQuick
import PostKiosk

// Two figures side by side under a hair line, one above the other at 200 %.
Item {
    id: pair

    property alias leftIcon: first.icon
    property alias leftLabel: first.label
    property alias leftValue: first.value
    property alias rightIcon: second.icon
    property alias rightLabel: second.label
    property alias rightValue: second.value
    readonly property real inset: Theme.large ? 0 : Theme.half

    implicitHeight: Theme.large ? first.implicitHeight + second.implicitHeight : inset + Math.max(first.implicitHeight, second.implicitHeight)

    Rectangle {
        visible: !Theme.large
        width: pair.width
        height: Theme.hairline
        color: Theme.hair
    }

    Figure {
        id: first

        y: pair.inset
        width: Theme.large ? pair.width : pair.width * 0.4
        height: implicitHeight
    }

    Rectangle {
        visible: !Theme.large
        x: pair.width * 0.42
        y: pair.inset + Theme.half / 2
        width: Theme.hairline
        height: pair.height - y
        color: Theme.hair
    }

    Figure {
        id: second

        x: Theme.large ? 0 : pair.width * 0.42 + Theme.gap
        y: Theme.large ? first.height : pair.inset
        width: pair.width - x
        height: implicitHeight
    }
}
