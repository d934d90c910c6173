pragma ComponentBehavior: Bound
import QtQuick

// The first service as the red plate with its picture, the others as equal plates in two columns.
Item {
    id: tiles

    property var services: [] // [{"name", "available", "reason"}]
    property bool stretch: true
    readonly property int firstAt: services.findIndex(service => service.available)
    readonly property var first: firstAt >= 0 ? services[firstAt] : null
    readonly property var others: services.filter((service, at) => at !== firstAt)
    readonly property bool alone: first !== null && others.length === 0
    readonly property int across: Theme.large || Theme.low ? 1 : 2
    readonly property int rows: Math.ceil(others.length / across)
    readonly property real each: (height - rows * Theme.gap) / (rows + (Theme.large || Theme.low ? 1 : 1.1))
    readonly property real lead: alone ? Math.min(height, Theme.mm(Theme.large ? 300 : 330)) : Math.min(Theme.mm(Theme.large ? 150 : 137), height - rows * (each + Theme.gap))
    readonly property real least: (rows + 1) * Theme.mm(Theme.large ? 48 : Theme.low ? 36 : 70) + rows * Theme.gap

    signal picked(string name)

    ServiceTile {
        visible: tiles.first !== null
        width: parent.width
        height: tiles.lead
        alone: tiles.alone
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
            x: (index % tiles.across) * (width + Theme.gap)
            y: (tiles.first === null ? 0 : tiles.lead + Theme.gap) + Math.floor(index / tiles.across) * (height + Theme.gap)
            width: (tiles.width - (tiles.across - 1) * Theme.gap) / tiles.across
            height: Math.min(tiles.each, Theme.mm(130))
            onTapped: tiles.picked(modelData.name)
        }
    }
}
