import QtQuick
import PostKiosk

// A white field that a finger writes on. Strokes are texts "x,y x,y …" in tenths of a millimetre.
Item {
    id: glass

    property string label
    property var strokes: []
    property var line: []
    property bool stretch: true
    readonly property real least: Theme.mm(Theme.low ? 50 : 70)
    readonly property real ruleAt: 0

    function clear(): void {
        glass.strokes = [];
        glass.line = [];
        ink.requestPaint();
    }

    // A point of the finger, kept on the glass.
    function at(x: real, y: real): string {
        const across = Math.max(0, Math.min(2400, Math.round(x / Theme.mm(0.1))));
        const down = Math.max(0, Math.min(1000, Math.round(y / Theme.mm(0.1))));
        return across + "," + down;
    }

    function add(x: real, y: real): void {
        const point = glass.at(x, y);
        if (glass.line.length < 200 && glass.line[glass.line.length - 1] !== point)
            glass.line = glass.line.concat([point]);
        ink.requestPaint();
    }

    function lift(): void {
        if (glass.line.length > 1 && glass.strokes.length < 60)
            glass.strokes = glass.strokes.concat([glass.line.join(" ")]);
        glass.line = [];
    }

    objectName: "glass"
    implicitHeight: Math.min(Theme.mm(100), least * 1.5)
    Accessible.role: Accessible.Graphic
    Accessible.name: label

    Rectangle {
        anchors.fill: parent
        radius: Theme.radius
        color: Theme.surface
        border.color: Theme.line
        border.width: Theme.border
    }

    BodyText {
        visible: glass.strokes.length === 0 && glass.line.length === 0
        x: Theme.gap
        width: parent.width - 2 * x
        anchors.verticalCenter: parent.verticalCenter
        text: glass.label
        soft: true
        Accessible.ignored: true
    }

    Canvas {
        id: ink

        anchors.fill: parent
        onPaint: {
            const pen = getContext("2d");
            pen.reset();
            pen.strokeStyle = Theme.ink;
            pen.lineWidth = Theme.mm(0.9);
            pen.lineCap = "round";
            for (const stroke of glass.strokes.map(each => each.split(" ")).concat([glass.line])) {
                pen.beginPath();
                for (const point of stroke) {
                    const place = point.split(",").map(each => Number(each) * Theme.mm(0.1));
                    pen.lineTo(place[0], place[1]);
                }
                pen.stroke();
            }
        }
    }

    MouseArea {
        anchors.fill: parent
        preventStealing: true
        onPressed: mouse => glass.add(mouse.x, mouse.y)
        onPositionChanged: mouse => glass.add(mouse.x, mouse.y)
        onReleased: glass.lift()
    }
}
