import QtQuick
import PostKiosk

// The bank has it, on the bank's own word: its reference number, and that this is no approval.
ScreenFrame {
    id: frame

    readonly property string what: values.what === "appoint" ? "appoint" : "intake"

    done: true
    question: "bank.received." + what + ".question"
    hint: "bank.received." + what + ".hint"
    primary: "button.finish"
    secondary: ""

    Picture {
        visible: !Theme.large && !Theme.low
        name: "bank-house"
        least: Theme.mm(60)
    }

    FactRow {
        icon: "receipt"
        label: Words.say("bank.reference", {})
        value: frame.values.reference ?? ""
    }

    FactRow {
        visible: (frame.values.when ?? "") !== ""
        icon: "clock"
        label: Words.say("bank.received.when", {})
        value: frame.values.when ? Words.say("bank.slot", { "day": frame.values.when.slice(0, 10), "hour": Number(frame.values.when.slice(11, 13)) }) : ""
        detail: frame.values.how ? Words.say("bank.how." + frame.values.how, {}) : ""
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
