import QtQuick

// Paper that the branch will print: torn edge below, rows stacked upon it.
Item {
    id: slip

    default property alias rows: paper.data
    property bool tear: true
    readonly property real tooth: tear ? Theme.mm(4) : 0

    implicitHeight: paper.height + 2 * Theme.half + tooth

    TornPaper {
        anchors.fill: parent
        tooth: slip.tooth
        fill: Theme.surface
        line: Theme.ink
        lineWidth: Theme.border
    }

    Column {
        id: paper

        x: Theme.gap * 1.4
        y: Theme.half
        width: slip.width - 2 * x
        spacing: Theme.mm(2)
    }
}
