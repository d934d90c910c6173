import QtQuick
import PostKiosk

// To which bank; choosing leads on.
ScreenFrame {
    id: frame

    question: "bank.payeeBank.question"

    Picture {
        readonly property int many: (frame.values.banks ?? []).length

        visible: !Theme.large && many <= 4
        name: "bank-house"
        least: Theme.mm(Theme.low ? 36 : 90 + 54 * (4 - many))
    }

    touch: ChoiceList {
        tallest: Theme.mm(60)
        model: (frame.values.banks ?? []).map(each => ({ "key": each.code, "title": each.name, "icon": "bank" }))
        chosen: frame.values.chosen ?? null
        onPicked: key => frame.intent("choose_bank", { "bank": key })
    }
}
