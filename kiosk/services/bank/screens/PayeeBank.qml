import QtQuick
import PostKiosk

// To which bank; choosing leads on.
ScreenFrame {
    id: frame

    question: "bank.payeeBank.question"

    touch: ChoiceList {
        tallest: Theme.mm(60)
        model: (frame.values.banks ?? []).map(each => ({ "key": each.code, "title": each.name, "icon": "bank" }))
        chosen: frame.values.chosen ?? null
        onPicked: key => frame.intent("choose_bank", { "bank": key })
    }
}
