pragma ComponentBehavior: Bound

import QtQuick
import PostKiosk

// One point that must be understood by itself; those around it stand below, so that the way is in sight.
ScreenFrame {
    id: frame

    readonly property int here: (values.at ?? 1) - 1
    readonly property int shown: 5
    readonly property int first: Math.max(0, Math.min(here - 1, (values.points ?? []).length - shown))

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
        model: Theme.large || Theme.low ? [] : (frame.values.points ?? []).slice(frame.first, frame.first + frame.shown)

        FactRow {
            required property string modelData
            required property int index

            readonly property int place: frame.first + index

            icon: place < frame.here ? "done" : place === frame.here ? "chevron-right" : "ring"
            detail: modelData
            last: index === frame.shown - 1 || place === (frame.values.points ?? []).length - 1
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
