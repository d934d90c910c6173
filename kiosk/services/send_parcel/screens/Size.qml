import QtQuick
import PostKiosk
import "parts"

// What was measured, at the edges it was measured on; doubt in words, with what it does to the price.
ScreenFrame {
    id: frame

    readonly property string known: values.proposal === true ? (values.box ? "size.box.proposal" : "size.proposal") : values.box ? "size.box" : ""
    readonly property int doubtCm: Math.max(1, Math.ceil((values.uncertainty_mm ?? 0) / 10))

    question: "size.question"
    hint: known
    hintArgs: ({ "box": values.box ?? "" })
    primary: "size.confirm"

    MeasuredBox {
        lengthMm: frame.values.length_mm ?? 0
        widthMm: frame.values.width_mm ?? 0
        heightMm: frame.values.height_mm ?? 0
    }

    FactRow {
        visible: Theme.large && frame.known !== ""
        icon: "box"
        value: Words.say(frame.known, { "box": frame.values.box ?? "" })
    }

    FigurePair {
        leftIcon: "scale"
        leftLabel: Words.say("size.weight", {})
        leftValue: Words.say("mass", { "weight_g": frame.values.weight_g ?? 0 })
        rightIcon: "receipt"
        rightLabel: frame.values.tier ? Words.say("size.tier", { "kg": frame.values.tier.kg, "sum_cm": frame.values.tier.sum_cm }) : ""
        rightValue: Words.say(frame.values.from === true ? "money.from" : "money.won", { "won": frame.values.base_won ?? 0 })
    }

    Band {
        kind: frame.values.same_price === true ? "ok" : "info"
        body: Words.say(frame.values.same_price === true ? "size.same" : "size.differs", { "cm": frame.doubtCm })
    }

    touch: ButtonRow {
        QuietButton {
            visible: frame.offered("retry")
            text: Words.say("size.retry", {})
            onTapped: frame.intent("retry", {})
        }

        QuietButton {
            visible: frame.offered("other")
            text: Words.say("size.other", {})
            onTapped: frame.intent("other", {})
        }
    }
}
