import QtQuick
import PostKiosk

// Where the bank may call.
ScreenFrame {
    id: frame

    question: "bank.phone.question"
    hint: "bank.phone.hint"
    primary: "bank.phone.done"
    primaryIntent: "set_phone"
    primaryIntentArgs: ({ "digits": pad.text })
    primaryWhen: pad.text.length > 7

    touch: NumberPad {
        id: pad

        label: Words.say("bank.phone.placeholder", {})
        placeholder: Words.say("bank.phone.placeholder", {})
        initial: frame.values.digits ?? ""
        pattern: "phone"
        max: 12
    }
}
