import QtQuick
import PostKiosk

// Which kind of business nobody shall do in the customer's name; choosing leads on.
ScreenFrame {
    id: frame

    readonly property var icons: ({ "lending": "cash", "remote_accounts": "phone", "open_banking": "bank" })

    question: "bank.block.question"
    hint: "bank.block.hint"

    Picture {
        readonly property int many: (frame.values.blocks ?? []).length

        visible: !Theme.large && many <= 4
        name: "card-guarded"
        least: Theme.mm(Theme.low ? 36 : 90 + 54 * (4 - many))
    }

    touch: ChoiceList {
        tallest: Theme.mm(60)
        model: (frame.values.blocks ?? []).map(word => ({ "key": word, "title": Words.say("bank.block." + word, {}), "icon": frame.icons[word] ?? "shield" }))
        chosen: frame.values.chosen ?? null
        onPicked: key => frame.intent("choose_block", { "block": key })
    }
}
