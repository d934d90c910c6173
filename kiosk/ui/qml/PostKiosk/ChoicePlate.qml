import QtQuick

// One choice: icon, title, a soft line, a figure at the right; the chosen one has a strong border and a check.
Plate {
    id: plate

    property string title
    property string detail
    property string trailing
    property string icon
    property bool flat: false // one line only, where room is scarce
    readonly property bool below: trailing !== "" && (Theme.large || trail.implicitWidth > width * 0.5)
    readonly property real edgeX: width - Theme.gap - (selected ? check.width + Theme.half : 0)

    readonly property real slot: Theme.large || Theme.low ? Theme.icon : Theme.mm(30) // room for the icon, which grows with the plate

    label: [title, trailing, detail].filter(part => part !== "").join(", ")
    implicitHeight: Math.max(words.height, mark.visible ? Theme.icon : 0) + (flat ? Theme.mm(1.5) : 2 * Theme.mm(4.5))

    Icon {
        id: mark

        visible: plate.icon !== ""
        name: plate.icon
        size: Math.max(Theme.icon, Math.min(plate.slot, plate.height * 0.46))
        x: Theme.gap + (plate.slot - width) / 2
        anchors.verticalCenter: parent.verticalCenter
    }

    Lines {
        id: words

        x: mark.visible ? Theme.gap * 2 + plate.slot : Theme.gap
        width: (plate.below || plate.trailing === "" ? plate.edgeX : trail.x - Theme.half) - x
        height: implicitHeight
        anchors.verticalCenter: parent.verticalCenter
        title: plate.below ? plate.title + "\n" + plate.trailing : plate.title
        body: plate.flat ? "" : plate.detail
        titlePx: plate.flat ? Theme.bodyFor(plate.title) : Theme.titlePx
    }

    TitleText {
        id: trail

        visible: plate.trailing !== "" && !plate.below
        x: plate.edgeX - width
        anchors.verticalCenter: parent.verticalCenter
        text: plate.trailing
        px: plate.flat ? Theme.bodyFor(text) : Theme.titlePx
        wrapMode: Text.NoWrap
        Accessible.ignored: true
    }

    CheckSign {
        id: check

        visible: plate.selected
        width: Theme.large ? Theme.mm(26) : Theme.mm(17)
        height: width
        x: plate.width - width - Theme.gap
        anchors.verticalCenter: parent.verticalCenter
    }
}
