pragma ComponentBehavior: Bound
import QtQuick
import PostKiosk

// One fact of several products: its name, then one line for each product.
Item {
    id: row

    property string label
    property var names: []
    property var cells: []
    property bool last: false
    readonly property real half: (width - Theme.gap) / 2

    implicitHeight: head.height + lines.height + Theme.half
    Accessible.role: Accessible.StaticText
    Accessible.name: label + ": " + names.map((name, at) => name + " " + (cells[at] ?? "")).join(", ")

    BodyText {
        id: head

        width: row.width
        text: row.label
        bold: true
        Accessible.ignored: true
    }

    Column {
        id: lines

        anchors.top: head.bottom
        width: row.width

        Repeater {
            model: row.names

            Item {
                id: line

                required property string modelData
                required property int index

                width: lines.width
                height: Math.max(name.height, cell.height)

                BodyText {
                    id: name

                    width: row.half
                    text: line.modelData
                    soft: true
                    Accessible.ignored: true
                }

                BodyText {
                    id: cell

                    x: row.half + Theme.gap
                    width: row.half
                    text: row.cells[line.index] ?? ""
                    Accessible.ignored: true
                }
            }
        }
    }

    Rectangle {
        visible: !row.last
        anchors.bottom: parent.bottom
        width: parent.width
        height: Theme.hairline
        color: Theme.hair
    }
}
