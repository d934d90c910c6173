import QtQuick
import QtQuick.Shapes
import PostKiosk

// A parcel in isometric projection, its three sides in true proportion, each size at the edge it measures.
Item {
    id: root

    property real lengthMm: 0
    property real widthMm: 0
    property real heightMm: 0
    property bool stretch: true
    property real least: Theme.mm(Theme.large ? 150 : Theme.low ? 64 : 90)
    readonly property real c: 0.8660254 // cos 30°
    readonly property real off: Theme.half * 1.7 // from an edge to its dimension line
    readonly property real gap: Theme.half // from a dimension line to its number
    readonly property real scale_: fitting()
    readonly property var box: bounds(scale_)
    readonly property point front: Qt.point((width - box.right - box.left) / 2, height - box.bottom) // lowest corner
    readonly property real l: lengthMm * scale_
    readonly property real w: widthMm * scale_
    readonly property real h: heightMm * scale_
    readonly property color lid: Theme.contrast ? "#454545" : "#F0DBB8"
    readonly property color nearSide: Theme.contrast ? "#2B2B2B" : "#DDBD8B"
    readonly property color farSide: Theme.contrast ? "#141414" : "#C39C66"
    readonly property color tape: Theme.contrast ? "#000000" : "#B98A52"
    readonly property color tapeEnd: Theme.contrast ? "#000000" : "#A5773F"

    // A point of the box: along the right edge, along the left edge and upward, in pixels from the front corner.
    function at(along: real, aside: real, up: real): point {
        return Qt.point(front.x + (along - aside) * c, front.y - (along + aside) / 2 - up);
    }

    // How far drawing and numbers reach from the front corner at this scale (pixels per mm); y grows downward.
    function bounds(s: real): var {
        const l = lengthMm * s, w = widthMm * s, h = heightMm * s;
        const below = 0.866 * (off + gap);
        const leftEnd = Math.max(w * c + off + gap + tall.width, w * c / 2 + 0.5 * (off + gap) + wide.width);
        const rightEnd = Math.max(l * c, l * c / 2 + 0.5 * (off + gap) + longest.width);
        const bottom = Math.max(0.866 * off, below + wide.height - w / 4, below + longest.height - l / 4);
        return { "left": -leftEnd, "right": rightEnd, "top": -(l + w) / 2 - h, "bottom": bottom };
    }

    // The largest scale at which everything still lies inside this item.
    function fitting(): real {
        let low = 0, high = 8;
        for (let i = 0; i < 24; i++) {
            const s = (low + high) / 2, reach = bounds(s);
            if (reach.right - reach.left > width || reach.bottom - reach.top > height)
                high = s;
            else
                low = s;
        }
        return low;
    }

    implicitHeight: least
    Accessible.role: Accessible.Graphic
    Accessible.name: [longest.text, wide.text, tall.text].join(" × ")

    component Face: Shape {
        id: face

        property var points: []
        property color fill
        property real stroke: Theme.mm(1.7)

        anchors.fill: parent
        preferredRendererType: Shape.GeometryRenderer

        ShapePath {
            fillColor: face.fill
            strokeColor: Theme.ink
            strokeWidth: face.stroke
            joinStyle: ShapePath.RoundJoin

            PathPolyline {
                path: face.points
            }
        }
    }

    // A line with a head at either end, in the machine's blue.
    component Dimension: Shape {
        id: dimension

        property point from
        property point to
        readonly property real span: Math.max(1, Math.hypot(to.x - from.x, to.y - from.y))
        readonly property real head: Math.min(Theme.mm(7), span * 0.4)
        readonly property real dx: (to.x - from.x) / span
        readonly property real dy: (to.y - from.y) / span

        function arrow(tip: point, sign: real): var {
            const x = tip.x + sign * dx * head, y = tip.y + sign * dy * head, side = head * 0.5;
            return [tip, Qt.point(x - dy * side, y + dx * side), Qt.point(x + dy * side, y - dx * side), tip];
        }

        anchors.fill: parent
        preferredRendererType: Shape.GeometryRenderer

        ShapePath {
            fillColor: "transparent"
            strokeColor: Theme.info
            strokeWidth: Theme.mm(1.7)
            startX: dimension.from.x + dimension.dx * dimension.head / 2
            startY: dimension.from.y + dimension.dy * dimension.head / 2

            PathLine {
                x: dimension.to.x - dimension.dx * dimension.head / 2
                y: dimension.to.y - dimension.dy * dimension.head / 2
            }
        }

        ShapePath {
            fillColor: Theme.info
            strokeColor: "transparent"

            PathPolyline {
                path: dimension.arrow(dimension.from, 1)
            }
        }

        ShapePath {
            fillColor: Theme.info
            strokeColor: "transparent"

            PathPolyline {
                path: dimension.arrow(dimension.to, -1)
            }
        }
    }

    // Whole centimetres, large, the unit small beside it.
    component Centimetres: Row {
        id: centimetres

        property real mm: 0
        readonly property string text: value.text + " cm"

        spacing: Theme.mm(1.5)

        DisplayText {
            id: value

            px: Theme.large ? Theme.titlePx : Theme.displayPx
            text: Math.max(1, Math.round(centimetres.mm / 10))
            Accessible.ignored: true
        }

        TitleText {
            anchors.baseline: value.baseline
            text: "cm"
            px: Theme.large ? Theme.latinPx : Theme.titlePx
            color: Theme.soft
            Accessible.ignored: true
        }
    }

    Face {
        fill: root.nearSide
        points: [root.at(0, 0, 0), root.at(0, root.w, 0), root.at(0, root.w, root.h), root.at(0, 0, root.h), root.at(0, 0, 0)]
    }

    Face {
        fill: root.farSide
        points: [root.at(0, 0, 0), root.at(root.l, 0, 0), root.at(root.l, 0, root.h), root.at(0, 0, root.h), root.at(0, 0, 0)]
    }

    Face {
        fill: root.lid
        points: [root.at(0, 0, root.h), root.at(root.l, 0, root.h), root.at(root.l, root.w, root.h), root.at(0, root.w, root.h), root.at(0, 0, root.h)]
    }

    Face {
        readonly property real from: root.l * 0.45
        readonly property real to: root.l * 0.55

        fill: root.tape
        stroke: Theme.mm(1)
        points: [root.at(from, 0, root.h), root.at(to, 0, root.h), root.at(to, root.w, root.h), root.at(from, root.w, root.h), root.at(from, 0, root.h)]
    }

    Face {
        readonly property real from: root.l * 0.45
        readonly property real to: root.l * 0.55
        readonly property real down: Math.max(0, root.h - Math.min(root.h * 0.35, root.l * 0.16))

        fill: root.tapeEnd
        stroke: Theme.mm(1)
        points: [root.at(from, 0, root.h), root.at(to, 0, root.h), root.at(to, 0, down), root.at(from, 0, down), root.at(from, 0, root.h)]
    }

    Dimension {
        from: Qt.point(root.front.x + 0.5 * root.off, root.front.y + 0.866 * root.off)
        to: Qt.point(from.x + root.l * root.c, from.y - root.l / 2)
    }

    Dimension {
        from: Qt.point(root.front.x - 0.5 * root.off, root.front.y + 0.866 * root.off)
        to: Qt.point(from.x - root.w * root.c, from.y - root.w / 2)
    }

    Dimension {
        from: Qt.point(root.front.x - root.w * root.c - root.off, root.front.y - root.w / 2)
        to: Qt.point(from.x, from.y - root.h)
    }

    Centimetres {
        id: longest

        mm: root.lengthMm
        x: root.front.x + root.l * root.c / 2 + 0.5 * (root.off + root.gap)
        y: root.front.y - root.l / 4 + 0.866 * (root.off + root.gap)
    }

    Centimetres {
        id: wide

        mm: root.widthMm
        x: root.front.x - root.w * root.c / 2 - 0.5 * (root.off + root.gap) - width
        y: root.front.y - root.w / 4 + 0.866 * (root.off + root.gap)
    }

    Centimetres {
        id: tall

        mm: root.heightMm
        x: root.front.x - root.w * root.c - root.off - root.gap - width
        y: root.front.y - root.w / 2 - Math.max(root.h / 2 + height / 2, height)
    }
}
