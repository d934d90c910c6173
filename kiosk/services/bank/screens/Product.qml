pragma ComponentBehavior: Bound

import QtQuick
import PostKiosk

// One product: what it costs, what it takes, and who decides.
ScreenFrame {
    id: frame

    compact: true
    question: "bank.product.question"
    questionArgs: ({ "name": values.name ?? "" })
    hint: values.bank ? "bank.payeeNumber.hint" : ""
    hintArgs: ({ "bank": values.bank ?? "" })
    primary: "bank.product.apply"
    primaryIntent: "apply"

    FactRow {
        icon: "coin"
        label: Words.say("bank.compare.rate", {})
        value: frame.values.rated ? Words.say("bank.rate", { "low": frame.values.low, "high": frame.values.high }) : "–"
        detail: frame.values.basis ?? ""
    }

    FactRow {
        icon: "cash"
        label: Words.say("bank.product.sum", {})
        value: Words.say("bank.sum_range", { "least": frame.values.least_won ?? 0, "most": frame.values.most_won ?? 0 })
        detail: (frame.values.months ?? []).map(n => Words.say("bank.months", { "months": n })).join(" · ")
    }

    Repeater {
        model: frame.values.fees ?? []

        FactRow {
            required property string modelData

            icon: "receipt"
            label: Words.say("bank.compare.fees", {})
            value: modelData
        }
    }

    FactRow {
        icon: "documents"
        label: Words.say("bank.product.papers", {})
        value: (frame.values.papers ?? []).length === 0 ? Words.say("bank.product.papers.none", {}) : frame.values.papers.map(paper => Words.say("bank.paper." + paper, {})).join(", ")
        last: true
    }

    Band {
        icon: "bank"
        title: Words.say("bank.product.agent", {})
        body: Words.say("bank.product.agent.detail", { "bank": frame.values.bank ?? "" })
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
