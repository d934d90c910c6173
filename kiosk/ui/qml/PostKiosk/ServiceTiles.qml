pragma ComponentBehavior: Bound
import QtQuick

// The first service as the red plate with its picture, the others as equal plates: one or two side by side, more of them one below the other.
Item {
    id: tiles

    property var services: [] // [{"name", "available", "reason"}]
    property bool stretch: true
    readonly property int firstAt: services.findIndex(service => service.available)
    readonly property var first: firstAt >= 0 ? services[firstAt] : null
    readonly property var others: services.filter((service, at) => at !== firstAt)
    readonly property bool alone: first !== null && others.length === 0
    readonly property bool column: Theme.large || Theme.low || others.length > 2 // one below the other
    readonly property int across: column ? 1 : Math.min(2, Math.max(1, others.length))
    readonly property int rows: Math.ceil(others.length / across)
    readonly property real share: Theme.large || Theme.low ? 1 : column ? 1.4 : 1.15 // of the red plate, in rows
    readonly property real row: (height - rows * Theme.gap) / (rows + share)
    readonly property real each: Math.min(row, Theme.mm(Theme.large ? 130 : 165))
    readonly property real lead: Math.min(alone ? Theme.mm(Theme.large ? 300 : 330) : Theme.mm(Theme.large ? 150 : 180), height - rows * (each + Theme.gap))
    readonly property real least: (rows + 1) * Theme.mm(Theme.large ? 48 : Theme.low ? 36 : column ? 56 : 70) + rows * Theme.gap

    signal picked(string name)

    ServiceTile {
        visible: tiles.first !== null
        width: parent.width
        height: tiles.lead
        tall: tiles.alone && !Theme.low
        service: tiles.first
        main: true
        onTapped: tiles.picked(service.name)
    }

    Repeater {
        model: tiles.others

        ServiceTile {
            required property var modelData
            required property int index

            service: modelData
            x: index % tiles.across * (width + Theme.gap)
            y: (tiles.first === null ? 0 : tiles.lead + Theme.gap) + Math.floor(index / tiles.across) * (height + Theme.gap)
            width: (tiles.width - (tiles.across - 1) * Theme.gap) / tiles.across
            height: tiles.each
            onTapped: tiles.picked(modelData.name)
        }
    }
}
