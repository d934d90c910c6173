pragma ComponentBehavior: Bound
import QtQuick

// A field of figures and the ten keys that fill it.
Item {
    id: pad

    property string label
    property string initial
    property string placeholder
    property string pattern: "plain" // "phone", "money" or "plain": how the figures are grouped
    property int max: 11
    property bool personal: true
    property bool hidden: false // a PIN: dots on the screen, and no key says its figure aloud
    property string text: initial
    property bool stretch: true
    readonly property real keyHeight: (Math.min(height - field.height - Theme.gap, 4 * Theme.mm(40) + 3 * Theme.keyGap) - 3 * Theme.keyGap) / 4
    readonly property real least: field.height + Theme.gap + 4 * Theme.mm(Theme.low ? 23 : 30) + 3 * Theme.keyGap
    readonly property real ruleAt: field.height + Theme.gap

    signal accepted

    function key(figure: string): void {
        if (figure === "\b")
            pad.text = pad.text.slice(0, -1);
        else if (/^[0-9]$/.test(figure) && pad.text.length < pad.max)
            pad.text += figure;
    }

    function shown(): string {
        if (text === "")
            return "";
        if (hidden)
            return "●".repeat(text.length);
        return pattern === "phone" ? Words.phone(text) : pattern === "money" ? Words.money(Number(text)) : text;
    }

    implicitHeight: field.height + Theme.gap + 4 * Theme.mm(40) + 3 * Theme.keyGap

    EntryField {
        id: field

        width: parent.width
        text: pad.shown()
        label: pad.label
        placeholder: pad.placeholder
        personal: pad.personal
        figures: true
    }

    Grid {
        columns: 3
        spacing: Theme.keyGap
        anchors.bottom: parent.bottom

        Repeater {
            model: ["1", "2", "3", "4", "5", "6", "7", "8", "9"]

            Key {
                required property string modelData

                objectName: "key-" + modelData
                face: modelData
                personal: pad.hidden
                width: (pad.width - 2 * Theme.keyGap) / 3
                height: pad.keyHeight
                onTapped: pad.key(face)
            }
        }

        Key {
            objectName: "key-clear"
            dark: true
            face: Words.say("keyboard.clear", {})
            px: Theme.large ? Math.max(Theme.keyPx * 0.7, Theme.bodyFor(face) / Theme.zoom) : Theme.bodyFor(face)
            width: (pad.width - 2 * Theme.keyGap) / 3
            height: pad.keyHeight
            onTapped: pad.text = ""
        }

        Key {
            objectName: "key-0"
            face: "0"
            personal: pad.hidden
            width: (pad.width - 2 * Theme.keyGap) / 3
            height: pad.keyHeight
            onTapped: pad.key("0")
        }

        Key {
            objectName: "key-erase"
            dark: true
            icon: "backspace"
            label: Words.say("keyboard.erase", {})
            width: (pad.width - 2 * Theme.keyGap) / 3
            height: pad.keyHeight
            onTapped: pad.key("\b")
        }
    }

    Connections {
        target: Link

        function onTyped(text: string): void {
            pad.key(text);
        }
    }
}
