import QtQuick
import PostKiosk

// Nobody knows yet whether the bank has the application.
ScreenFrame {
    id: frame

    question: "bank.doubt.question"
    hint: "bank.doubt.hint"
    secondary: "bank.doubt.leave"
    secondaryIntent: "leave"

    Picture {
        visible: !Theme.large
        name: "bank-house"
        least: Theme.mm(Theme.low ? 36 : 80)
    }

    Band {
        kind: "ok"
        title: Words.say("bank.doubt.safe", {})
    }

    Band {
        icon: "call"
        title: Words.say("bank.doubt.call", {})
        body: [frame.values.key ?? "", Theme.large ? "" : frame.values.telephone ?? ""].filter(each => each !== "").join(" · ")
    }
}
