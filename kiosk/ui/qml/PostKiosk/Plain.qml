import QtQuick

// A text of the house: size and weight by role, tabular digits, accessible as static text.
Text {
    id: plain

    property real px: Theme.bodyFor(text)
    property real leading: 1.3
    property bool bold: false
    property bool soft: false // secondary text
    property real tracking: 0
    readonly property int side: horizontalAlignment

    color: soft ? Theme.soft : Theme.ink
    wrapMode: Text.Wrap
    textFormat: Text.PlainText
    font.family: Theme.family
    font.pixelSize: px
    font.weight: bold ? Font.Bold : Font.Medium
    font.letterSpacing: tracking * px
    font.features: ({ "tnum": 1 })
    lineHeightMode: Text.FixedHeight
    lineHeight: Math.round(px * leading)
    verticalAlignment: Text.AlignVCenter
    Accessible.role: Accessible.StaticText
    Accessible.name: text
    Accessible.ignored: text === ""
}
