import QtQuick
import PostKiosk

// An officer was called; only what the desk has recorded is shown.
ScreenFrame {
    id: frame

    readonly property string state_: values.state ?? "waiting"
    readonly property bool queued: state_ === "waiting" && (values.place ?? 0) > 0
    readonly property string told: queued ? "place" : ["taken", "no_answer"].indexOf(state_) >= 0 ? state_ : "waiting"

    wall: "warn"
    question: "bank.officer.question"
    hint: "bank.officer.hint"

    Picture {
        name: "phone-desk"
        least: Theme.mm(Theme.low ? 36 : Theme.large ? 40 : 80)
    }

    Band {
        icon: "clock"
        title: Words.say("bank.officer." + frame.told, { "place": frame.values.place ?? 0 })
        body: frame.values.text ? Words.say("bank.officer.text", { "text": frame.values.text }) : ""
    }
}
