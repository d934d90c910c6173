pragma ComponentBehavior: Bound

import QtQuick
import PostKiosk

// What the pre-check comes to: apply, bring these papers, or talk to an officer. Never a yes or a no.
ScreenFrame {
    id: frame

    question: "bank.advice." + (values.advice ?? "apply") + ".question"
    hint: "bank.advice.hint"
    hintArgs: ({ "bank": values.bank ?? "" })
    primary: "bank.advice.go"

    Picture {
        visible: !Theme.large && !Theme.low
        name: frame.values.advice === "officer" ? "phone-desk" : "papers"
        least: Theme.mm(60)
    }

    Repeater {
        model: frame.values.papers ?? []

        FactRow {
            required property string modelData
            required property int index

            icon: "documents"
            label: index === 0 ? Words.say("bank.advice.papers", {}) : ""
            value: Words.say("bank.paper." + modelData, {})
            last: index === (frame.values.papers ?? []).length - 1
        }
    }

    touch: ButtonRow {
        QuietButton {
            objectName: "do-appoint"
            visible: frame.offered("appoint")
            icon: "call"
            text: Words.say("bank.product.appoint", {})
            onTapped: frame.intent("appoint", {})
        }
    }
}
