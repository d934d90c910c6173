import QtQuick

// One cell of the access bar: a pictogram above its word. A plate only where it is on, or calls staff.
Touchable {
    id: cell

    property string icon
    property string text
    property bool plate: false
    property bool bold: false
    property bool row: false // pictogram beside the word
    property real px: Theme.bodyFor(text)
    readonly property real natural: row ? mark.width + Theme.half + caption.implicitWidth + 2 * Theme.half : Math.max(mark.width, caption.implicitWidth) + Theme.mm(plate || selected ? 9 : 1)

    label: text
    radius: Theme.mm(6)
    implicitWidth: Math.max(Theme.leastTarget, natural)

    Rectangle {
        anchors.fill: parent
        z: -1
        visible: cell.plate || cell.selected || cell.down
        radius: cell.radius
        color: cell.down ? Theme.pressed : Theme.surface
        border.color: cell.selected || cell.bold ? Theme.ink : Theme.line
        border.width: cell.selected ? Theme.strong : Theme.border
    }

    Icon {
        id: mark

        name: cell.icon
        size: cell.row ? cell.px * 1.1 : Math.max(0, Math.min(cell.px * 1.12, cell.height - caption.height - Theme.mm(4)))
        x: cell.row ? (cell.width - width - Theme.half - caption.implicitWidth) / 2 : (cell.width - width) / 2
        y: cell.row ? (cell.height - height) / 2 : (cell.height - height - caption.height - (Theme.large ? 0 : Theme.mm(2))) / 2
    }

    BodyText {
        id: caption

        text: cell.text
        px: cell.px
        bold: cell.bold
        wrapMode: Text.NoWrap
        x: cell.row ? mark.x + mark.width + Theme.half : (cell.width - width) / 2
        y: cell.row ? (cell.height - height) / 2 : mark.y + mark.height + (Theme.large ? 0 : Theme.mm(2))
        Accessible.ignored: true
    }
}
