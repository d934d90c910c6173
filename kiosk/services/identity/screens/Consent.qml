pragma ComponentBehavior: Bound

import QtQuick
import PostKiosk

// What is agreed to: required parts together, each optional part by a plate of its own, off until it is pressed.
ScreenFrame {
    id: frame

    property var taken: []
    readonly property string prefix: "id.consent." + (values.consent ?? "check") + "."
    readonly property var told: ({ "authority": values.authority ?? "" })
    readonly property var icons: ({
            "use": "id-card",
            "check": "search",
            "keep": "lock",
            "bank": "bank",
            "authority": "lock"
        })

    readonly property int offeredParts: (values.required ?? []).length + (values.optional ?? []).length // all on one page

    function toggle(part: string): void {
        frame.taken = frame.taken.indexOf(part) >= 0 ? frame.taken.filter(each => each !== part) : frame.taken.concat([part]);
    }

    question: "id.consent.question"
    hint: "id.consent.hint"
    primary: "id.consent.agree"
    primaryIntent: "consent"
    primaryIntentArgs: ({ "optional": frame.taken })
    secondary: "button.cancel"
    secondaryIntent: "cancel"

    Picture {
        visible: !Theme.large && !Theme.low && frame.offeredParts < 5
        name: "id-consent"
        least: Theme.mm(Theme.latin ? 44 : 56)
    }

    Repeater {
        model: frame.values.required ?? []

        FactRow {
            required property string modelData
            required property int index

            icon: frame.icons[modelData] ?? "dot"
            value: Words.say(frame.prefix + modelData, frame.told)
            detail: Words.say(frame.prefix + modelData + ".detail", frame.told)
            last: index === (frame.values.required ?? []).length - 1
        }
    }

    touch: Repeater {
        model: frame.values.optional ?? []

        ChoicePlate {
            required property string modelData

            objectName: "optional-" + modelData
            title: Words.say(frame.prefix + modelData, frame.told)
            detail: Words.say("id.consent.optional", {})
            selected: frame.taken.indexOf(modelData) >= 0
            label: title + ", " + (selected ? Words.say("id.consent.taken", {}) : detail)
            onTapped: frame.toggle(modelData)
        }
    }
}
