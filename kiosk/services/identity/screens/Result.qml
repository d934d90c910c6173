pragma ComponentBehavior: Bound

import QtQuick
import PostKiosk

// Checked or not checked, and what can be done now; which of the reasons it was, an officer is told. Where a way to
// prove the holder is left, the first is the wide action.
ScreenFrame {
    id: frame

    readonly property string outcome: values.state ?? "not_checked"
    readonly property bool good: outcome === "checked" || outcome === "proven"
    readonly property var ways: (values.ways ?? []).slice().sort() // a card is quicker than waiting for a person
    readonly property bool again: offered("retry")
    readonly property bool proving: good && ways.length > 0
    readonly property var icons: ({ "officer": "call", "card": "card" })

    question: proving ? "id.result.holder" : "id.result." + outcome
    hint: proving ? "id.result.holder.detail" : outcome === "limited" && !values.until ? "id.result.limited.visit" : "id.result." + outcome + "." + (values.next ?? "hint")
    hintArgs: ({ "time": frame.values.until ? Words.clock(frame.values.until) : "" })
    done: good && !proving
    primary: proving ? "id.prove." + ways[0] : again ? "id.result.retry" : outcome === "proven" ? "id.result.go_on" : "button.finish"
    primaryIntent: proving ? "prove" : again ? "retry" : "confirm"
    primaryIntentArgs: proving ? { "way": ways[0] } : {}
    secondary: proving || again ? "id.result.finish" : ""
    secondaryIntent: "confirm"

    Picture {
        name: frame.good ? "id-checked" : frame.again ? "id-again" : "bell-staff"
        least: Theme.mm(Theme.low ? 36 : Theme.large ? 40 : 70)
    }

    Band {
        visible: frame.proving
        kind: "ok"
        title: Words.say("id.result.checked.hint", {})
    }

    Band {
        visible: frame.values.sent === true
        kind: "ok"
        title: Words.say("id.result.sent", {})
    }

    touch: ButtonRow {
        visible: frame.ways.length > (frame.proving ? 1 : 0)

        Repeater {
            model: frame.proving ? frame.ways.slice(1) : frame.ways

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
