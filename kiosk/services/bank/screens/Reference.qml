import QtQuick
import PostKiosk

// Which bank, then its reference number.
ScreenFrame {
    id: frame

    property string bank: ""

    question: bank === "" ? "bank.status.bank.question" : "bank.reference.question"
    hint: "bank.reference.hint"
    primary: "bank.reference.done"
    primaryIntent: "set_reference"
    primaryIntentArgs: ({ "bank": bank, "text": entry.text })
    primaryWhen: bank !== "" && entry.text.length > 5

    Picture {
        readonly property int many: (frame.values.banks ?? []).length

        visible: !Theme.large && many <= 4 && frame.bank === ""
        name: "bank-house"
        least: Theme.mm(Theme.low ? 36 : 90 + 54 * (4 - many))
    }

    touch: [
        ChoiceList {
            visible: frame.bank === ""
            stretch: frame.bank === ""
            tallest: Theme.mm(60)
            model: frame.bank !== "" ? [] : (frame.values.banks ?? []).map(each => ({ "key": each.code, "title": each.name, "icon": "bank" }))
            onPicked: key => frame.bank = key
        },
        TextEntry {
            id: entry

            visible: frame.bank !== ""
            stretch: frame.bank !== ""
            label: Words.say("bank.reference.placeholder", {})
            placeholder: Words.say("bank.reference.placeholder", {})
            initial: frame.values.text ?? ""
            max: 24
        }
    ]
}
