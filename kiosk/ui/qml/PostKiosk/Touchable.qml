import QtQuick

// Everything that can be pressed: one name, one ring, touch and keypad alike.
Item {
    id: root

    property string label // accessible name, also spoken when the focus arrives
    property bool selected: false
    property bool personal: false // the name holds personal data
    property bool ringInside: false
    property real radius: Theme.radius
    readonly property bool down: area.pressed
    readonly property bool ringed: activeFocus && Link.keypad

    signal tapped

    function press(event: KeyEvent): void {
        event.accepted = true;
        if (!event.isAutoRepeat)
            root.tapped();
    }

    activeFocusOnTab: true
    z: ringed ? 1 : 0
    Accessible.role: Accessible.Button
    Accessible.name: label
    Accessible.focusable: true
    Accessible.selected: selected
    Accessible.onPressAction: root.tapped()
    Keys.onReturnPressed: event => root.press(event)
    Keys.onEnterPressed: event => root.press(event)
    Keys.onSpacePressed: event => root.press(event)

    MouseArea {
        id: area

        anchors.fill: parent
        Accessible.ignored: true
        onClicked: root.tapped()
    }

    Rectangle {
        readonly property real out: root.ringInside ? 0 : Theme.strong + Theme.border

        visible: root.ringed
        z: 10
        anchors.fill: parent
        anchors.margins: -out
        radius: root.radius + out
        color: "transparent"
        border.color: Theme.info
        border.width: Theme.strong
    }
}
