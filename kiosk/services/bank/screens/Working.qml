import QtQuick
import PostKiosk

// The bank, the camera or the branch itself is at work; nothing is shown as done here.
ScreenFrame {
    id: frame

    readonly property string what: values.what ?? "asking"
    readonly property var pictures: ({
            "looking": "card-guarded",
            "telling": "card-guarded",
            "taking": "paper-glass",
            "handing": "bank-house",
            "deciding": "bank-house",
            "asking": "bank-house",
            "sending": "unsure-payment"
        })

    question: "bank.working." + what + ".question"
    hint: "bank.working." + what + ".hint"

    Picture {
        name: frame.pictures[frame.what] ?? "bank-house"
        least: Theme.mm(Theme.low ? 36 : Theme.large ? 40 : 80)
    }

    Band {
        visible: !Theme.large
        icon: "clock"
        title: Words.say("working.wait", {})
    }
}
