import QtQuick
import PostKiosk
import "parts"

// A question of the pre-check: it decides nothing.
ScreenFrame {
    id: frame

    question: "bank.eligible.question"
    questionArgs: ({ "text": values.text ?? "" })
    hint: "bank.eligible.hint"

    Picture {
        visible: !Theme.large && !Theme.low
        name: "papers"
        least: Theme.mm(60)
    }

    Band {
        icon: "info"
        title: Words.say("bank.disclose.at", { "at": frame.values.at ?? 1, "of": frame.values.of ?? 1 })
    }

    touch: YesNo {
        yes: Words.say("bank.yes", {})
        no: Words.say("bank.no", {})
        onChosen: yes => frame.intent("reply", { "id": frame.values.id ?? "", "yes": yes })
    }
}
