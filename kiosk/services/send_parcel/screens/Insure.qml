import QtQuick
import PostKiosk

// Whether to be covered for more than comes with the parcel; choosing leads on.
ScreenFrame {
    id: frame

    readonly property var none: [{
            "key": 0,
            "title": Words.say("insure.none", {}),
            "trailing": ""
        }]

    question: "insure.question"
    hint: values.free_won ? "insure.hint" : "insure.hint.none"
    hintArgs: ({ "won": values.free_won ?? 0 })

    touch: ChoiceList {
        tallest: Theme.mm(60)
        model: frame.none.concat((frame.values.fees ?? []).map(each => ({
                    "key": each.insured_won,
                    "title": Words.say("insure.up_to", { "won": each.insured_won }),
                    "trailing": Words.say("insure.fee", { "won": each.fee_won })
                })))
        chosen: frame.values.insured_won ?? null
        onPicked: key => frame.intent("set_insured", { "won": key })
    }
}
