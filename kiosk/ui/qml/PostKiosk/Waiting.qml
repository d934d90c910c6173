import QtQuick

// Shown while the core cannot be reached: calm, in every language, nothing to press.
Item {
    Rectangle {
        anchors.fill: parent
        color: Theme.wall
    }

    Rectangle {
        y: parent.height * 0.62
        width: parent.width
        height: parent.height - y
        color: Theme.counter

        Rectangle {
            width: parent.width
            height: Theme.hairline
            color: Theme.hair
        }
    }

    Icon {
        name: "clock"
        size: Theme.mm(70)
        x: (parent.width - width) / 2
        y: parent.height * 0.62 - height * 0.66
    }

    Column {
        x: Theme.margin
        y: Theme.mm(54)
        width: parent.width - 2 * x
        spacing: Theme.gap

        DisplayText {
            width: parent.width
            text: Words.sayIn("ko", "wait.moment", {})
        }

        TitleText {
            width: parent.width
            text: Words.sayIn("en", "wait.moment", {})
        }
    }
}
