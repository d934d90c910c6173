import QtQuick
import PostKiosk

// A machine is at work; nothing is shown as done here.
ScreenFrame {
    id: frame

    readonly property string what: values.what ?? "measure"
    readonly property var pictures: ({
            "measure": "measuring",
            "ready": "measured-parcel",
            "print": "working-print",
            "open": "working-open",
            "receipt": "working-receipt",
            "reverse": "money-back"
        })

    question: "working." + what + ".question"
    hint: "working." + what + ".hint"
    secondary: frame.offered("leave") ? "unsure.leave" : "button.back"
    secondaryIntent: frame.offered("leave") ? "leave" : "back"

    Picture {
        name: frame.pictures[frame.what] ?? ""
        camera: frame.what === "measure"
        least: Theme.mm(Theme.low ? 36 : Theme.large ? 40 : 80)
    }

    Band {
        visible: !Theme.large
        icon: "clock"
        title: Words.say("working.wait", {})
    }
}
