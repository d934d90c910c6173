import QtQuick

// A small pictogram; the word beside it carries the name.
Item {
    id: icon

    property alias name: drawing.name
    property real size: Theme.icon

    implicitWidth: size
    implicitHeight: size
    Accessible.ignored: true

    Drawing {
        id: drawing

        anchors.fill: parent
        contrast: Theme.contrast
        align: "center"
    }
}
