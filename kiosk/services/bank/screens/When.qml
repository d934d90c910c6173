import QtQuick
import PostKiosk

// When to talk to the bank; what does not fit goes to the next page.
ScreenFrame {
    id: frame

    question: "bank.when.question"

    touch: ChoiceList {
        tallest: Theme.mm(40)
        model: (frame.values.slots ?? []).map(slot => ({ "key": slot, "title": Words.say("bank.slot", { "day": slot.slice(0, 10), "hour": Number(slot.slice(11, 13)) }) }))
        onPicked: key => frame.intent("choose_when", { "when": key })
    }
}
