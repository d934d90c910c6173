import QtQuick
import PostKiosk

// A machine is at work; nothing is shown as done here.
ScreenFrame {
    id: frame

    readonly property string what: values.what ?? "checking"
    readonly property string laid: values.kind === "passport" ? "id-on-chip" : values.kind === "residence_permit" ? "id-on-chip-card" : "id-asked"
    readonly property var pictures: ({ "reading": "id-on-glass", "print": "working-receipt", "comparing": "card-at-bank", "sealing": "sealed-letter", "checking": frame.laid })

    question: "id.working." + what
    hint: "id.working.hint"
    secondary: ""

    Picture {
        name: frame.pictures[frame.what] ?? "id-asked"
        least: Theme.mm(Theme.low ? 36 : Theme.large ? 40 : 80)
    }

    Band {
        visible: !Theme.large
        icon: "clock"
        title: Words.say("id.working.wait", {})
    }
}
