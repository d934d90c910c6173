import QtQuick
import PostKiosk

// How fast; only what can be had now is offered. Choosing leads on.
ScreenFrame {
    id: frame

    readonly property var choices: values.choices ?? []
    readonly property bool closed: choices.some(choice => !choice.available)

    question: "speed.question"
    hint: !closed ? "speed.cut_off" : values.collects === false ? "speed.no_collection" : "speed.closed"
    hintArgs: ({ "time": values.cut_off ? Words.clock(values.cut_off) : "" })

    Picture {
        visible: !Theme.large && !Theme.low
        name: "truck"
        least: Theme.mm(110)
    }

    touch: ChoiceList {
        tallest: Theme.mm(80)
        model: frame.choices.filter(choice => choice.available).map(choice => ({
                    "key": choice.speed,
                    "title": Words.say("speed." + choice.speed, {}),
                    "detail": choice.arrives ? Words.say("speed.arrives", { "arrives": choice.arrives }) : Words.say("speed.no_date", {}),
                    "trailing": choice.extra_won > 0 ? Words.say("speed.extra", { "won": choice.extra_won }) : "",
                    "icon": choice.speed === "next_day" ? "speed-fast" : "speed-normal"
                }))
        chosen: frame.values.chosen ?? null
        onPicked: key => frame.intent("choose_speed", { "speed": key })
    }
}
