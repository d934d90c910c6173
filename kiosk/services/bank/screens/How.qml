import QtQuick
import PostKiosk

// How to talk to the bank; choosing leads on.
ScreenFrame {
    id: frame

    readonly property var icons: ({ "branch": "bank", "phone": "phone", "video": "staff" })

    question: "bank.how.question"

    touch: ChoiceList {
        tallest: Theme.mm(70)
        model: (frame.values.ways ?? []).map(way => ({ "key": way, "title": Words.say("bank.how." + way, {}), "icon": frame.icons[way] ?? "call" }))
        chosen: frame.values.chosen ?? null
        onPicked: key => frame.intent("choose_how", { "how": key })
    }
}
