import QtQuick
import PostKiosk

// What the customer came for; account services only while card and PIN can be asked for.
ScreenFrame {
    id: frame

    readonly property var icons: ({
            "loan": "coin",
            "saving": "cash",
            "insurance": "shield",
            "account": "card",
            "status": "documents"
        })
    readonly property var kinds: (values.account === true ? ["account"] : []).concat(values.kinds ?? []).concat(values.status === true ? ["status"] : [])

    named: true
    question: "bank.start.question"
    hint: values.account === true ? "bank.start.hint" : "bank.start.no_account"

    touch: ChoiceList {
        tallest: Theme.mm(58)
        model: frame.kinds.map(kind => ({
                    "key": kind,
                    "title": Words.say("bank.kind." + kind, {}),
                    "detail": Words.say("bank.kind." + kind + ".detail", {}),
                    "icon": frame.icons[kind] ?? "bank"
                }))
        onPicked: key => frame.intent("choose_kind", { "kind": key })
    }
}
