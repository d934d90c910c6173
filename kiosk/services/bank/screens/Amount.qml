import QtQuick
import PostKiosk

// How much; a bill has its own sum.
ScreenFrame {
    id: frame

    readonly property bool bill: values.bill === true

    question: bill ? "bank.amount.bill.question" : "bank.amount.question"
    hint: "bank.amount.hint"
    hintArgs: ({ "name": values.name ?? "", "bank": values.bank ?? "", "account": values.account ?? "" })
    primary: "bank.amount.done"
    primaryIntent: "set_amount"
    primaryIntentArgs: ({ "won": bill ? values.won ?? 0 : Number(pad.text) })
    primaryWhen: bill || pad.text !== ""

    MoneyLine {
        visible: frame.bill
        label: Words.say("bank.confirm.won", {})
        won: frame.values.won ?? 0
    }

    touch: NumberPad {
        id: pad

        visible: !frame.bill
        stretch: !frame.bill
        label: Words.say("bank.amount.placeholder", {})
        placeholder: Words.say("bank.amount.placeholder", {})
        initial: frame.values.won ? String(frame.values.won) : ""
        pattern: "money"
        max: 11
    }
}
