import QtQuick
import PostKiosk
import "parts"

// The measurer's cameras: calibrate one with the board, or measure the box of known size; what came of either.
ScreenFrame {
    id: frame

    readonly property var lens: values.lens ?? null
    readonly property var gauged: values.gauged ?? null
    readonly property var asked: values.asked ?? []

    function sides(list: var): string {
        return (list ?? []).map(side => Math.round(side * 10) / 10).join(" × ");
    }

    // A word where there is one for this reason, else that of a fault.
    function because(why: string, args: var): string {
        const words = ["off", "one_camera", "few", "spread", "odd", "loose", "no_parcel", "two_objects", "hand_in_view", "out_of_zone", "too_tall", "dark", "glare", "tag_lost", "moved", "disagreement", "unknown_shape"];
        return words.indexOf(why) >= 0 ? Words.say("maintenance.rig.why." + why, args) : Words.say("fault." + why, {});
    }

    // A camera's name: the branch's own where there is no word for it.
    function eye(name: string): string {
        return ["left", "right"].indexOf(name) >= 0 ? Words.say("maintenance.camera." + name, {}) : name;
    }

    question: "maintenance.rig.question"
    hint: "maintenance.rig.hint"
    hintArgs: ({ "box": sides(values.box_mm) })
    compact: true
    staff: true
    primary: "maintenance.rig.check"
    secondary: "button.back"

    Band {
        visible: frame.asked.length > 0 && frame.gauged === null
        kind: "warn"
        title: visible ? Words.say("task." + frame.asked[0], {}) : ""
    }

    Band {
        readonly property var last: frame.values.last ?? null
        readonly property string word: !last ? "" : last.day === "" ? "never" : last.passed ? "right" : "wrong"

        visible: last !== null && frame.gauged === null && frame.lens === null && frame.asked.length === 0
        kind: word === "right" ? "ok" : word === "wrong" ? "warn" : "info"
        title: visible ? Words.say("maintenance.rig.last." + word, last.day === "" ? {} : { "day": last.day }) : ""
    }

    Band {
        readonly property string why: !frame.gauged || frame.gauged.passed || (frame.gauged.why === "off" && frame.gauged.measured_mm.length > 0) ? "" : frame.because(frame.gauged.why, { "camera": frame.eye((frame.gauged.blind ?? [])[0] ?? "") })

        visible: frame.gauged !== null
        kind: frame.gauged?.passed ? "ok" : "warn"
        title: !visible ? "" : Theme.large && why !== "" ? why : Words.say(frame.gauged.passed ? "maintenance.rig.passed" : "maintenance.rig.failed", {})
        body: !visible || Theme.large ? "" : why !== "" ? why : Words.say("maintenance.rig.measured", { "size": frame.sides(frame.gauged.measured_mm) })
    }

    Band {
        readonly property string why: !frame.lens || frame.lens.solved ? "" : frame.because(frame.lens.why, { "px": frame.lens.residual_px.toFixed(2) })

        visible: frame.lens !== null
        kind: frame.lens?.solved ? "ok" : "warn"
        title: !visible ? "" : Theme.large && why !== "" ? why : Words.say(frame.lens.solved ? "maintenance.rig.solved" : "maintenance.rig.unsolved", { "camera": frame.eye(frame.lens.camera) })
        body: !visible || (Theme.large && why !== "") ? "" : why !== "" ? why : Words.say("maintenance.rig.residual", { "px": frame.lens.residual_px.toFixed(2), "n": frame.lens.views })
    }

    touch: Keys {
        visible: frame.offered("calibrate")
        most: 2
        model: !visible ? [] : (frame.values.cameras ?? []).map(camera => ({ "key": camera, "text": Words.say("maintenance.rig.calibrate", { "camera": frame.eye(camera) }) }))
        onPicked: key => frame.intent("calibrate", { "camera": key })
    }
}
