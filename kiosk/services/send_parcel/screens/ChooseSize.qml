import QtQuick
import PostKiosk

// The customer's own word on the size; choosing leads on.
ScreenFrame {
    id: frame

    question: "choose_size.question"
    hint: "choose_size.hint." + (values.reason || "customer")

    touch: [
        ChoiceList {
            model: (frame.values.tiers ?? []).map(tier => ({
                        "key": tier.id,
                        "title": Theme.large ? Words.say("size.tier", { "kg": tier.kg, "sum_cm": tier.sum_cm }) : Words.say("choose_size.tier", { "sum_cm": tier.sum_cm }),
                        "detail": Theme.large ? "" : Words.say("choose_size.kg", { "kg": tier.kg }),
                        "trailing": Words.say(tier.from ? "money.from" : "money.won", { "won": tier.base_won })
                    }))
            chosen: frame.values.chosen ?? null
            onPicked: key => frame.intent("choose_size", { "tier": key })
        },
        ButtonRow {
            QuietButton {
                visible: frame.offered("retry")
                small: Theme.large && Theme.low
                icon: "repeat"
                text: Words.say("choose_size.retry", {})
                onTapped: frame.intent("retry", {})
            }
        }
    ]
}
