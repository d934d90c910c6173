import QtQuick
import PostKiosk

// This parcel cannot be sent here: what may be sent, and what to do now.
ScreenFrame {
    id: frame

    readonly property string code: values.code ?? "E_SIZE_SUM"

    question: "refused." + code + ".question"
    questionArgs: values.limits ?? ({})
    hint: "refused." + code + ".hint"
    primary: "refused.confirm"

    Picture {
        visible: !Theme.large
        name: "take-back"
        least: Theme.mm(Theme.low ? 36 : Theme.large ? 40 : 80)
    }

    Band {
        kind: "ok"
        title: Words.say("safe.not_paid", {})
    }

    Band {
        icon: "box"
        title: Words.say("refused." + frame.code + ".next", {})
        body: Words.say("refused.desk", {})
    }
}
