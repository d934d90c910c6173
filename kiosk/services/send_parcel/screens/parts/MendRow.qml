import QtQuick
import PostKiosk

// One line of the slip: what it is and its detail softly above, its value large, mending at the right.
Item {
    id: row

    property string icon
    property string label
    property string value
    property string detail
    property string action
    property bool last: false

    signal acted

    implicitHeight: Math.max(words.height, change.height) + Theme.mm(2)
    height: implicitHeight

    Icon {
        id: mark

        name: row.icon
        y: (words.height - height) / 2
    }

    Column {
        id: words

        x: mark.width + Theme.gap
        width: row.width - x - (change.visible ? change.width + Theme.half : 0)
        y: (row.height - Theme.mm(2) - height) / 2

        Item {
            visible: row.detail !== ""
            width: parent.width
            implicitHeight: Math.max(what.implicitHeight, more.implicitHeight)

            BodyText {
                id: what

                visible: implicitWidth + more.implicitWidth <= parent.width
                anchors.baseline: more.baseline
                text: row.label + " · "
                soft: true
                wrapMode: Text.NoWrap
            }

            BodyText {
                id: more

                x: what.visible ? what.implicitWidth : 0
                width: parent.width - x
                text: row.detail
                soft: true
                wrapMode: Text.NoWrap
                elide: Text.ElideRight
            }
        }

        TitleText {
            id: fact

            readonly property real least: Theme.bodyFor(text)
            readonly property real fitting: px * Math.min(1, width / Math.max(1, probe.implicitWidth))

            width: parent.width
            text: row.value
            font.pixelSize: Math.floor(Math.max(least, fitting)) // a long value is written smaller, then in two lines
            wrapMode: fitting < least ? Text.WordWrap : Text.NoWrap
            maximumLineCount: 2
            elide: Text.ElideRight
            Accessible.name: row.label + " " + row.value
        }
    }

    TitleText {
        id: probe

        visible: false
        text: row.value
        wrapMode: Text.NoWrap
    }

    QuietButton {
        id: change

        visible: row.action !== ""
        small: true
        anchors.right: parent.right
        y: (row.height - Theme.mm(2) - height) / 2
        width: oneLine
        height: implicitHeight
        text: row.action
        label: row.action + ", " + row.label
        onTapped: row.acted()
    }

    Rectangle {
        visible: !row.last
        anchors.bottom: parent.bottom
        width: parent.width
        height: Theme.hairline
        color: Theme.hair
    }
}
