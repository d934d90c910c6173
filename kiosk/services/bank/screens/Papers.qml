import QtQuick
import PostKiosk

// One paper after another under the document camera, or later at the bank.
ScreenFrame {
    id: frame

    question: "bank.papers.question"
    questionArgs: ({ "paper": Words.say("bank.paper." + (values.paper ?? "income"), {}) })
    hint: values.camera === true ? "bank.papers.hint" : "bank.papers.no_camera"
    primary: "bank.papers.take"

    Picture {
        visible: !Theme.large
        name: "paper-glass"
        least: Theme.mm(Theme.low ? 36 : 80)
    }

    Band {
        kind: "ok"
        title: Words.say("bank.papers.sealed", {})
        body: Words.say("bank.disclose.at", { "at": frame.values.at ?? 1, "of": frame.values.of ?? 1 })
    }

    touch: ButtonRow {
        QuietButton {
            objectName: "do-later"
            visible: frame.offered("later")
            text: Words.say("bank.papers.later", {})
            onTapped: frame.intent("later", { "paper": frame.values.paper ?? "" })
        }
    }
}
