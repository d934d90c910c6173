import QtQuick
import QtQuick.Shapes

// A sheet with three straight edges and a torn one.
Shape {
    id: sheet

    property real tooth: 13
    property color fill: "white"
    property color line: "black"
    property real lineWidth: 4
    readonly property int teeth: Math.max(2, Math.round(width / (tooth * 2)))

    function outline(): var {
        const inset = lineWidth / 2, right = width - inset, bottom = height - inset;
        const points = [Qt.point(inset, bottom), Qt.point(inset, inset), Qt.point(right, inset), Qt.point(right, bottom)];
        const step = (right - inset) / teeth;
        for (let i = 0; tooth > 0 && i < teeth; i++) {
            points.push(Qt.point(right - (i + 0.5) * step, bottom - tooth));
            points.push(Qt.point(right - (i + 1) * step, bottom));
        }
        points.push(points[0]);
        return points;
    }

    ShapePath {
        fillColor: sheet.fill
        strokeColor: sheet.line
        strokeWidth: sheet.lineWidth
        joinStyle: ShapePath.MiterJoin

        PathPolyline {
            path: sheet.width > 0 && sheet.height > 0 ? sheet.outline() : []
        }
    }
}
