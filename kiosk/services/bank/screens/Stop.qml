pragma ComponentBehavior: Bound

import QtQuick
import PostKiosk
import "parts"

// A hard stop in two steps: what the rule is and what is safe; then what to do now.
ScreenFrame {
    id: frame

    readonly property bool now: values.part === 2

    wall: "warn"
    question: now ? "bank.stop.now.question" : values.reason ?? "shield.F1"
    questionArgs: ({ "won": values.won ?? 0, "from": values.from ?? "" })
    hint: now ? "bank.stop.now.hint" : (values.reason ?? "shield.F1") + ".detail"
    hintArgs: ({ "won": values.won ?? 0, "from": values.from ?? "" })
    primary: now ? "button.finish" : "bank.stop.next"
    secondary: "bank.stop.other_sum"

    Picture {
        visible: !frame.now && !Theme.large && !Theme.low
        name: "pause"
        least: Theme.mm(80)
    }

    Band {
        kind: "ok"
        title: Words.say(frame.values.money === true ? "bank.stop.money" : "bank.stop.nothing", {})
    }

    FactRow {
        visible: frame.now && (frame.values.next ?? "") !== ""
        icon: "clock"
        value: visible ? Words.say(frame.values.next, { "won": frame.values.won ?? 0, "from": frame.values.from ?? "" }) : ""
    }

    Repeater {
        model: frame.now ? ["hang_up", "police", "fss", "bank"] : []

        NowRow {
            required property string modelData

            what: modelData
            brief: frame.offered("block")
            telephone: frame.values.bank ?? ""
        }
    }

    touch: ButtonRow {
        QuietButton {
            objectName: "do-officer"
            visible: frame.offered("officer")
            icon: "call"
            text: Words.say("bank.officer.call", {})
            onTapped: frame.intent("officer", {})
        }

        QuietButton {
            objectName: "do-block"
            visible: frame.offered("block")
            icon: "shield"
            text: Words.say("bank.block.offer", {})
            onTapped: frame.intent("block", {})
        }
    }
}
