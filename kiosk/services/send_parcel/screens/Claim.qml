import QtQuick
import PostKiosk
import "parts"

// Something is left to settle: the number to ask with, on paper where it came out, always on the screen.
ScreenFrame {
    id: frame

    readonly property string slip: values.slip ?? "failed"
    readonly property bool inside: values.parcel === "hatch" // perhaps: nothing proves whose parcel lies there

    question: "claim." + slip + ".question"
    hint: "claim.hint"
    primary: "claim.confirm"
    secondary: ""

    Picture {
        visible: !Theme.large && !Theme.low
        least: Theme.mm(30)
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

    Band {
        kind: "warn"
        icon: frame.inside ? "hatch" : "box"
        title: Words.say(frame.inside ? "claim.hatch" : "claim.take", {})
        body: Theme.large ? "" : Words.say(frame.inside ? "claim.hatch.detail" : "claim.take.detail", {})
    }

    Desk {
        telephone: frame.values.telephone ?? ""
        hours: frame.values.hours ?? ""
    }
}
