import QtQuick

// An amount that is paid: the word left, the sum large at the right.
Item {
    id: line

    property string label
    property int won: 0
    property bool small: false // title size, for a line of a sum
    readonly property bool stacked: Theme.large

    implicitHeight: stacked ? name.height + sum.height : Math.max(name.height, sum.height)
    Accessible.role: Accessible.StaticText
    Accessible.name: label + " " + sum.text

    TitleText {
        id: name

        width: line.stacked ? line.width : line.width - sum.implicitWidth - Theme.gap
        text: line.label
        px: line.small ? Theme.bodyFor(text) : Theme.titlePx
        Accessible.ignored: true
        y: line.stacked ? 0 : (line.height - height) / 2
    }

    DisplayText {
        id: sum

        width: line.stacked ? line.width : implicitWidth
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        horizontalAlignment: Text.AlignRight
        text: Words.money(line.won)
        px: line.small ? Theme.titlePx : Theme.large ? Theme.titlePx : Theme.displayPx
        wrapMode: Text.NoWrap
        Accessible.ignored: true
    }
}
