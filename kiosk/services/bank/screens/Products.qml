import QtQuick
import PostKiosk

// Every product of one kind with its bank and its rate.
ScreenFrame {
    id: frame

    question: "bank.products." + (values.kind ?? "loan") + ".question"
    hint: "bank.products.hint"
    primary: "bank.products.compare"
    primaryIntent: "compare"

    Picture {
        readonly property int many: (frame.values.products ?? []).length

        visible: !Theme.large && many <= 4
        name: "papers"
        least: Theme.mm(Theme.low ? 36 : 44 + 50 * (4 - many))
    }

    touch: ChoiceList {
        tallest: Theme.mm(66)
        model: (frame.values.products ?? []).map(product => ({
                    "key": product.id,
                    "title": product.name,
                    "detail": product.bank + (product.rated ? ", " + Words.say("bank.rate", { "low": product.low, "high": product.high }) : ""),
                    "icon": "bank"
                }))
        onPicked: key => frame.intent("choose_product", { "id": key })
    }
}
