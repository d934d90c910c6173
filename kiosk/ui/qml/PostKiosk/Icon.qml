import QtQuick

// A small pictogram; the word beside it carries the name.
Item {
    id: icon

    property string name
    property real size: Theme.icon

    implicitWidth: size
    implicitHeight: size
    Accessible.ignored: true

    Image {
        anchors.fill: parent
        source: icon.name === "" || icon.width < 1 ? "" : "image://pictures/" + icon.name + (Theme.contrast ? "/dark" : "/light")
        sourceSize.width: Math.round(icon.size)
        fillMode: Image.PreserveAspectFit
    }
}
