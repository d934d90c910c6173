pragma ComponentBehavior: Bound

import QtQuick
import PostKiosk

// No alarm: what to do now, the easiest way first; then the wait, or the officer. Never straight on.
ScreenFrame {
    id: frame

    readonly property bool second: values.part === 2
    readonly property int minutes: values.minutes ?? 0
    readonly property bool officer: offered("officer")

    wall: "warn"
    question: !second ? "bank.pause.question" : minutes > 0 ? "bank.pause.wait.question" : "bank.pause.officer.question"
    questionArgs: ({ "minutes": minutes })
    hint: !second ? "" : minutes > 0 ? "bank.pause.wait.hint" : "bank.pause.officer.hint"
    hintArgs: ({ "from": values.from ?? "" })
    primary: officer ? "bank.officer.call" : second ? "bank.pause.finish" : "button.cancel"
    primaryIntent: officer ? "officer" : second ? "confirm" : "cancel"
    secondary: second ? "button.back" : ""

    Picture {
        visible: !Theme.large && !Theme.low
        name: "pause"
        least: Theme.mm(50)
    }

    Repeater {
        model: frame.second ? [] : (frame.values.reasons ?? []).slice(0, 1)

        Band {
            required property string modelData

            kind: "warn"
            title: Words.say(modelData, {})
        }
    }

    FactRow {
        icon: "call"
        value: Words.say("bank.stop.hang_up", {})
    }

    FactRow {
        icon: "shield-check"
        value: Words.say(frame.values.money === true ? "bank.stop.money" : "bank.stop.nothing", {})
        last: true
    }

    touch: ButtonRow {
        QuietButton {
            objectName: "do-cancel"
            visible: !frame.second && frame.officer && frame.offered("cancel")
            text: Words.say("button.cancel", {})
            onTapped: frame.intent("cancel", {})
        }

        QuietButton {
            objectName: "do-insist"
            visible: frame.offered("insist")
            text: Words.say("bank.pause.insist", {})
            onTapped: frame.intent("insist", {})
        }

        QuietButton {
            objectName: "do-block"
            visible: frame.offered("block")
            icon: "shield"
            text: Words.say("bank.block.offer", {})
            onTapped: frame.intent("block", {})
        }

        QuietButton {
            objectName: "do-confirm"
            visible: frame.second && frame.officer && frame.offered("confirm")
            text: Words.say("bank.pause.finish", {})
            onTapped: frame.intent("confirm", {})
        }
    }
}
