import QtQuick
import PostKiosk

// What to do with the account that card and PIN opened.
ScreenFrame {
    id: frame

    readonly property var icons: ({ "balance": "cash", "entries": "documents", "transfer": "coin", "delayed": "clock", "bill": "receipt", "block": "shield" })

    question: "bank.account.question"
    hint: "bank.account.hint"
    hintArgs: ({ "bank": values.bank ?? "", "card": values.card ?? "" })
    secondary: "button.cancel"
    secondaryIntent: "cancel"

    touch: ChoiceList {
        tallest: Theme.mm(50)
        model: (frame.values.business ?? []).map(what => ({ "key": what, "title": Words.say("bank.business." + what, {}), "icon": frame.icons[what] ?? "card" }))
        onPicked: key => frame.intent("choose_business", { "what": key })
    }
}
