import QtQuick

// A darker key that changes the keyboard or erases.
Key {
    id: key

    required property var side // {"act", "word", "glyph" or "icon"} or null

    signal acted(string name)

    visible: side !== null
    objectName: side ? "key-" + side.act : ""
    dark: true
    icon: side?.icon ?? ""
    label: side ? Words.say(side.word, {}) : ""
    face: side ? (Theme.large || side.act === "shift" ? side.glyph ?? "" : label) : ""
    px: Theme.large || side?.act === "shift" ? Theme.keyPx * 0.9 : Theme.bodyFor(face)
    onTapped: key.acted(side.act)
}
