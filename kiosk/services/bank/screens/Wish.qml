import QtQuick
import PostKiosk

// The sum that is applied for; the product's limits stand above the keys.
ScreenFrame {
    id: frame

    question: "bank.wish.question"
    hint: "bank.sum_range"
    hintArgs: ({ "least": values.least_won ?? 0, "most": values.most_won ?? 0 })
    primary: "bank.wish.done"
    primaryIntent: "set_wish"
    primaryIntentArgs: ({ "won": Number(pad.text) })
    primaryWhen: pad.text !== ""
    secondary: "button.cancel"
    secondaryIntent: "cancel"

    touch: NumberPad {
        id: pad

        label: Words.say("bank.wish.placeholder", {})
        placeholder: Words.say("bank.wish.placeholder", {})
        initial: frame.values.won ? String(frame.values.won) : ""
        pattern: "money"
        max: 11
    }
}
