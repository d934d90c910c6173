pragma ComponentBehavior: Bound

import QtQuick
import PostKiosk
import "."

// Plates of equal size with a word each, as many abreast as fit.
Item {
    id: keys

    property var model: [] // [{"key", "text", "label"}]
    property int most: 4 // abreast
    property bool held: true // they can be pressed
    readonly property int abreast: Math.max(1, Math.min(Theme.large ? Math.min(2, most) : most, model.length))
    readonly property real wide: (width - (abreast - 1) * Theme.half) / abreast
    readonly property real high: Math.max(Theme.mm(Theme.low ? 21 : 30), tallest())

    signal picked(var key)

    function tallest(): real {
        let found = 0;
        for (let i = 0; i < plates.count; i++)
            found = Math.max(found, (plates.itemAt(i) as Plate)?.implicitHeight ?? 0);
        return found;
    }

    implicitHeight: model.length === 0 ? 0 : Math.ceil(model.length / abreast) * (high + Theme.half) - Theme.half

    Repeater {
        id: plates

        model: keys.model.length

        Plate {
            id: plate

            required property int index
            readonly property var entry: keys.model[index] ?? ({})

            objectName: "key-" + (entry.key ?? "")
            label: entry.label ?? entry.text ?? ""
            x: (index % keys.abreast) * (keys.wide + Theme.half)
            y: Math.floor(index / keys.abreast) * (keys.high + Theme.half)
            width: keys.wide
            height: keys.high
            implicitHeight: word.implicitHeight + Theme.mm(6)
            onTapped: keys.picked(entry.key)

            StaffText {
                id: word

                anchors.verticalCenter: parent.verticalCenter
                x: Theme.half
                width: parent.width - 2 * x
                horizontalAlignment: Text.AlignHCenter
                text: plate.entry.text ?? ""
                lead: true
                Accessible.ignored: true
            }
        }
    }
}
