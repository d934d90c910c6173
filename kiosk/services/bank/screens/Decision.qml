import QtQuick
import PostKiosk

// The bank's own signed word, or that there is none; the branch adds nothing to it.
ScreenFrame {
    id: frame

    question: "bank.decision." + (values.word || "none") + ".question"
    hint: "bank.decision.ask"
    primary: "button.finish"

    Picture {
        visible: !Theme.large && !Theme.low && !frame.offered("contract")
        name: "bank-house"
        least: Theme.mm(80)
    }

    FactRow {
        icon: "receipt"
        label: Words.say("bank.reference", {})
        value: frame.values.reference ?? ""
        detail: frame.values.at ? Words.say("bank.decision.at", { "at": frame.values.at }) : ""
    }

    FactRow {
        icon: "call"
        label: frame.values.bank ?? ""
        value: frame.values.telephone ?? ""
        last: true
    }

    touch: ButtonRow {
        QuietButton {
            objectName: "do-contract"
            visible: frame.offered("contract")
            icon: "pencil"
            text: Words.say("bank.contract.see", {})
            onTapped: frame.intent("contract", {})
        }
    }

    Band {
        visible: (frame.values.word ?? "") !== ""
        icon: "shield-check"
        title: Words.say("bank.decision.signed", { "bank": frame.values.bank ?? "" })
    }
}
