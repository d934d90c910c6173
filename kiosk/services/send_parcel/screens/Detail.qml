import QtQuick
import PostKiosk

// Flat, floor, company: what the road name does not say; may stay empty.
ScreenFrame {
    id: frame

    question: "detail.question"
    hint: "detail.hint"
    hintArgs: ({ "road": values.road ?? "", "postcode": values.postcode ?? "" })
    primary: entry.text === "" ? "detail.none" : "detail.done"
    primaryIntent: "set_detail"
    primaryIntentArgs: ({ "text": entry.text })

    touch: TextEntry {
        id: entry

        label: Words.say("detail.placeholder", {})
        placeholder: Words.say("detail.placeholder", {})
        initial: frame.values.text ?? ""
        max: frame.values.max ?? 60
    }
}
