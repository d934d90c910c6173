import QtQuick
import PostKiosk

// Who receives, or sends.
ScreenFrame {
    id: frame

    readonly property string who: values.who ?? "receiver"

    question: "name." + who + ".question"
    primary: "name.done"
    primaryIntent: "set_name"
    primaryIntentArgs: ({ "text": entry.text })
    primaryWhen: entry.text.trim() !== ""

    touch: TextEntry {
        id: entry

        label: Words.say("name.placeholder", {})
        placeholder: Words.say("name.placeholder", {})
        initial: frame.values.text ?? ""
        max: frame.values.max ?? 20
    }
}
