import QtQuick
import PostKiosk

// Who is it? The figures are shown as dots, kept nowhere and never spoken.
ScreenFrame {
    id: frame

    readonly property string refused: values.refused ?? ""
    readonly property bool locked: (values.until ?? "") !== ""
    readonly property bool unknown: refused === "unknown"
    readonly property var until: (values.until ?? "").split("T")

    question: locked ? "maintenance.pin.locked" : unknown ? "maintenance.pin.unknown" : "maintenance.pin.question"
    hint: locked || unknown ? "maintenance.pin.other" : "maintenance.pin.hint"
    staff: true
    primary: "maintenance.pin.enter"
    primaryIntent: "pin"
    primaryIntentArgs: ({ "digits": pad.text })
    primaryWhen: pad.text.length > 5 && !locked && !unknown
    secondary: "maintenance.leave"
    secondaryIntent: "cancel"

    Band {
        visible: frame.locked
        kind: "warn"
        body: Words.say("maintenance.pin.until", { "day": Words.date(frame.until[0]), "clock": Words.clock(frame.until[1] ?? "") })
    }

    Band {
        visible: frame.refused === "wrong_pin" && !frame.locked
        kind: "warn"
        body: Words.say("maintenance.pin.wrong", { "n": frame.values.tries_left ?? 0 })
    }

    touch: NumberPad {
        id: pad

        visible: !frame.locked && !frame.unknown
        label: Words.say("maintenance.pin.field", {})
        placeholder: Words.say("maintenance.pin.field", {})
        hidden: true
        max: 12
    }
}
