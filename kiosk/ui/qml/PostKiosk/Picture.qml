pragma ComponentBehavior: Bound
import QtQuick

// A still life on the horizon, and the live picture beside it while there is one.
Item {
    id: picture

    property alias name: drawing.name
    property bool camera: false
    property bool stretch: true
    property real least: Theme.mm(Theme.large ? 60 : 80)
    readonly property bool live: camera && Link.preview
    readonly property real side: Theme.low || Theme.large ? 0.44 : 0.34

    implicitHeight: least

    Drawing {
        id: drawing

        height: parent.height
        contrast: Theme.contrast
        width: picture.live ? parent.width * (1 - picture.side) - Theme.gap : parent.width
    }

    Loader {
        active: picture.live
        anchors.right: parent.right
        width: parent.width * picture.side
        sourceComponent: CameraView {}
    }
}
