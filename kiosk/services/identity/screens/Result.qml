pragma ComponentBehavior: Bound

import QtQuick
import PostKiosk

// Checked or not checked, and what can be done now; which of the reasons it was, an officer is told.
ScreenFrame {
    id: frame

    readonly property string outcome: values.state ?? "not_checked"
    readonly property bool good: outcome === "checked" || outcome === "proven"
    readonly property var ways: values.ways ?? []
    readonly property var icons: ({ "officer": "call", "card": "card" })

    question: "id.result." + outcome
    hint: outcome === "limited" && !values.until ? "id.result.limited.visit" : "id.result." + outcome + ".hint"
    hintArgs: ({ "time": frame.values.until ? Words.clock(frame.values.until) : "" })
    done: good
    primary: frame.offered("retry") ? "id.result.retry" : "button.finish"
    primaryIntent: frame.offered("retry") ? "retry" : "confirm"
    secondary: frame.offered("retry") ? "id.result.finish" : ""
    secondaryIntent: "confirm"

    Picture {
        visible: !Theme.low && !Theme.large && frame.ways.length === 0
        name: frame.good ? "done" : "staff"
        least: Theme.mm(70)
    }

    Band {
        visible: frame.outcome === "checked" && frame.values.purpose === "intake"
        title: Words.say("id.result.holder", {})
        body: Words.say("id.result.holder.detail", {})
    }

    Band {
        visible: frame.values.sent === true
        kind: "ok"
        title: Words.say("id.result.sent", {})
    }

    touch: ButtonRow {
        visible: frame.ways.length > 0

        Repeater {
            model: frame.ways

            QuietButton {
                required property string modelData

                objectName: "prove-" + modelData
                icon: frame.icons[modelData] ?? "person"
                text: Words.say("id.prove." + modelData, {})
                onTapped: frame.intent("prove", { "way": modelData })
            }
        }
    }
}
