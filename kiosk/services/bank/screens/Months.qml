import QtQuick
import PostKiosk

// For how long; choosing leads on.
ScreenFrame {
    id: frame

    question: "bank.term.question"

    Picture {
        readonly property int many: (frame.values.months ?? []).length

        visible: !Theme.large && many <= 4
        name: "notes-coins"
        least: Theme.mm(Theme.low ? 36 : 90 + 54 * (4 - many))
    }

    touch: ChoiceList {
        tallest: Theme.mm(60)
        model: (frame.values.months ?? []).map(n => ({ "key": n, "title": Words.say("bank.months", { "months": n }), "icon": "clock" }))
        chosen: frame.values.chosen ?? null
        onPicked: key => frame.intent("choose_term", { "months": key })
    }
}
