import QtQuick
import PostKiosk

// Paid, and the label did not come out: whose fault it is, what is safe, what comes next.
ScreenFrame {
    id: frame

    readonly property bool again: values.again === true
    readonly property string cause: ["jam", "consumable_out"].indexOf(values.code) >= 0 ? "." + values.code : ""

    question: again ? "stuck.again.question" : "stuck" + cause + ".question"
    hint: values.code === "restart" ? "stuck.again.hint" : "fault.ours"
    primary: again && offered("came_out") ? "stuck.came_out" : "stuck.retry"
    primaryIntent: again && offered("came_out") ? "came_out" : "retry"
    secondary: "stuck.leave"
    secondaryIntent: "leave"

    Picture {
        visible: !Theme.large
        name: "printer-trouble"
        least: Theme.mm(Theme.low ? 36 : Theme.large ? 40 : 80)
    }

    Band {
        kind: "ok"
        title: Words.say("safe.paid_once", {})
        body: frame.values.number ? Words.say("stuck.number", {}) : ""
    }

    Band {
        icon: frame.offered("reverse") ? "cash" : "printer"
        title: Words.say(frame.offered("reverse") ? "stuck.next.reverse" : "stuck.next.retry", {})
    }

    touch: ButtonRow {
        QuietButton {
            visible: frame.again && frame.offered("retry")
            text: Words.say("stuck.not_out", {})
            onTapped: frame.intent("retry", {})
        }

        QuietButton {
            visible: frame.offered("reverse")
            text: Words.say("stuck.reverse", {})
            onTapped: frame.intent("reverse", {})
        }
    }
}
