import QtQuick
import PostKiosk
import "parts"

// One plain question of the shield.
ScreenFrame {
    id: frame

    wall: "warn"
    question: "bank.ask." + (values.question ?? "told") + ".question"
    hint: "bank.ask." + (values.question ?? "told") + ".hint"

    Picture {
        visible: !Theme.large && !Theme.low
        name: "pause"
        least: Theme.mm(60)
    }

    Band {
        kind: "warn"
        icon: "info"
        title: Words.say("bank.disclose.at", { "at": frame.values.at ?? 1, "of": frame.values.of ?? 1 })
    }

    touch: YesNo {
        yes: Words.say("bank.yes", {})
        no: Words.say("bank.no", {})
        onChosen: yes => frame.intent("answer", { "question": frame.values.question ?? "", "yes": yes })
    }
}
