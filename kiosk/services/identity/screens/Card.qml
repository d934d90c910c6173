import QtQuick
import PostKiosk

// Card and PIN are given on the PIN pad, never here.
ScreenFrame {
    id: frame

    question: "id.card.question"
    hint: "id.card.hint"

    Picture {
        name: "pay-terminal"
        least: Theme.mm(Theme.low ? 36 : Theme.large ? 40 : 80)
    }

    Band {
        visible: !Theme.large
        icon: "shield"
        title: Words.say("id.card.cover", {})
    }
}
