import QtQuick

// One fact: icon, what it is, its value, a detail; an action to change it where there is one.
Item {
    id: row

    property string icon
    property string label
    property string value
    property string detail
    property string action
    property bool personal: false
    property bool last: false
    readonly property bool touchable: action !== "" && !Theme.low

    signal acted

    implicitHeight: Math.max(words.height, change.visible ? change.height : 0, mark.visible ? mark.height : 0) + Theme.half

    Icon {
        id: mark

        visible: row.icon !== "" && !Theme.large
        name: row.icon
        width: visible ? size : 0
        anchors.verticalCenter: words.verticalCenter
    }

    Lines {
        id: words

        y: Theme.mm(1)
        x: mark.visible ? mark.width + Theme.gap : 0
        width: row.width - x - (change.visible ? change.width + Theme.half : 0)
        height: implicitHeight
        label: row.label
        title: row.value
        body: row.detail
        told: true
    }

    QuietButton {
        id: change

        visible: row.touchable
        small: true
        anchors.right: parent.right
        anchors.verticalCenter: words.verticalCenter
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
