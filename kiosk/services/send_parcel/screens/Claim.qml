import QtQuick
import PostKiosk
import "parts"

// Something is left to settle: the number to ask with, on paper where it came out, always on the screen.
ScreenFrame {
    id: frame

    readonly property string slip: values.slip ?? "failed"

    question: "claim." + slip + ".question"
    hint: "claim.hint"
    primary: "claim.confirm"
    secondary: ""

    Picture {
        visible: !Theme.large && !Theme.low
        name: frame.slip === "printed" ? "take-receipt" : frame.slip === "printing" ? "working-receipt" : "pencil"
    }

    Figure {
        label: Words.say("claim.key", {})
        value: frame.values.key ?? ""
    }

    Figure {
        visible: (frame.values.number ?? "") !== ""
        label: Words.say("number.label", {})
        value: Words.registered(frame.values.number ?? "")
    }

    MoneyLine {
        label: Words.say("claim.won", {})
        won: frame.values.total_won ?? 0
    }

    Desk {
        telephone: frame.values.telephone ?? ""
        hours: frame.values.hours ?? ""
    }
}
