import QtQuick

// The question of a screen and one soft line below it, as large as two lines allow.
Item {
    id: head

    property string text
    property string hint
    property bool done: false
    readonly property real indent: done ? sign.width + Theme.half : 0
    property bool compact: false // title size: there is much to touch
    readonly property bool tooLong: compact || probe.lineCount > 2 || probe.contentWidth > probe.width

    implicitHeight: line.height + (hint === "" ? 0 : soft.height + Theme.mm(2))

    DisplayText {
        id: probe

        visible: false
        width: head.width - (head.done ? Theme.displayPx + Theme.half : 0)
        text: line.text
    }

    Icon {
        id: sign

        visible: head.done
        name: "done"
        size: line.px
        y: (line.lineHeight - height) / 2
    }

    DisplayText {
        id: line

        x: head.indent
        width: head.width - head.indent
        text: Theme.large ? head.text.replace(/\n/g, " ") : head.text
        px: head.tooLong ? Theme.titlePx : Theme.displayPx
        Accessible.role: Accessible.Heading
    }

    BodyText {
        id: soft

        visible: head.hint !== ""
        anchors.top: line.bottom
        anchors.topMargin: Theme.mm(2)
        width: head.width
        text: head.hint
        soft: true
    }
}
