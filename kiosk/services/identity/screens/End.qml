import QtQuick
import PostKiosk

// The last word: take the paper, or know that it was sent without one. Take the document along.
ScreenFrame {
    id: frame

    readonly property bool printed: values.printed === true

    question: printed ? "id.end.printed" : "id.end.failed"
    hint: "id.end.hint"
    done: true
    primary: "button.finish"
    secondary: ""

    Picture {
        visible: !Theme.low
        name: frame.printed ? "take-receipt" : "done"
        least: Theme.mm(Theme.large ? 40 : 80)
    }

    FactRow {
        icon: "card"
        value: Words.say("id.end.things", {})
        last: true
    }
}
