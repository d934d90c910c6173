pragma ComponentBehavior: Bound

import QtQuick
import PostKiosk
import "parts"

// No alarm: why, and that nothing has happened; then the wait or who looks at it, and what to do now. Never straight on.
ScreenFrame {
    id: frame

    readonly property bool second: values.part === 2
    readonly property bool officer: offered("officer")
    readonly property string after: values.after ?? "alone"

    wall: "warn"
    question: second ? "bank.pause." + after + ".question" : "bank.pause.question"
    questionArgs: ({ "from": values.from ?? "" })
    hint: second ? "bank.pause." + after + ".hint" : ""
    hintArgs: ({ "minutes": values.minutes ?? 0 })
    primary: officer ? "bank.officer.call" : second ? "bank.pause.finish" : "button.cancel"
    primaryIntent: officer ? "officer" : second ? "confirm" : "cancel"
    secondary: second ? "button.back" : ""

    Picture {
        visible: !frame.second && !Theme.large && !Theme.low
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
        visible: !frame.second
        icon: "close"
        value: Words.say("bank.stop.hang_up", {})
    }

    FactRow {
        visible: !frame.second
        icon: "shield-check"
        value: Words.say(frame.values.money === true ? "bank.stop.money" : "bank.stop.nothing", {})
        last: true
    }

    Repeater {
        model: frame.second ? ["hang_up", "police", "fss", "bank"] : []

        NowRow {
            required property string modelData

            what: modelData
            brief: frame.officer && frame.offered("block")
            telephone: frame.values.bank ?? ""
        }
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
            text: Words.say("bank.block.offer", {})
            onTapped: frame.intent("block", {})
        }

        QuietButton {
            objectName: "do-confirm"
            visible: frame.second && frame.officer && frame.offered("confirm")
            text: Words.say("button.finish", {})
            onTapped: frame.intent("confirm", {})
        }
    }
}
