pragma ComponentBehavior: Bound

import QtQuick
import PostKiosk

// What must not be sent, as large pictures with their names below, three in a row. Information, not for touch.
Item {
    id: sheet

    property var items: [] // message ids
    property var icons: ({})
    property bool stretch: true
    readonly property int across: 3
    readonly property int rows: Math.max(1, Math.ceil(items.length / across))
    readonly property real least: rows * (Theme.mm(34) + 2 * Theme.latinPx * 1.3) + (rows - 1) * Theme.gap
    readonly property real cellWidth: (width - (across - 1) * Theme.gap) / across
    readonly property real cellHeight: (height - (rows - 1) * Theme.gap) / rows

    implicitHeight: least

    Repeater {
        model: sheet.items

        Item {
            id: cell

            required property string modelData
            required property int index

            x: (index % sheet.across) * (sheet.cellWidth + Theme.gap)
            y: Math.floor(index / sheet.across) * (sheet.cellHeight + Theme.gap)
            width: sheet.cellWidth
            height: sheet.cellHeight
            Accessible.role: Accessible.StaticText
            Accessible.name: name.text

            Icon {
                id: mark

                name: sheet.icons[cell.modelData] ?? ""
                size: Math.min(parent.height - name.height - Theme.half, parent.width * 0.66, Theme.mm(56))
                anchors.horizontalCenter: parent.horizontalCenter
                y: (parent.height - height - name.height - Theme.half) / 2
            }

            BodyText {
                id: name

                anchors.top: mark.bottom
                anchors.topMargin: Theme.half
                width: parent.width
                horizontalAlignment: Text.AlignHCenter
                text: Words.say(cell.modelData, {})
                bold: true
                Accessible.ignored: true
            }
        }
    }
}
