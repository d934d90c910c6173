pragma ComponentBehavior: Bound

import QtQuick
import PostKiosk
import "parts"

// What must not be inside; the customer says that it is not.
ScreenFrame {
    id: frame

    readonly property var icons: ({
            "pledge.cash": "no-cash",
            "pledge.animals": "no-animals",
            "pledge.flammable": "no-flammable",
            "pledge.battery": "no-battery",
            "pledge.glass": "no-glass",
            "pledge.heavy": "no-heavy"
        })

    question: "pledge.question"
    hint: "pledge.hint"
    primary: "pledge.confirm"

    touch: ButtonRow {
        QuietButton {
            objectName: "pledge-inside"
            visible: frame.offered("inside")
            text: Words.say("pledge.inside", {})
            onTapped: frame.intent("inside", {})
        }
    }

    Forbidden {
        visible: !Theme.large && !Theme.low
        items: frame.values.items ?? []
        icons: frame.icons
    }

    Repeater {
        model: Theme.large || Theme.low ? frame.values.items ?? [] : []

        FactRow {
            required property string modelData

            icon: frame.icons[modelData] ?? ""
            value: Words.say(modelData, {})
        }
    }
}
