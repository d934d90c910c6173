import QtQuick
import PostKiosk

// Which document; only those that can be checked now.
ScreenFrame {
    id: frame

    readonly property var icons: ({ "passport": "book", "residence_permit": "card", "resident_card": "card", "licence": "card" })

    question: "id.choose.question"
    hint: "id.choose.hint"

    touch: ChoiceList {
        tallest: Theme.mm(60)
        model: (frame.values.kinds ?? []).map(kind => ({
                    "key": kind,
                    "title": Words.say("id.kind." + kind, {}),
                    "icon": frame.icons[kind] ?? "card"
                }))
        onPicked: key => frame.intent("choose_document", { "kind": key })
    }
}
