import QtQuick
import PostKiosk

// The bank has confirmed it: what, to whom, under which number.
ScreenFrame {
    id: frame

    done: true
    question: "bank.takenBack.question"
    hint: "bank.takenBack.hint"
    primary: "button.finish"
    secondary: ""

    Picture {
        visible: !Theme.large && !Theme.low
        name: "notes-coins"
        least: Theme.mm(50)
    }

    MoneyLine {
        label: Words.say("bank.takenBack.won", {})
        won: frame.values.won ?? 0
    }

    FactRow {
        icon: "person"
        label: Words.say("bank.confirm.payee", {})
        value: frame.values.name ?? ""
        detail: (frame.values.bank ?? "") + " " + (frame.values.account ?? "")
    }

    FactRow {
        visible: (frame.values.due ?? "") !== ""
        icon: "clock"
        label: Words.say("bank.sent.due", {})
        value: frame.values.due ? Words.date(frame.values.due.slice(0, 10)) + " " + Words.clock(frame.values.due.slice(11, 16)) : ""
    }

    FactRow {
        visible: (frame.values.reference ?? "") !== ""
        icon: "receipt"
        label: Words.say("bank.sent.number", {})
        value: frame.values.reference ?? ""
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
