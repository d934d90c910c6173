pragma ComponentBehavior: Bound

import QtQuick
import PostKiosk
import "parts"

// Up to three products beside each other, the same facts in the same order.
ScreenFrame {
    id: frame

    readonly property var products: values.products ?? []

    compact: true
    question: "bank.compare.question"
    hint: "bank.products.hint"

    Repeater {
        model: Theme.large ? [] : ["rate", "most", "basis", "fees"]

        CompareRow {
            required property string modelData
            required property int index

            label: Words.say("bank.compare." + modelData, {})
            names: frame.products.map(product => product.name)
            cells: frame.products.map(product => frame.cell(product, modelData))
            last: index === 3
        }
    }

    Repeater {
        model: Theme.large ? frame.products : []

        FactRow {
            required property var modelData

            label: modelData.name
            value: frame.cell(modelData, "rate")
            detail: frame.cell(modelData, "most")
        }
    }

    function cell(product: var, what: string): string {
        if (what === "rate")
            return product.rated ? Words.say("bank.rate", { "low": product.low, "high": product.high }) : "–";
        if (what === "most")
            return Words.money(product.most_won);
        return what === "basis" ? product.basis : product.fees.join("\n");
    }

    touch: ChoiceList {
        model: frame.products.map(product => ({ "key": product.id, "title": product.name, "detail": frame.cell(product, "rate"), "icon": "bank" }))
        flat: true
        onPicked: key => frame.intent("choose_product", { "id": key })
    }
}
