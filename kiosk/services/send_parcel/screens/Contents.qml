import QtQuick
import PostKiosk

// What is inside; choosing leads on.
ScreenFrame {
    id: frame

    readonly property var icons: ({
            "book": "book",
            "clothes": "clothes",
            "food": "food",
            "cosmetics": "cosmetics",
            "documents": "documents",
            "household": "household",
            "electronics_small": "electronics",
            "other": "other"
        })

    question: "contents.question"
    hint: "contents.hint"

    touch: ChoiceList {
        columns: 2
        tallest: Theme.mm(78)
        model: (frame.values.choices ?? []).map(code => ({
                    "key": code,
                    "title": Words.say("contents." + code, {}),
                    "icon": frame.icons[code] ?? "other"
                }))
        chosen: frame.values.chosen ?? null
        onPicked: key => frame.intent("choose_contents", { "code": key })
    }
}
