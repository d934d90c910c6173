pragma ComponentBehavior: Bound
import QtQuick

// Seeing and hearing, one switch per line; also "say it again" while the voice is on.
Sheet {
    id: sheet

    property bool drawn: false

    signal languages
    signal curtained

    function high(): real {
        const full = Theme.voice && Link.privacy; // one line more
        return Theme.low ? Theme.mm(full ? 27.5 : 32) : Theme.mm(Theme.large ? (full ? 48 : 56) : 44);
    }

    title: Words.say("access.more", {})
    hands: [
        Repeater {
            model: [
                { "mode": "large", "icon": "big-text", "on": Theme.large },
                { "mode": "contrast", "icon": "contrast", "on": Theme.contrast },
                { "mode": "low", "icon": "low-reach", "on": Theme.low },
                { "mode": "voice", "icon": "voice", "on": Theme.voice }
            ]

            QuietButton {
                required property var modelData

                objectName: "sheet-" + modelData.mode
                implicitHeight: sheet.high()
                icon: modelData.icon
                selected: modelData.on
                text: Words.say(modelData.on ? "access.off" : "access.on", { "what": Words.say("access." + modelData.mode, {}) })
                onTapped: Link.send("access", { "mode": modelData.mode, "on": !modelData.on })
            }
        },
        QuietButton {
            objectName: "sheet-repeat"
            visible: Theme.voice
            implicitHeight: sheet.high()
            icon: "repeat"
            text: Words.say("access.repeat", {})
            onTapped: Link.send("repeat", {})
        },
        QuietButton {
            objectName: "sheet-curtain"
            visible: Theme.voice && Link.privacy
            implicitHeight: sheet.high()
            icon: "shield"
            selected: sheet.drawn
            text: Words.say(sheet.drawn ? "access.curtain.off" : "access.curtain", {})
            onTapped: sheet.curtained()
        },
        QuietButton {
            objectName: "sheet-language"
            implicitHeight: sheet.high()
            icon: "globe"
            text: Words.say("access.language", {})
            onTapped: sheet.languages()
        },
        PrimaryButton {
            objectName: "close"
            implicitHeight: sheet.high()
            text: Words.say("button.close", {})
            onTapped: sheet.closed()
        }
    ]
}
