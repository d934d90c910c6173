import QtQuick
import PostKiosk

// The last look before the signature goes to the bank.
ScreenFrame {
    id: frame

    question: "bank.contractSure.question"
    primary: "bank.contractSure.send"

    FactRow {
        icon: "bank"
        label: Words.say("bank.contract.product", {})
        value: frame.values.product ?? ""
        detail: frame.values.bank ?? ""
    }

    FactRow {
        icon: "documents"
        value: Words.say("bank.contractSure.clauses", { "n": frame.values.n ?? 0 })
    }

    FactRow {
        icon: "pencil"
        label: Words.say("bank.review.signed", {})
        value: frame.values.signed ? Words.say("bank.review.signed." + frame.values.signed, {}) : ""
        last: true
    }

    MoneyLine {
        label: Words.say("bank.contract.won", {})
        won: frame.values.won ?? 0
    }
}
