import QtQuick
import PostKiosk

// An officer was called: how far the call has really come, and what the officer writes.
ScreenFrame {
    id: frame

    readonly property string stage: values.state ?? "calling"

    question: "id.officer." + stage
    hint: stage === "waiting" ? "id.officer.place" : stage === "no_answer" || stage === "unknown" ? "id.officer.again" : "id.officer.hint"
    hintArgs: ({ "n": frame.values.place ?? 0 })
    secondary: "id.officer.stop"

    Picture {
        visible: !Theme.large || frame.values.text === ""
        name: "phone-desk"
        least: Theme.mm(Theme.low ? 36 : Theme.large ? 40 : 80)
    }

    Band {
        visible: (frame.values.text ?? "") !== ""
        icon: "message"
        body: frame.values.text ?? ""
    }
}
