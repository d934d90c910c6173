import QtQuick
import PostKiosk

// The balance, on the screen alone.
ScreenFrame {
    id: frame

    question: "bank.balance.question"
    primary: "bank.balance.back"
    secondary: "button.cancel"
    secondaryIntent: "cancel"

    Picture {
        visible: !Theme.large && !Theme.low
        name: "notes-coins"
        least: Theme.mm(60)
    }

    MoneyLine {
        label: Words.say("bank.balance.won", {})
        won: frame.values.won ?? 0
    }

    MoneyLine {
        label: Words.say("bank.balance.available", {})
        won: frame.values.available_won ?? 0
        small: true
    }
}
