import QtQuick
import PostKiosk
import "parts"

// Accepted, on the hatch's evidence: the number, the receipt, and what not to leave behind.
ScreenFrame {
    id: frame

    done: true
    question: "done.question"
    hint: Theme.large ? "" : values.arrives ? "done.hint" : "done.hint.no_date"
    hintArgs: ({ "arrives": values.arrives ?? "" })
    primary: "button.finish"
    primaryIntent: "receipt"
    primaryIntentArgs: ({ "paper": false })
    secondary: ""

    Picture {
        visible: !Theme.large && (!Theme.low || frame.values.receipt === true)
        least: Theme.mm(Theme.low ? 36 : 80)
        name: "done-parcel"
    }

    Figure {
        label: Words.say("number.label", {})
        value: Words.registered(frame.values.number ?? "")
    }

    Band {
        visible: frame.values.receipt !== true
        kind: "warn"
        title: Words.say("done.keep_number", {})
        body: Words.say("done.no_printer", {})
    }

    FactRow {
        icon: "warning"
        value: Words.say("done.things", {})
        last: true
    }

    touch: ButtonRow {
        QuietButton {
            objectName: "done-paper"
            visible: frame.values.receipt === true && frame.offered("receipt")
            icon: "receipt"
            text: Words.say("done.paper", {})
            onTapped: frame.intent("receipt", { "paper": true })
        }
    }
}
