import QtQuick
import PostKiosk

// What the block does, and that only a counter lifts it, before it is set.
ScreenFrame {
    id: frame

    question: "bank.block." + (values.block ?? "lending") + ".question"
    primary: "bank.block.set"

    Picture {
        visible: !Theme.large && !Theme.low
        name: "card-guarded"
        least: Theme.mm(60)
    }

    FactRow {
        icon: "shield-check"
        value: Words.say("bank.block." + (frame.values.block ?? "lending") + ".detail", {})
    }

    FactRow {
        icon: "bank"
        value: Words.say("bank.block.lift", {})
        last: true
    }
}
