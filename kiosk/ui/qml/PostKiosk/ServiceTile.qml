import QtQuick

// One service. A service that cannot be had is information, not a plate.
Plate {
    id: tile

    property var service: null
    property bool main: false
    readonly property var icons: ({
            send_parcel: "box",
            identity: "card",
            resident_check: "certificate",
            bank: "bank"
        })
    readonly property bool there: service?.available === true
    readonly property string name: service?.name ?? ""
    readonly property color over: main ? Theme.accentInk : Theme.ink
    property bool alone: false
    property bool tall: false // the only service: words above, its picture below
    readonly property bool flat: !tall && !alone && (Theme.large || Theme.low || height < Theme.mm(80))

    objectName: "service-" + name
    enabled: there
    label: title.text.replace(/\n/g, " ") + (detail.text === "" ? "" : ", " + detail.text.replace(/\n/g, " "))
    fill: main ? Theme.accent : there ? Theme.surface : "transparent"
    fillDown: main ? Theme.accentDown : Theme.pressed
    outlineWidth: main || !there ? 0 : Theme.border

    Rectangle {
        id: stage

        readonly property bool framed: tile.main && (Theme.contrast || tile.flat)

        visible: tile.main || tile.flat
        color: framed ? Theme.wall : "transparent"
        radius: Theme.keyRadius
        width: tile.tall ? tile.width - 2 * Theme.half : tile.flat ? height : tile.width * 0.46
        height: tile.tall ? tile.height - y - Theme.half : tile.height - 2 * Theme.half
        x: tile.flat || tile.tall ? Theme.half : tile.width - width - Theme.half
        y: tile.tall ? words.y + words.height + Theme.gap : Theme.half

        Drawing {
            anchors.fill: parent
            anchors.margins: Theme.half
            name: tile.name === "" ? "" : tile.main && !tile.flat ? "home-parcel" : tile.icons[tile.name] ?? "envelope"
            contrast: Theme.contrast
            align: "center"
        }
    }

    Column {
        id: words

        x: tile.flat ? stage.x + stage.width + Theme.gap : Theme.mm(14)
        width: (tile.flat || tile.tall ? tile.width - Theme.half : tile.main ? stage.x : tile.width) - x - Theme.half
        y: tile.tall ? Theme.mm(12) : (tile.height - height) / 2
        spacing: Theme.mm(2)

        DisplayText {
            id: title

            width: parent.width
            text: tile.name === "" ? "" : Theme.large || tile.flat ? Words.say("home." + tile.name, {}).replace(/\n/g, " ") : Words.say("home." + tile.name, {})
            px: Theme.large ? Theme.titlePx : Theme.displayPx
            color: tile.over
            Accessible.ignored: true
        }

        BodyText {
            id: detail

            visible: !Theme.large
            width: parent.width
            text: tile.name === "" ? "" : tile.there ? Words.say("home." + tile.name + ".detail", {}) : Words.say("home.unavailable", {})
            color: tile.over
            Accessible.ignored: true
        }
    }
}
