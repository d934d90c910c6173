pragma Singleton
import QtQuick

// Tokens of the calm counter: millimetres, colour roles with their least contrast, type sizes, motion.
QtObject {
    id: theme

    property real pxPerMm: 3.21 // scene pixels per millimetre of the panel
    property int motion: 240 // ms of a page slide; 0 in tests
    readonly property bool large: Link.access.large === true
    readonly property bool contrast: Link.access.contrast === true
    readonly property bool low: Link.access.low === true
    readonly property bool voice: Link.access.voice === true
    readonly property int slide: large || contrast || low || voice ? 0 : motion
    readonly property int pressTone: slide > 0 ? 120 : 0

    readonly property real sceneWidth: 1080
    readonly property real sceneHeight: 1920
    readonly property real lowLine: Math.ceil(sceneHeight * 0.55) // low reach: every touch lies below it

    readonly property real margin: mm(16.2)
    readonly property real gap: mm(8)
    readonly property real half: mm(4)
    readonly property real keyGap: mm(3)
    readonly property real cellGap: mm(2.6)
    readonly property real leastTarget: mm(20.3)
    readonly property real action: large && !low ? mm(50) : low ? mm(36) : mm(44)
    readonly property real radius: mm(7)
    readonly property real keyRadius: mm(4.5)
    readonly property real border: mm(1.2)
    readonly property real strong: mm(2.5)
    readonly property real hairline: mm(0.9)
    readonly property real icon: mm(large ? 13 * zoom : 17)

    readonly property string family: "Pretendard"
    readonly property real zoom: !large ? 1 : low ? 1.5 : 2 // what must be touched within reach leaves less room
    readonly property real displayPx: Math.round(mm(27.4) * (large ? zoom * 0.95 : 1))
    readonly property real titlePx: Math.round(mm(19.3) * zoom)
    readonly property real bodyPx: Math.round(mm(14.35) * zoom)
    readonly property real latinPx: Math.round(mm(17.15) * zoom)
    readonly property bool latin: Words.tag !== "ko"
    readonly property real body: latin ? latinPx : bodyPx
    readonly property real title: titlePx
    readonly property real display: displayPx
    readonly property real keyPx: Math.round(mm(low ? 19.3 : 27.4)) // letter keys are twice the smallest text already

    readonly property var light: ({
            wall: "#F6F4F0",
            counter: "#E9E0D2",
            edge: "#DACEBA",
            surface: "#FFFFFF",
            ink: "#1B1E24",
            soft: "#474E59",
            line: "#71695D",
            hair: "#CDBFA8",
            accent: "#C8102E",
            accentDown: "#A50D26",
            accentInk: "#FFFFFF",
            info: "#0B57D0",
            infoTint: "#E3ECFB",
            ok: "#1B6E3C",
            okTint: "#DDEFE3",
            warn: "#7A4E00",
            warnTint: "#FBEBC4",
            fault: "#A3260F",
            faultTint: "#F9E0DA",
            pause: "#FBF1D4",
            pressed: "#F1ECE3",
            key: "#DACEBA"
        })
    readonly property var dark: ({
            wall: "#000000",
            counter: "#000000",
            edge: "#000000",
            surface: "#000000",
            ink: "#FFFFFF",
            soft: "#FFFFFF",
            line: "#FFFFFF",
            hair: "#FFFFFF",
            accent: "#FFE600",
            accentDown: "#D6C100",
            accentInk: "#000000",
            info: "#00E5FF",
            infoTint: "#003A42",
            ok: "#7CFF9B",
            okTint: "#0B3318",
            warn: "#FFE600",
            warnTint: "#3A3400",
            fault: "#FF9C8F",
            faultTint: "#3D0F08",
            pause: "#000000",
            pressed: "#333333",
            key: "#2A2A2A"
        })
    // What stands on what, and the least contrast that must hold in both palettes.
    readonly property var pairs: [
        { "over": "ink", "ground": ["wall", "counter", "edge", "surface", "okTint", "infoTint", "warnTint", "faultTint", "pause", "key", "pressed"], "least": 7 },
        { "over": "surface", "ground": ["ink"], "least": 7 },
        { "over": "soft", "ground": ["wall", "counter", "edge", "surface"], "least": 4.5 },
        { "over": "accentInk", "ground": ["accent", "accentDown"], "least": 4.5 },
        { "over": "ok", "ground": ["okTint", "wall"], "least": 4.5 },
        { "over": "fault", "ground": ["faultTint", "surface"], "least": 4.5 },
        { "over": "warn", "ground": ["warnTint", "wall"], "least": 4.5 },
        { "over": "line", "ground": ["wall", "counter", "edge", "surface"], "least": 3 },
        { "over": "accent", "ground": ["counter", "wall"], "least": 3 },
        { "over": "info", "ground": ["wall", "counter", "edge", "surface", "infoTint"], "least": 3 }
    ]
    readonly property var palette: contrast ? dark : light
    readonly property color wall: palette.wall
    readonly property color counter: palette.counter
    readonly property color edge: palette.edge
    readonly property color surface: palette.surface
    readonly property color ink: palette.ink
    readonly property color soft: palette.soft
    readonly property color line: palette.line
    readonly property color hair: palette.hair
    readonly property color accent: palette.accent
    readonly property color accentDown: palette.accentDown
    readonly property color accentInk: palette.accentInk
    readonly property color info: palette.info
    readonly property color infoTint: palette.infoTint
    readonly property color ok: palette.ok
    readonly property color okTint: palette.okTint
    readonly property color warn: palette.warn
    readonly property color warnTint: palette.warnTint
    readonly property color fault: palette.fault // on screens of staff alone
    readonly property color faultTint: palette.faultTint
    readonly property color pause: palette.pause
    readonly property color pressed: palette.pressed
    readonly property color key: palette.key

    // Millimetres on the panel to scene pixels.
    function mm(millimetres: real): real {
        return millimetres * theme.pxPerMm;
    }

    // True where a text holds Hangul: a Hangul syllable is taller than a Latin capital of the same em.
    function hangul(text: string): bool {
        return /[\u1100-\u11FF\u3130-\u318F\uAC00-\uD7A3]/.test(text);
    }

    // Body size in pixels that gives this text its 12 mm, its digits as well: they are only as tall as Latin capitals.
    function bodyFor(text: string): real {
        return theme.hangul(text) && (theme.large || !/[0-9]/.test(text)) ? theme.bodyPx : theme.latinPx;
    }
}
