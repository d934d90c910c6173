pragma ComponentBehavior: Bound

import QtQuick
import PostKiosk

// The last entries, newest first, in pages.
ScreenFrame {
    id: frame

    compact: true
    question: "bank.entries.question"
    primary: "bank.balance.back"
    secondary: "button.cancel"
    secondaryIntent: "cancel"

    Band {
        visible: (frame.values.entries ?? []).length === 0
        title: Words.say("bank.entries.none", {})
    }

    Repeater {
        model: frame.values.entries ?? []

        FactRow {
            required property var modelData

            label: Words.say("bank.entry.line", { "day": modelData.at, "kind": Words.say("bank.entry." + modelData.kind, {}) })
            value: Words.money(modelData.won)
            detail: Words.say("bank.entries.left", { "won": modelData.balance_won })
        }
    }
}
