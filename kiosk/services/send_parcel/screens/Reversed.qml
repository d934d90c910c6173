import QtQuick
import PostKiosk

// The terminal confirmed that the money went back: the proof, and what comes next.
ScreenFrame {
    id: frame

    done: true
    question: "reversed.question"
    hint: Theme.large ? "" : "reversed.hint"
    primary: "reversed.confirm"
    secondary: ""

    Picture {
        visible: !Theme.large
        name: "money-back"
        least: Theme.mm(Theme.low ? 36 : Theme.large ? 40 : 80)
    }

    Band {
        kind: "ok"
        title: Words.say("reversed.safe", { "won": frame.values.total_won ?? 0 })
        body: frame.values.approval ? Words.say("reversed.approval", { "approval": frame.values.approval }) : ""
    }

    Band {
        icon: "box"
        title: Words.say("reversed.next", {})
        body: frame.values.slip ? Words.say("reversed.slip." + frame.values.slip, {}) : ""
    }
}
