pragma ComponentBehavior: Bound
import QtQuick

// Seeing and hearing, one switch per line; also "say it again" while the voice is on.
Sheet {
    id: sheet

    signal languages

    function high(): real {
        return Theme.low ? Theme.mm(32) : Theme.mm(Theme.large ? 56 : 44);
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
