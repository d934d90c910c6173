pragma ComponentBehavior: Bound

import QtQuick
import PostKiosk
import "."

// The doors of a locker wall by number; what does not fit stands on the next page.
Item {
    id: wall

    property int doors: 0
    property int chosen: 0
    property bool stretch: true
    property int page: 0
    readonly property int across: Theme.large ? 4 : 8
    readonly property real cell: (width - (across - 1) * Theme.keyGap) / across
    readonly property real high: Math.min(cell, Theme.mm(30))
    readonly property int rowsInAll: Math.ceil(doors / across)
    readonly property real whole: rowsInAll * (high + Theme.keyGap) - Theme.keyGap
    readonly property bool paged: height < whole - 0.5
    readonly property int rowsHere: paged ? Math.max(1, Math.floor((height - turn.implicitHeight - Theme.half + Theme.keyGap) / (high + Theme.keyGap))) : rowsInAll
    readonly property int pages: Math.max(1, Math.ceil(rowsInAll / Math.max(1, rowsHere)))
    readonly property int here: Math.min(page, pages - 1)
    readonly property real least: Math.min(whole, high + turn.implicitHeight + Theme.half)

    signal picked(int door)

    implicitHeight: whole

    Repeater {
        model: wall.doors

        Plate {
            id: door

            required property int index
            readonly property int row: Math.floor(index / wall.across)

            objectName: "door-" + (index + 1)
            label: Words.say("maintenance.door", { "n": index + 1 })
            visible: Math.floor(row / Math.max(1, wall.rowsHere)) === wall.here
            selected: wall.chosen === index + 1
            x: (index % wall.across) * (wall.cell + Theme.keyGap)
            y: (row % Math.max(1, wall.rowsHere)) * (wall.high + Theme.keyGap)
            width: wall.cell
            height: wall.high
            radius: Theme.keyRadius
            ringInside: true
            onTapped: wall.picked(index + 1)

            StaffText {
                anchors.centerIn: parent
                text: door.index + 1
                lead: true
                wrapMode: Text.NoWrap
                Accessible.ignored: true
            }
        }
    }

    Keys {
        id: turn

        visible: wall.pages > 1
        width: wall.width
        height: implicitHeight
        y: wall.height - height
        model: [{ "key": "turn", "text": Words.say("pages.next", { "n": wall.here + 1, "of": wall.pages }) }]
        onPicked: wall.page = (wall.here + 1) % wall.pages
    }
}
