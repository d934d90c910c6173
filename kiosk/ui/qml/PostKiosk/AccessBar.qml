pragma ComponentBehavior: Bound
import QtQuick

// Ways to see and hear better, the language, and the staff call: on every screen.
Item {
    id: bar

    property bool dense: false // the screen needs the room: fold
    readonly property bool folded: Theme.large || (Theme.low && dense)
    readonly property bool rows: Theme.low && !folded
    readonly property string other: Link.languages.length === 2 ? Link.languages.find(tag => tag !== Link.language) ?? "" : ""
    readonly property var modes: [
        { "mode": "large", "icon": "big-text", "on": Theme.large },
        { "mode": "contrast", "icon": "contrast", "on": Theme.contrast },
        { "mode": "low", "icon": "low-reach", "on": Theme.low },
        { "mode": "voice", "icon": "voice", "on": Theme.voice }
    ]

    signal sheet(string name) // "access", "language" or "staff"

    function speak(): void {
        if (Theme.voice)
            bar.sheet("access");
        else
            Link.send("access", { "mode": "voice", "on": true });
    }

    function tongue(): void {
        if (bar.other !== "")
            Link.send("language", { "tag": bar.other });
        else
            bar.sheet("language");
    }

    implicitHeight: folded ? (Theme.low ? Theme.mm(46) : Theme.mm(88)) : rows ? Theme.mm(166) : Theme.mm(54.2)

    Rectangle {
        anchors.fill: parent
        color: Theme.edge

        Rectangle {
            width: parent.width
            height: Theme.hairline
            color: Theme.hair
        }
    }

    Loader {
        x: Theme.margin
        y: bar.folded && Theme.low ? Theme.mm(2.6) : Theme.mm(bar.folded || bar.rows ? 8 : 3)
        width: parent.width - 2 * x
        height: parent.height - y - Theme.mm(bar.folded && Theme.low ? 2.6 : bar.folded || bar.rows ? 8 : 3.4)
        sourceComponent: bar.folded ? two : bar.rows ? low : line
    }

    Component {
        id: line

        Row {
            id: cells

            readonly property real room: (width - staff.width - Array.prototype.reduce.call(visibleChildren, (sum, cell) => sum + (cell === staff || cell.modelData === undefined && cell !== tongue ? 0 : cell.width), 0)) / 5

            spacing: Math.max(Theme.cellGap, room)

            Repeater {
                model: bar.modes

                AccessCell {
                    required property var modelData

                    objectName: "access-" + modelData.mode
                    height: cells.height
                    icon: modelData.icon
                    text: Words.say("access." + modelData.mode, {})
                    label: Words.say(modelData.on ? "access.off" : "access.on", { "what": text })
                    selected: modelData.on
                    onTapped: modelData.mode === "voice" ? bar.speak() : Link.send("access", { "mode": modelData.mode, "on": !modelData.on })
                }
            }

            AccessCell {
                id: tongue

                objectName: "access-language"
                height: cells.height
                icon: "globe"
                text: bar.other === "" ? Words.say("access.language", {}) : Words.tongue(bar.other)
                onTapped: bar.tongue()
            }

            AccessCell {
                id: staff

                objectName: "call-staff"
                height: cells.height
                icon: "bell"
                plate: true
                bold: true
                text: Words.say("staff.cell." + Link.staffCell, {})
                label: Words.say("staff.call", {})
                onTapped: bar.sheet("staff")
            }
        }
    }

    Component {
        id: two

        Row {
            spacing: Theme.gap

            AccessCell {
                objectName: "access-more"
                width: (parent.width - Theme.gap) / 2
                height: parent.height
                icon: "big-text"
                plate: true
                row: Theme.low
                text: Words.say("access.more", {})
                onTapped: bar.sheet("access")
            }

            AccessCell {
                objectName: "call-staff"
                width: (parent.width - Theme.gap) / 2
                height: parent.height
                icon: "bell"
                plate: true
                bold: true
                row: Theme.low
                text: Words.say("staff.cell." + Link.staffCell, {})
                label: Words.say("staff.call", {})
                onTapped: bar.sheet("staff")
            }
        }
    }

    Component {
        id: low

        Item {
            id: plane

            readonly property real high: (height - 2 * Theme.half * 1.5) / 3
            readonly property real third: (width - 2 * Theme.gap) / 3

            function at(index: int): rect { // the three rows of the low screen: staff, three modes, language and the way out
                const y = (plane.high + Theme.half * 1.5);
                return index < 2 ? Qt.rect(index * (plane.third + Theme.gap), y, plane.third, plane.high) : index === 3 ? Qt.rect(2 * (plane.third + Theme.gap), y, plane.third, plane.high) : Qt.rect(plane.third + Theme.gap, 2 * y, plane.width - plane.third - Theme.gap, plane.high);
            }

            AccessCell {
                objectName: "call-staff"
                width: plane.width
                height: plane.high
                icon: "bell"
                plate: true
                bold: true
                row: true
                px: Theme.titlePx * 0.9
                text: Words.say("staff.cell." + Link.staffCell, {})
                label: Words.say("staff.call", {})
                onTapped: bar.sheet("staff")
            }

            Repeater {
                model: bar.modes

                AccessCell {
                    required property var modelData
                    required property int index
                    readonly property rect place: plane.at(index)

                    objectName: "access-" + modelData.mode
                    x: place.x
                    y: place.y
                    width: place.width
                    height: place.height
                    row: true
                    plate: true
                    icon: modelData.icon
                    text: modelData.mode === "low" ? Words.say("access.off", { "what": Words.say("access.low", {}) }) : Words.say("access." + modelData.mode, {})
                    selected: modelData.on
                    onTapped: modelData.mode === "voice" ? bar.speak() : Link.send("access", { "mode": modelData.mode, "on": !modelData.on })
                }
            }

            AccessCell {
                objectName: "access-language"
                y: plane.at(2).y
                width: plane.third
                height: plane.high
                row: true
                plate: true
                icon: "globe"
                text: bar.other === "" ? Words.say("access.language", {}) : Words.tongue(bar.other)
                onTapped: bar.tongue()
            }
        }
    }
}
