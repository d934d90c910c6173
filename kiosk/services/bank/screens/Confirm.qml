import QtQuick
import PostKiosk

// To whom, how much, when; the button repeats the sum.
ScreenFrame {
    id: frame

    readonly property string kind: values.kind ?? "transfer"

    question: kind === "bill" ? "bank.confirm.bill.question" : "bank.confirm.question"
    primary: kind === "bill" ? "bank.confirm.pay" : "bank.confirm.send"
    primaryArgs: ({ "won": values.won ?? 0 })
    primaryHeard: kind === "bill" ? "bank.ear.pay" : "bank.ear.send"
    primaryIntent: "agree"
    primaryIntentArgs: ({ "won": values.won ?? 0, "delayed": false })

    Picture {
        visible: !Theme.large && !Theme.low
        name: "notes-coins"
        least: Theme.mm(50)
    }

    FactRow {
        icon: "person"
        label: Words.say("bank.confirm.payee", {})
        value: frame.values.name ?? ""
        detail: (frame.values.bank ?? "") + " " + (frame.values.account ?? "")
    }

    FactRow {
        icon: "clock"
        value: Words.say("bank.confirm.when." + frame.kind, {})
        last: true
    }

    MoneyLine {
        label: Words.say("bank.confirm.won", {})
        won: frame.values.won ?? 0
    }

    touch: ButtonRow {
        QuietButton {
            objectName: "do-delay"
            visible: frame.values.delay === true
            icon: "clock"
            text: Words.say("bank.confirm.delay", {})
            onTapped: frame.intent("agree", { "won": frame.values.won ?? 0, "delayed": true })
        }
    }
}
