import QtQuick

// A field and the keyboard that fills it.
Item {
    id: entry

    property string label
    property string initial
    property string placeholder
    property int max: 40
    property bool personal: true
    property bool latin: false // the keyboard begins with Latin letters
    property string keys: ""
    readonly property string text: Link.backend ? Link.backend.compose(keys) : keys
    property bool stretch: true
    readonly property real least: field.height + Theme.gap + board.least
    readonly property real ruleAt: field.height + Theme.gap

    signal accepted

    function key(text: string): void {
        if (text === "\b") {
            entry.keys = entry.keys.slice(0, -1);
            return;
        }
        const next = entry.keys + text;
        if (!Link.backend || Link.backend.compose(next).length <= entry.max)
            entry.keys = next;
    }

    implicitHeight: field.height + Theme.gap + board.implicitHeight
    Component.onCompleted: keys = Link.backend ? Link.backend.keysOf(initial) : initial
    onInitialChanged: keys = Link.backend ? Link.backend.keysOf(initial) : initial

    EntryField {
        id: field

        width: parent.width
        text: entry.text
        label: entry.label
        placeholder: entry.placeholder
        personal: entry.personal
    }

    HangulKeyboard {
        id: board

        width: parent.width
        latin: entry.latin || Theme.latin
        height: Math.min(implicitHeight, entry.height - field.height - Theme.gap)
        anchors.bottom: parent.bottom
        onKeyed: text => entry.key(text)
    }

    Connections {
        target: Link

        function onTyped(text: string): void {
            entry.key(text);
        }
    }
}
