import QtQuick
import PostKiosk

// The hatch did not take the parcel: what is safe, and opening it again.
ScreenFrame {
    id: frame

    readonly property string cause: ["empty", "door_stuck", "door_open", "on_table"].indexOf(values.code) >= 0 ? "." + values.code : ""

    readonly property bool ajar: ["door_open", "jam"].indexOf(values.code) >= 0

    question: "reopen" + cause + ".question"
    hint: "reopen.hint"
    primary: "reopen.retry"
    primaryIntent: "retry"
    secondary: "reopen.leave"
    secondaryIntent: "leave"

    Picture {
        name: frame.ajar ? "hatch-trouble" : "hatch-closed"
        least: Theme.mm(Theme.low ? 36 : Theme.large ? 40 : 80)
    }

    Band {
        kind: "ok"
        title: Words.say("safe.paid_once", {})
    }

    Band {
        icon: "hatch"
        title: Words.say("reopen.next", {})
        body: Words.say("reopen.next.detail", {})
    }
}
