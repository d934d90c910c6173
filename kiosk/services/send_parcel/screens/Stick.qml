import QtQuick
import PostKiosk
import "parts"

// The label goes onto the parcel; the camera's reading of it leads on.
ScreenFrame {
    id: frame

    question: "stick.question"
    hint: Theme.large ? "" : "stick.hint"
    primary: "reopen.leave" // shown only while it is offered: the scanner or the scale cannot see
    primaryIntent: "leave"
    secondary: "stick.retry"
    secondaryIntent: "retry"

    Picture {
        name: "stick-label"
        camera: true
        least: Theme.mm(Theme.low ? 36 : Theme.large ? 40 : 80)
    }

    Moves {
        first: Words.say("stick.one", {})
        second: Words.say("stick.two", {})
    }

    Band {
        visible: !Theme.large
        icon: "search"
        title: Words.say("stick.looking", {})
    }
}
