import QtQuick
import PostKiosk

// The bank has the signature, on its own signed word: the number of the contract.
ScreenFrame {
    id: frame

    done: true
    question: "bank.signed.question"
    hint: "bank.signed.hint"
    primary: "button.finish"
    secondary: ""

    Picture {
        visible: !Theme.large && !Theme.low
        name: "papers"
        least: Theme.mm(60)
    }

    FactRow {
        icon: "certificate"
        label: Words.say("bank.signed.number", {})
        value: frame.values.number ?? ""
    }

    FactRow {
        icon: "call"
        label: frame.values.bank ?? ""
        value: frame.values.telephone ?? ""
    }

    Band {
        visible: (frame.values.slip ?? "") !== ""
        kind: frame.values.slip === "failed" ? "warn" : "info"
        icon: "receipt"
        title: frame.values.slip ? Words.say("bank.slip." + frame.values.slip, {}) : ""
    }

    touch: ButtonRow {
        QuietButton {
            objectName: "do-slip"
            visible: frame.offered("slip")
            icon: "receipt"
            text: Words.say("bank.slip", {})
            onTapped: frame.intent("slip", {})
        }
    }
}
