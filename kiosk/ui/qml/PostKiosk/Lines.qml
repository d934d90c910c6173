import QtQuick

// Two or three texts under one another, placed at once: small, title, small.
Item {
    id: lines

    property string label // above
    property string title
    property string body // below
    property bool strong: false // the body in bold
    property bool softBody: true
    property real titlePx: Theme.titlePx
    property bool told: false // the lines tell themselves; else what holds them does

    readonly property real first: label === "" ? 0 : above.implicitHeight
    readonly property real second: title === "" ? 0 : head.implicitHeight

    implicitHeight: first + second + (body === "" ? 0 : below.implicitHeight)

    BodyText {
        id: above

        visible: text !== ""
        width: lines.width
        text: lines.label
        soft: true
        Accessible.ignored: !lines.told || text === ""
    }

    TitleText {
        id: head

        y: lines.first
        visible: text !== ""
        width: lines.width
        text: lines.title
        px: lines.titlePx
        Accessible.ignored: !lines.told || text === ""
    }

    BodyText {
        id: below

        y: lines.first + lines.second
        visible: text !== ""
        width: lines.width
        text: lines.body
        bold: lines.strong
        soft: lines.softBody
        Accessible.ignored: !lines.told || text === ""
    }
}
