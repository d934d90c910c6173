import QtQuick
import PostKiosk

// The document has a chip: it has to lie on the reader until it is read.
ScreenFrame {
    id: frame

    question: "id.lay.question"
    hint: "id.lay.hint"

    Picture {
        name: frame.values.kind === "passport" ? "id-chip" : "id-chip-card"
        least: Theme.mm(Theme.low ? 36 : Theme.large ? 40 : 80)
    }

    Band {
        visible: !Theme.large
        icon: "clock"
        title: Words.say("id.lay.wait", {})
    }
}
