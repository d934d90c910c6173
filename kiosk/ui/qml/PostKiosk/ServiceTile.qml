import QtQuick

// One service: picture, name, what it does. One that cannot be had is information with its reason, not a plate.
Plate {
    id: tile

    property var service: null
    property bool main: false // the red plate
    property bool tall: false // the only service: words above, its picture below
    readonly property var icons: ({
            send_parcel: "box",
            identity: "id-card",
            resident_check: "certificate",
            bank: "bank"
        })
    readonly property bool there: service?.available === true
    readonly property string name: service?.name ?? ""
    readonly property color over: main ? Theme.accentInk : Theme.ink
    readonly property bool flat: !tall && (Theme.large || Theme.low || height < Theme.mm(80) || (!main && width > Theme.mm(200))) // picture left of the words
    readonly property bool scene: main && !flat && name === "send_parcel"
    readonly property real edge: Theme.mm(14)
    readonly property real brim: main || height > Theme.mm(130) ? edge : Theme.mm(9) // above and below, where there is less room

    // Why it cannot be had now.
    function why(): string {
        const text = Words.say("home.unavailable", { "device": Words.say("device." + (tile.service?.reason ?? ""), {}) });
        return tile.flat ? text.replace(/\n/g, " ") : text;
    }

    // Its words, broken where the large picture leaves them a narrow column.
    function say(id: string): string {
        const text = tile.name === "" ? "" : Words.say(id, {});
        return tile.scene || tile.tall ? text : text.replace(/\n/g, " ");
    }

    objectName: "service-" + name
    enabled: there
    label: [title.text, detail.text].filter(text => text !== "").join(", ").replace(/\n/g, " ")
    fill: main ? Theme.accent : there ? Theme.surface : "transparent"
    fillDown: main ? Theme.accentDown : Theme.pressed
    outlineWidth: main || !there ? 0 : Theme.border

    Rectangle {
        id: stage

        readonly property bool framed: tile.main && (Theme.contrast || !tile.scene)

        color: framed ? Theme.wall : "transparent"
        radius: Theme.keyRadius
        width: tile.tall ? tile.width - 2 * Theme.half : tile.flat ? Math.min(tile.height - 2 * Theme.half, Theme.mm(Theme.large ? 44 : 60)) : tile.main ? tile.width * (tile.scene ? 0.46 : 0.34) : Theme.mm(50)
        height: tile.tall ? tile.height - y - Theme.half : tile.main || tile.flat ? tile.height - 2 * Theme.half : Math.min(width, tile.height - words.height - 2 * tile.brim - Theme.half)
        x: tile.flat || tile.tall ? Theme.half : tile.main ? tile.width - width - Theme.half : tile.edge
        y: tile.tall ? words.y + words.height + Theme.gap : tile.main || tile.flat ? Theme.half : tile.brim

        Drawing {
            anchors.fill: parent
            anchors.margins: tile.main && !tile.scene && !tile.flat ? Theme.mm(14) : tile.main || tile.flat ? Theme.half : 0
            name: tile.name === "" ? "" : tile.scene ? "home-parcel" : tile.icons[tile.name] ?? "envelope"
            contrast: Theme.contrast
            align: tile.main || tile.flat ? "center" : "left"
        }
    }

    Column {
        id: words

        x: tile.flat ? stage.x + stage.width + Theme.gap : tile.edge
        width: (tile.main && !tile.flat && !tile.tall ? stage.x : tile.width) - x - (tile.main && !tile.scene ? Theme.gap : Theme.half)
        y: tile.tall ? Theme.mm(12) : tile.main || tile.flat ? (tile.height - height) / 2 : tile.height - height - tile.brim
        spacing: Theme.mm(2)

        DisplayText {
            id: title

            width: parent.width
            text: tile.flat && probe.implicitWidth > width ? tile.say("short." + tile.name) : tile.say("home." + tile.name)
            px: Theme.large || tile.flat || !tile.main ? Theme.titlePx : Theme.displayPx
            color: tile.over
            Accessible.ignored: true
        }

        BodyText {
            id: detail

            visible: text !== ""
            width: parent.width
            text: tile.name === "" ? "" : tile.there ? (Theme.large || tile.height < Theme.mm(52) ? "" : tile.say("home." + tile.name + ".detail")) : Theme.large ? tile.say("home.unavailable.short") : tile.why()
            color: tile.main ? Theme.accentInk : Theme.soft
            Accessible.ignored: true
        }
    }

    DisplayText {
        id: probe

        visible: false
        text: tile.say("home." + tile.name)
        px: title.px
        wrapMode: Text.NoWrap
    }
}
