import QtQuick
import PostKiosk

// For how long; choosing leads on.
ScreenFrame {
    id: frame

    question: "bank.term.question"

    touch: ChoiceList {
        tallest: Theme.mm(60)
        model: (frame.values.months ?? []).map(n => ({ "key": n, "title": Words.say("bank.months", { "months": n }), "icon": "clock" }))
        chosen: frame.values.chosen ?? null
        onPicked: key => frame.intent("choose_term", { "months": key })
    }
}
