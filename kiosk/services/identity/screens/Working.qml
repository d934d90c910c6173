import QtQuick
import PostKiosk

// A machine is at work; nothing is shown as done here.
ScreenFrame {
    id: frame

    readonly property string what: values.what ?? "checking"
    readonly property var pictures: ({ "reading": "certificate", "print": "working-receipt", "comparing": "pay-terminal", "sealing": "letter" })

    question: "id.working." + what
    hint: "id.working.hint"
    secondary: ""

    Picture {
        name: frame.pictures[frame.what] ?? "certificate"
        least: Theme.mm(Theme.low ? 36 : Theme.large ? 40 : 80)
    }

    Band {
        visible: !Theme.large
        icon: "clock"
        title: Words.say("id.working.wait", {})
    }
}
