pragma ComponentBehavior: Bound

import QtQuick
import PostKiosk

// One point that must be understood by itself; all of them stand below, so that the end is in sight.
ScreenFrame {
    id: frame

    readonly property int here: (values.at ?? 1) - 1

    question: "bank.disclose.question"
    questionArgs: ({ "title": values.title ?? "" })
    primary: "bank.disclose.understood"
    primaryIntent: "understood"
    primaryIntentArgs: ({ "id": values.id ?? "" })

    Band {
        icon: "info"
        title: Words.say("bank.disclose.at", { "at": frame.values.at ?? 1, "of": frame.values.of ?? 1 })
        body: Words.say("bank.disclose.body", { "body": frame.values.body ?? "" })
    }

    Repeater {
        model: Theme.large || Theme.low ? [] : frame.values.points ?? []

        FactRow {
            required property string modelData
            required property int index

            icon: index < frame.here ? "done" : index === frame.here ? "chevron-right" : "ring"
            detail: modelData
            last: index === (frame.values.points ?? []).length - 1
        }
    }

    touch: ButtonRow {
        QuietButton {
            objectName: "do-listen"
            icon: "voice"
            text: Words.say("bank.disclose.listen", {})
            onTapped: Link.again()
        }
    }
}
