import QtQuick
import PostKiosk

// The terminal is the action, so nothing here is red.
ScreenFrame {
    id: frame

    question: values.stopping === true ? "pay.stopping.question" : "pay.question"
    hint: Theme.large ? "" : values.stopping === true ? "pay.stopping.hint" : "pay.hint"
    secondary: "pay.cancel"
    secondaryIntent: "cancel"

    Picture {
        name: "pay-terminal"
        least: Theme.mm(Theme.low ? 36 : Theme.large ? 26 : 80)
    }

    MoneyLine {
        label: Words.say("money.to_pay", {})
        won: frame.values.total_won ?? 0
    }

    Band {
        visible: frame.values.stopping !== true
        icon: Theme.large ? "" : "card"
        title: Theme.large ? "" : Words.say("pay.waiting", {})
        body: Words.say(Theme.large ? "pay.again.short" : "pay.again", { "seconds": frame.values.waits_s ?? 0 })
    }
}
