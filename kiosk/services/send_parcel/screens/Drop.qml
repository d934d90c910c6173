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
