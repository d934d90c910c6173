import QtQuick
import PostKiosk

// The telephone number of the receiver, or sender.
ScreenFrame {
    id: frame

    readonly property string who: values.who ?? "receiver"

    question: "phone." + who + ".question"
    hint: "phone." + who + ".hint"
    primary: "phone.done"
    primaryIntent: "set_phone"
    primaryIntentArgs: ({ "digits": pad.text })
    primaryWhen: pad.text.length > 7

    touch: NumberPad {
        id: pad

        label: Words.say("phone.placeholder", {})
        placeholder: Words.say("phone.placeholder", {})
        initial: frame.values.digits ?? ""
        pattern: "phone"
        max: 12
    }
}
