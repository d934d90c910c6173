import QtQuick
import PostKiosk

// How fast; only what can be had now is offered. Choosing leads on; where there is no choice, the wide button does.
ScreenFrame {
    id: frame

    readonly property var choices: values.choices ?? []
    readonly property var there: choices.filter(choice => choice.available)
    readonly property bool closed: there.length < choices.length
    readonly property var only: there.length === 1 ? there[0] : null

    function due(choice: var): string {
        return choice.arrives ? Words.say("speed.arrives", { "arrives": choice.arrives }) : Words.say("speed.no_date", {});
    }

    question: "speed.question"
    hint: !closed ? "speed.cut_off" : values.collects === false ? "speed.no_collection" : "speed.closed"
    hintArgs: ({ "time": values.cut_off ? Words.clock(values.cut_off) : "" })
    primary: "speed.take"
    primaryIntent: "choose_speed"
    primaryIntentArgs: ({ "speed": only?.speed ?? "" })
    primaryWhen: only !== null

    Picture {
        visible: !Theme.large && !Theme.low
        name: "speed"
        least: Theme.mm(110)
    }

    FactRow {
        visible: frame.only !== null
        icon: "speed-normal"
        value: frame.only ? Words.say("speed." + frame.only.speed, {}) : ""
        detail: frame.only ? frame.due(frame.only) : ""
        last: true
    }

    touch: ChoiceList {
        visible: frame.only === null
        stretch: visible
        tallest: Theme.mm(80)
        model: frame.only !== null ? [] : frame.there.map(choice => ({
                    "key": choice.speed,
                    "title": Words.say("speed." + choice.speed, {}),
                    "detail": frame.due(choice),
                    "trailing": choice.extra_won > 0 ? Words.say("speed.extra", { "won": choice.extra_won }) : "",
                    "icon": choice.speed === "next_day" ? "speed-fast" : "speed-normal"
                }))
        chosen: frame.values.chosen ?? null
        onPicked: key => frame.intent("choose_speed", { "speed": key })
    }
}
