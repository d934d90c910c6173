import QtQuick
import PostKiosk

// Card and PIN, on the encrypting pad alone: nothing that is pressed there reaches the screen.
ScreenFrame {
    id: frame

    question: "bank.card.question"
    hint: "bank.card.hint"

    Picture {
        name: "pay-terminal"
        least: Theme.mm(Theme.low ? 36 : Theme.large ? 40 : 80)
    }

    FactRow {
        icon: "pin"
        value: Words.say("bank.card.none", {})
        last: true
    }
}
