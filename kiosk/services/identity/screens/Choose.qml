import QtQuick
import PostKiosk

// Which document; only those that can be checked now.
ScreenFrame {
    id: frame

    readonly property var kinds: values.kinds ?? []

    question: "id.choose.question"
    hint: "id.choose.hint"

    Picture {
        visible: !Theme.large
        name: "id-both"
        least: Theme.mm(Theme.low ? 36 : 110 + 54 * (4 - frame.kinds.length))
    }

    touch: ChoiceList {
        tallest: Theme.mm(52)
        model: frame.kinds.map(kind => ({
                    "key": kind,
                    "title": Words.say("id.kind." + kind, {}),
                    "icon": kind === "passport" ? "passport" : "id-card"
                }))
        onPicked: key => frame.intent("choose_document", { "kind": key })
    }
}
