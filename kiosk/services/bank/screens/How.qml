import QtQuick
import PostKiosk

// How to talk to the bank; choosing leads on.
ScreenFrame {
    id: frame

    readonly property var icons: ({ "branch": "bank", "phone": "phone", "video": "staff" })

    question: "bank.how.question"

    Picture {
        readonly property int many: (frame.values.ways ?? []).length

        visible: !Theme.large && many <= 4
        name: "phone-desk"
        least: Theme.mm(Theme.low ? 36 : 90 + 54 * (4 - many))
    }

    touch: ChoiceList {
        tallest: Theme.mm(70)
        model: (frame.values.ways ?? []).map(way => ({ "key": way, "title": Words.say("bank.how." + way, {}), "icon": frame.icons[way] ?? "call" }))
        chosen: frame.values.chosen ?? null
        onPicked: key => frame.intent("choose_how", { "how": key })
    }
}
