import QtQuick
import PostKiosk

// A device is at work, and perhaps a hand of the person in front is needed.
ScreenFrame {
    id: frame

    readonly property string doing: values.doing ?? "testing"
    readonly property bool asked: doing === "testing" && ["scale", "hatch", "scanner", "code_reader", "signal_tower"].indexOf(values.device) >= 0

    question: "maintenance.working." + doing
    hint: asked ? "maintenance.testing." + values.device : ""
    staff: true
    secondary: ""

    Picture {
        name: frame.values.device === "hatch" ? "hatch-closed" : frame.doing === "printing" ? "working-print" : "measuring"
        least: Theme.mm(Theme.low ? 36 : Theme.large ? 40 : 80)
    }

    Band {
        visible: !Theme.large
        icon: "clock"
        title: Words.say("working.wait", {})
    }
}
