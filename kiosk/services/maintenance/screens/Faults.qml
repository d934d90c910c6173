import QtQuick
import PostKiosk
import "parts"

// The last changes of devices, the newest first.
ScreenFrame {
    id: frame

    readonly property var changes: values.changes ?? []

    function row(change: var): var {
        const faults = change.faults ?? [];
        const what = faults.length > 0 ? faults.map(code => Words.say("fault." + code, {})).join(", ") : Words.say("state." + change.state, {});
        return {
            "key": change.at + change.device,
            "kind": faults.length > 0 ? "warn" : change.state === "online" ? "ok" : "fault",
            "title": Words.say("device." + change.device, {}) + " · " + what,
            "trailing": change.at.slice(11, 19)
        };
    }

    question: changes.length === 0 ? "maintenance.faults.none" : "maintenance.faults.question"
    compact: true
    staff: true
    secondary: "button.back"

    touch: Rows {
        visible: frame.changes.length > 0
        touchable: false
        entries: frame.changes.map(frame.row)
    }
}
