import QtQuick
import PostKiosk

// The bank's own record shows the block.
ScreenFrame {
    id: frame

    done: true
    question: "bank.blocked.question"
    primary: "button.finish"
    secondary: ""

    Picture {
        visible: !Theme.large && !Theme.low
        name: "card-blocked"
        least: Theme.mm(60)
    }

    FactRow {
        icon: "shield-check"
        value: Words.say("bank.block." + (frame.values.block ?? "lending"), {})
        detail: Words.say("bank.block.lift", {})
    }

    FactRow {
        icon: "call"
        label: Words.say("bank.blocked.bank", {})
        value: frame.values.bank ?? ""
        last: true
    }
}
