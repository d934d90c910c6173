import QtQuick
import PostKiosk
import "parts"

// New paper in two steps: what the printer's sensors say, then what the eye says of a test strip.
ScreenFrame {
    id: frame

    readonly property bool strip: values.part === 2
    readonly property var code: values.code ?? null // null: not looked yet; "": well
    readonly property var tested: values.tested ?? null
    readonly property bool failed: tested !== null && tested.passed === false
    readonly property bool known: code !== null

    question: strip ? "maintenance.strip.question" : "maintenance.paper.question"
    questionArgs: strip || !values.device ? ({}) : ({ "device": Words.say("device." + values.device, {}) })
    hint: strip ? "maintenance.strip.hint" : "maintenance.paper.hint"
    staff: true
    primary: strip ? "maintenance.strip.yes" : "maintenance.paper.print"
    primaryIntent: strip ? "readable" : "confirm"
    primaryIntentArgs: strip ? ({ "yes": true }) : ({})
    secondary: "button.back"

    Picture {
        name: frame.strip ? "claim-slip" : frame.code === "" ? "working-print" : "printer-trouble"
        least: Theme.mm(Theme.low ? 30 : Theme.large ? 40 : 80)
    }

    Band {
        visible: !frame.strip && frame.failed
        kind: "warn"
        icon: "printer"
        body: visible ? Words.say("maintenance.strip.failed", { "fault": Words.say("fault." + frame.tested.code, {}) }) : ""
    }

    Band {
        visible: !frame.strip
        kind: !frame.known ? "info" : frame.code === "" ? "ok" : "warn"
        icon: !frame.known ? "clock" : frame.code === "" ? "shield-check" : "warning"
        title: !frame.known ? Words.say("maintenance.paper.looking", {}) : frame.code === "" ? Words.say("maintenance.paper.ready", {}) : Words.say("fault." + frame.code, {})
        body: frame.known && frame.code !== "" ? Words.say("remedy." + frame.code, {}) : ""
    }

    touch: Keys {
        visible: frame.strip
        model: frame.strip ? [{ "key": "no", "text": Words.say("maintenance.strip.no", {}) }] : []
        onPicked: frame.intent("readable", { "yes": false })
    }
}
