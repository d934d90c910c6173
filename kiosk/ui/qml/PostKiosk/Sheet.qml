import QtQuick

// A sheet of the counter that comes up over the page. What lies under it rests.
FocusScope {
    id: sheet

    property string title
    default property alias blocks: body.blocks
    property alias hands: below.blocks
    readonly property real crown: Theme.mm(Theme.large ? 8 : 40)

    signal closed

    Accessible.role: Accessible.Dialog
    Accessible.name: title

    MouseArea {
        anchors.fill: parent
        Accessible.ignored: true
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.counter
    }

    DisplayText {
        id: head

        x: Theme.margin
        y: sheet.crown
        width: parent.width - 2 * x
        text: sheet.title
        px: Theme.large ? Theme.titlePx : Theme.displayPx
        Accessible.role: Accessible.Heading
    }

    Blocks {
        id: body

        x: Theme.margin
        y: head.y + head.height + Theme.gap
        width: parent.width - 2 * x
        height: below.y - y - Theme.gap
    }

    Blocks {
        id: below

        x: Theme.margin
        width: parent.width - 2 * x
        height: least
        spacing: Theme.low && Theme.large ? Theme.mm(3) : Theme.half
        y: parent.height - height - Theme.gap
    }

    Connections {
        target: Link
        enabled: sheet.visible

        function onEscaped(): void {
            sheet.closed();
        }
    }
}
