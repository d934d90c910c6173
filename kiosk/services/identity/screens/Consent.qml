pragma ComponentBehavior: Bound

import QtQuick
import PostKiosk

// What is agreed to: required parts together, each optional part by a switch of its own, off until it is pressed.
ScreenFrame {
    id: frame

    property var taken: []

    function toggle(part: string): void {
        frame.taken = frame.taken.indexOf(part) >= 0 ? frame.taken.filter(each => each !== part) : frame.taken.concat([part]);
    }

    question: "id.consent.question"
    compact: true
    primary: "id.consent.agree"
    primaryIntent: "consent"
    primaryIntentArgs: ({ "optional": frame.taken })
    secondary: "button.cancel"
    secondaryIntent: "cancel"

    Repeater {
        model: frame.values.required ?? []

        FactRow {
            required property string modelData
            required property int index

            icon: index === 0 ? "shield-check" : "dot"
            value: Words.say("id.consent." + (frame.values.consent ?? "check") + "." + modelData, {})
        }
    }

    touch: ButtonRow {
        visible: (frame.values.optional ?? []).length > 0

        Repeater {
            model: frame.values.optional ?? []

            QuietButton {
                required property string modelData

                objectName: "optional-" + modelData
                selected: frame.taken.indexOf(modelData) >= 0
                text: Words.say("id.consent." + (frame.values.consent ?? "check") + "." + modelData, {})
                onTapped: frame.toggle(modelData)
            }
        }
    }
}
