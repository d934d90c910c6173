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
        least: Theme.mm(Theme.low ? 36 : 80)
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
}
