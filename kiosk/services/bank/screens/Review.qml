import QtQuick
import PostKiosk

// The application as it goes to the bank.
ScreenFrame {
    id: frame

    function papers(names: var): string {
        return (names ?? []).length === 0 ? Words.say("bank.review.none", {}) : names.map(name => Words.say("bank.paper." + name, {})).join(", ");
    }

    question: "bank.review.question"
    primary: "bank.review.send"

    FactRow {
        icon: "bank"
        label: Words.say("bank.review.product", {})
        value: frame.values.name ?? ""
        detail: frame.values.bank ?? ""
    }

    FactRow {
        icon: "cash"
        label: Words.say("bank.review.sum", {})
        value: Words.money(frame.values.won ?? 0)
        detail: Words.say("bank.months", { "months": frame.values.months ?? 0 })
    }

    FactRow {
        visible: value !== ""
        icon: "phone"
        label: Words.say("bank.review.phone", {})
        value: frame.values.phone ?? ""
    }

    FactRow {
        icon: "documents"
        label: Words.say("bank.review.papers", {})
        value: frame.papers(frame.values.taken)
        detail: (frame.values.later ?? []).length > 0 ? Words.say("bank.review.later", {}) + ": " + frame.papers(frame.values.later) : ""
    }

    FactRow {
        icon: "pencil"
        label: Words.say("bank.review.signed", {})
        value: frame.values.signed ? Words.say("bank.review.signed." + frame.values.signed, {}) : ""
        last: true
    }
}
