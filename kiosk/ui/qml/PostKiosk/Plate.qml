import QtQuick

// White plate with a border: this can be touched.
Touchable {
    id: plate

    property color fill: Theme.surface
    property color fillDown: Theme.pressed
    property color outline: selected ? Theme.ink : Theme.line
    property real outlineWidth: selected ? Theme.strong : Theme.border

    Rectangle {
        anchors.fill: parent
        z: -1
        radius: plate.radius
        color: plate.down ? plate.fillDown : plate.fill
        border.color: plate.outline
        border.width: plate.outlineWidth

        Behavior on color {
            ColorAnimation {
                duration: Theme.pressTone
            }
        }
    }
}
