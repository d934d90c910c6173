import QtQuick
import PostKiosk
import "parts"

// The last word: take the receipt, or keep the number where none came out.
ScreenFrame {
    id: frame

    readonly property string receipt: values.receipt ?? "none"

    question: "end." + receipt + ".question"
    hint: "end." + receipt + ".hint"
    primary: "button.finish"
    secondary: ""

    Picture {
        visible: (!Theme.large && !Theme.low) || frame.receipt === "printed"
        least: Theme.mm(Theme.large ? 60 : Theme.low ? 36 : 80)
        name: frame.receipt === "printed" ? "take-receipt" : "done-parcel"
    }

    Figure {
        label: Words.say("number.label", {})
        value: Words.registered(frame.values.number ?? "")
    }

    Band {
        visible: frame.receipt === "failed"
        kind: "warn"
        title: Words.say("done.keep_number", {})
    }

    FactRow {
        icon: "warning"
        value: Words.say("done.things", {})
        last: true
    }
}
