import QtQuick
import PostKiosk

// Nobody knows yet how the order ended: what is safe, what is being done, and how to leave.
ScreenFrame {
    id: frame

    readonly property string stage: values.stage === "reversing" ? "reversing" : "enquiring"

    question: "bank.unsure." + stage + ".question"
    hint: Theme.large ? "" : "bank.unsure.hint"
    secondary: "bank.unsure.leave"
    secondaryIntent: "leave"

    Picture {
        visible: !Theme.large
        name: "unsure-payment"
        least: Theme.mm(Theme.low ? 36 : 80)
    }

    Band {
        kind: "ok"
        title: Words.say("bank.unsure.safe", {})
        body: Theme.large ? "" : Words.say("bank.unsure.won", { "won": frame.values.won ?? 0 })
    }

    Band {
        icon: "clock"
        title: Words.say("bank.unsure.next." + frame.stage, {})
        body: Theme.large || Theme.low ? "" : frame.values.telephone ?? ""
    }

    FactRow {
        visible: (frame.values.key ?? "") !== ""
        icon: "receipt"
        label: Words.say("bank.doubt.number", {})
        value: frame.values.key ?? ""
        last: true
    }
}
