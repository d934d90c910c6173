import QtQuick
import PostKiosk

// What the bank offers, before it is read clause by clause; without a text to believe there is no way on.
ScreenFrame {
    id: frame

    question: "bank.contract.question"
    hint: "bank.contract.hint"
    hintArgs: ({ "bank": values.bank ?? "" })
    primary: "bank.contract.read"

    FactRow {
        visible: (frame.values.product ?? "") !== ""
        icon: "documents"
        label: Words.say("bank.contract.product", {})
        value: frame.values.product ?? ""
        detail: Words.say("bank.contract.clauses", { "n": frame.values.n ?? 0 })
    }

    FactRow {
        visible: (frame.values.until ?? "") !== ""
        icon: "clock"
        label: Words.say("bank.contract.until", {})
        value: frame.values.until ? Words.date(frame.values.until.slice(0, 10)) + " " + Words.clock(frame.values.until.slice(11, 16)) : ""
    }

    FactRow {
        icon: "receipt"
        label: Words.say("bank.reference", {})
        value: frame.values.reference ?? ""
        last: true
    }

    MoneyLine {
        visible: (frame.values.n ?? 0) > 0
        label: Words.say("bank.contract.won", {})
        won: frame.values.won ?? 0
    }

    Band {
        visible: (frame.values.n ?? 0) === 0
        kind: "warn"
        icon: "call"
        title: Words.say("bank.contract.none", { "telephone": frame.values.telephone ?? "" })
    }
}
