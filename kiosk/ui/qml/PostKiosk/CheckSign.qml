import QtQuick
import QtQuick.Shapes

// A full circle with a check: this one is chosen.
Rectangle {
    id: sign

    radius: width / 2
    color: Theme.ink

    Shape {
        anchors.fill: parent

        ShapePath {
            strokeColor: Theme.surface
            strokeWidth: sign.width * 0.09
            fillColor: "transparent"
            capStyle: ShapePath.RoundCap
            joinStyle: ShapePath.RoundJoin

            PathPolyline {
                path: [Qt.point(sign.width * 0.28, sign.width * 0.52), Qt.point(sign.width * 0.44, sign.width * 0.67), Qt.point(sign.width * 0.73, sign.width * 0.36)]
            }
        }
    }
}
