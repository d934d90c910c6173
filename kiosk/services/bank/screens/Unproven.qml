import QtQuick
import PostKiosk

// A document is not its holder: nothing goes on from here, and what will do instead.
ScreenFrame {
    id: frame

    wall: "warn"
    question: "bank.unproven.question"
    hint: "bank.unproven.hint"
    primary: "bank.unproven.finish"

    Picture {
        visible: !Theme.large && !Theme.low
        name: "phone-desk"
        least: Theme.mm(60)
    }

    Band {
        kind: "ok"
        title: Words.say("bank.unproven.safe", {})
    }

    Band {
        icon: "bank"
        title: Words.say("bank.unproven.next", {})
        body: Theme.large ? "" : frame.values.telephone ?? ""
    }

    touch: ButtonRow {
        QuietButton {
            objectName: "do-appoint"
            visible: frame.offered("appoint")
            icon: "call"
            text: Words.say("bank.product.appoint", {})
            onTapped: frame.intent("appoint", {})
        }
    }
}
