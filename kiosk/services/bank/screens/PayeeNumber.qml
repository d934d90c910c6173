import QtQuick
import PostKiosk

// The payee's account; digits are shown and never said.
ScreenFrame {
    id: frame

    question: "bank.payeeNumber.question"
    hint: "bank.payeeNumber.hint"
    hintArgs: ({ "bank": values.bank ?? "" })
    primary: "bank.payeeNumber.done"
    primaryIntent: "set_account"
    primaryIntentArgs: ({ "digits": pad.text })
    primaryWhen: pad.text.length > 9

    touch: NumberPad {
        id: pad

        label: Words.say("bank.payeeNumber.placeholder", {})
        placeholder: Words.say("bank.payeeNumber.placeholder", {})
        initial: frame.values.digits ?? ""
        max: 16
    }
}
