import QtQuick
import PostKiosk
import "parts"

// The hatch is open; its sensors say when the parcel is in and the door shut.
ScreenFrame {
    id: frame

    question: "drop.question"
    hint: Theme.large ? "" : "drop.hint"

    Picture {
        name: "hatch-open"
        least: Theme.mm(Theme.low ? 36 : Theme.large ? 40 : 80)
    }

    Moves {
        first: Words.say("drop.one", {})
        second: Words.say("drop.two", {})
    }

    Figure {
        visible: !Theme.large
        label: Words.say("number.label", {})
        value: Words.registered(frame.values.number ?? "")
    }
}
