import QtQuick
import PostKiosk

// The last word: take the paper, or know that it did not come out. Take the document along.
ScreenFrame {
    id: frame

    readonly property bool printed: values.printed === true

    question: printed ? "id.end.printed" : "id.end.failed"
    hint: "id.end.hint"
    done: true
    primary: "button.finish"
    secondary: ""

    Picture {
        name: frame.printed ? "take-receipt" : "id-checked"
        least: Theme.mm(Theme.low ? 36 : Theme.large ? 40 : 80)
    }

    Band {
        visible: !frame.printed
        kind: "warn"
        title: Words.say("id.end.no_paper", {})
    }

    FactRow {
        icon: "id-card"
        value: Words.say("id.end.things", {})
        last: true
    }
}
