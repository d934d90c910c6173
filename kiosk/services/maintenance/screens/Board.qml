import QtQuick
import PostKiosk
import "parts"

// The calibration board before a camera: the live picture, the map of what it has covered, what to do next.
ScreenFrame {
    id: frame

    readonly property string hint_: values.hint ?? "show"

    // A camera's name: the branch's own where there is no word for it.
    function eye(name: string): string {
        return ["left", "right"].indexOf(name) >= 0 ? Words.say("maintenance.camera." + name, {}) : name;
    }

    question: "maintenance.board.question"
    questionArgs: ({ "camera": eye(values.camera ?? "") })
    compact: true
    staff: true
    primary: "maintenance.board.solve"
    secondary: "button.back"

    Band {
        kind: frame.values.ready === true ? "ok" : frame.hint_ === "lost" ? "warn" : "info"
        title: Words.say("maintenance.board.hint." + frame.hint_, {})
        body: Words.say("maintenance.board.views", { "n": frame.values.views ?? 0, "of": frame.values.needed ?? 0 })
    }

    Coverage {
        across: frame.values.across ?? 8
        down: frame.values.down ?? 5
        cells: frame.values.cells ?? []
    }
}
