import QtQuick
import PostKiosk

// Nobody knows yet whether the bank has the signature.
ScreenFrame {
    id: frame

    question: "bank.doubt.question"
    hint: "bank.contractDoubt.hint"
    primary: offered("confirm") ? "button.finish" : ""
    secondary: "bank.doubt.leave"
    secondaryIntent: "leave"

    Picture {
        visible: !Theme.large
        name: "bank-house"
        least: Theme.mm(Theme.low ? 36 : 80)
    }

    Band {
        icon: "call"
        title: Words.say("bank.contractDoubt.call", {})
        body: Theme.large ? "" : frame.values.telephone ?? ""
    }

    FactRow {
        visible: (frame.values.key ?? "") !== ""
        icon: "receipt"
        label: Words.say("bank.doubt.number", {})
        value: frame.values.key ?? ""
        last: true
    }
}
