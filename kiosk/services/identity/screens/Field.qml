import QtQuick
import PostKiosk

// One field of the document, and where it stands there. A number is shown as dots, and no key says its figure aloud.
ScreenFrame {
    id: frame

    readonly property string field: values.field ?? "name"
    readonly property bool letters: values.letters === true
    readonly property string typed: letters ? entry.text : pad.text
    readonly property string place: shown ? ("at-" + values.kind + "-" + field).replace("_", "-") : ""
    readonly property bool shown: !Theme.large && values.kind !== "residence_permit"

    question: "id.field." + field + ".question"
    hint: "id.field." + field + (letters && field === "number" ? ".letters" : ".hint")
    primary: "id.field.done"
    primaryIntent: "set_field"
    primaryIntentArgs: ({ "text": frame.typed })
    primaryWhen: frame.typed.trim().length >= (values.date === true ? 8 : letters ? 2 : frame.values.max ?? 12)

    Picture {
        visible: frame.shown
        name: frame.place
        least: Theme.mm(Theme.low ? 36 : frame.letters ? 112 : 96)
    }

    touch: [
        NumberPad {
            id: pad

            visible: !frame.letters
            stretch: !frame.letters
            label: Words.say("id.field." + frame.field, {})
            placeholder: Words.say("id.field." + frame.field, {})
            hidden: frame.values.hidden === true
            max: frame.values.max ?? 13
        },
        TextEntry {
            id: entry

            visible: frame.letters
            stretch: frame.letters
            latin: frame.field === "number"
            label: Words.say("id.field." + frame.field, {})
            placeholder: Words.say("id.field." + frame.field, {})
            max: frame.values.max ?? 40
        }
    ]
}
