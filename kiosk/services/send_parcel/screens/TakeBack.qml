import QtQuick
import PostKiosk

// The parcel leaves the table with its owner; the scale says when.
ScreenFrame {
    id: frame

    readonly property string why: values.why ?? "cancelled"

    question: "take_back.question"
    hint: "take_back." + why + ".hint"

    Picture {
        name: "take-back"
        least: Theme.mm(Theme.low ? 36 : Theme.large ? 40 : 80)
    }

    Band {
        kind: "ok"
        title: Words.say(frame.why === "reversed" ? "take_back.safe.reversed" : "take_back.safe", {})
    }
}
