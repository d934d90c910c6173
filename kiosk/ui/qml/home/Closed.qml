pragma ComponentBehavior: Bound
import QtQuick
import PostKiosk

// Out of service: what does not work, whose fault it is, and what still works.
ScreenFrame {
    id: frame

    readonly property var devices: (values.reasons ?? []).map(reason => reason.device).filter((device, at, all) => all.indexOf(device) === at)

    named: true
    question: "closed.question"
    hint: "closed.hint"
    secondary: ""

    Picture {
        name: "printer-trouble"
    }

    Repeater {
        model: frame.devices

        FactRow {
            required property string modelData

            icon: "warning"
            value: Words.say("device." + modelData, {})
        }
    }

    Band {
        kind: "info"
        icon: "call"
        title: Link.staff.telephone ?? ""
        body: [Words.say("closed.works", {}), Link.staff.hours ?? ""].filter(line => line !== "").join("\n")
    }
}
