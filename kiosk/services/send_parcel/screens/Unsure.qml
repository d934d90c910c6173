import QtQuick
import PostKiosk
import "parts"

// Nobody knows yet how the payment ended: what is safe, what is being done, and how to leave.
ScreenFrame {
    id: frame

    question: values.stage === "reversing" ? "unsure.reversing.question" : "unsure.question"
    hint: Theme.large ? "" : "unsure.hint"
    secondary: "unsure.leave"
    secondaryIntent: "leave"

    Picture {
        visible: !Theme.large
        name: "unsure-payment"
        least: Theme.mm(Theme.low ? 36 : Theme.large ? 40 : 80)
    }

    Band {
        kind: "ok"
        title: Words.say("unsure.safe", {})
        body: Theme.large ? "" : Words.say("unsure.safe.detail", { "won": frame.values.total_won ?? 0 })
    }

    Band {
        icon: "clock"
        title: Words.say(frame.values.stage === "reversing" ? "unsure.reversing" : "unsure.enquiring", {})
        body: Theme.large || Theme.low ? "" : Words.say("unsure.detail", {})
    }

    Desk {
        visible: !Theme.large && !Theme.low
        telephone: frame.values.telephone ?? ""
        hours: frame.values.hours ?? ""
    }
}
