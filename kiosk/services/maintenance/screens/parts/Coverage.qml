pragma ComponentBehavior: Bound

import QtQuick
import PostKiosk

// The live picture of a camera under a map of its cells: those where the board was seen are marked with a tick of ink.
Item {
    id: map

    property int across: 8
    property int down: 5
    property var cells: []
    readonly property int covered: cells.filter(count => count > 0).length
    readonly property real ratio: 9 / 16
    readonly property real wide: Math.min(width, (height > 0 ? height : width) / ratio)
    readonly property real least: Theme.mm(Theme.low || Theme.large ? 30 : 60)

    implicitHeight: width * ratio
    Accessible.role: Accessible.Graphic
    Accessible.name: Words.say("maintenance.board.covered", { "n": covered, "of": across * down })

    CameraPicture {
        x: (map.width - width) / 2
        width: map.wide
        height: width * map.ratio
        source: Link.cameras
        running: Link.preview
        still: Theme.contrast ? "#333333" : "#5B616B"
    }

    Repeater {
        model: map.across * map.down

        Rectangle {
            id: cell

            required property int index
            readonly property bool seen: (map.cells[index] ?? 0) > 0

            x: (map.width - map.wide) / 2 + (index % map.across) * width
            y: Math.floor(index / map.across) * height
            width: map.wide / map.across
            height: map.wide * map.ratio / map.down
            color: "transparent"
            border.color: Theme.surface
            border.width: Theme.border / 2

            Rectangle {
                anchors.centerIn: parent
                visible: cell.seen
                width: Math.min(parent.width, parent.height) * 0.5
                height: width
                radius: width / 2
                color: Theme.surface
                border.color: Theme.ink
                border.width: Theme.border
            }
        }
    }
}
