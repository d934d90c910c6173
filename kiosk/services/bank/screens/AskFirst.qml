import QtQuick
import PostKiosk

// Before the questions: why they are asked, and that there is time.
ScreenFrame {
    id: frame

    wall: "warn"
    question: "bank.askFirst.question"
    hint: "bank.askFirst.hint"
    hintArgs: ({ "n": values.n ?? 1 })
    primary: "bank.askFirst.begin"
    primaryIntent: "begin"

    Picture {
        visible: !Theme.large
        name: "pause"
        least: Theme.mm(Theme.low ? 36 : 60)
    }

    Band {
        visible: (frame.values.reason ?? "") !== ""
        kind: "warn"
        title: visible ? Words.say(frame.values.reason, {}) : ""
    }

    FactRow {
        icon: "clock"
        value: Words.say("bank.askFirst.time", {})
    }

    FactRow {
        icon: "person"
        value: Words.say("bank.askFirst.alone", {})
        last: true
    }

    Band {
        visible: (frame.values.slip ?? "") !== ""
        kind: frame.values.slip === "failed" ? "warn" : "info"
        title: visible ? Words.say("bank.leaflet." + frame.values.slip, {}) : ""
    }

    touch: ButtonRow {
        QuietButton {
            objectName: "do-slip"
            visible: frame.offered("slip")
            icon: "receipt"
            text: Words.say("bank.leaflet.print", {})
            onTapped: frame.intent("slip", {})
        }
    }
}
