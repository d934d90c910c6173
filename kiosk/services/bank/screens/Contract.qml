import QtQuick
import PostKiosk

// That the bank offers a contract; what it says is for whom it names. Without a text to believe there is no way on.
ScreenFrame {
    id: frame

    question: "bank.contract.question"
    hint: "bank.contract.hint"
    hintArgs: ({ "bank": values.bank ?? "" })
    primary: "bank.contract.read"

    FactRow {
        visible: (frame.values.n ?? 0) > 0
        icon: "documents"
        label: Words.say("bank.contract.product", {})
        value: Words.say("bank.contract.clauses", { "n": frame.values.n ?? 0 })
        detail: Words.say("bank.contract.private", {})
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

    Band {
        visible: (frame.values.n ?? 0) === 0
        kind: "warn"
        icon: "call"
        title: Words.say("bank.contract.none", { "telephone": frame.values.telephone ?? "" })
    }
}
