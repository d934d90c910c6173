import QtQuick
import PostKiosk
import "parts"

// Every device as it is now, the worst first; a device is touched to see and to try it.
ScreenFrame {
    id: frame

    property bool papering: false // choosing whose paper is changed
    readonly property var devices: values.devices ?? []
    readonly property int ill: devices.filter(device => !device.well).length
    readonly property var printers: values.printers ?? []

    Ago {
        id: ago
    }

    function row(device: var): var {
        const kind = !device.well ? "fault" : device.faults.length > 0 ? "warn" : "ok";
        const fault = device.faults[0] ?? "";
        const what = fault === "" ? Words.say("state." + device.state, {}) : Words.say("fault." + fault, {});
        const remedy = fault === "" ? "" : Words.say("remedy." + fault, {});
        return {
            "key": device.name,
            "kind": kind,
            "title": Words.say("device." + device.name, {}) + " · " + what,
            "body": remedy,
            "trailing": ago.say(device),
            "name": Words.say("device." + device.name, {}) + ", " + what + (remedy === "" ? "" : ", " + remedy)
        };
    }

    function ways(): var {
        const found = [{ "key": "tasks", "text": Words.say("maintenance.go.tasks", { "n": frame.values.tasks ?? 0 }) }, { "key": "faults", "text": Words.say("maintenance.go.faults", {}) }];
        if (frame.printers.length > 0)
            found.push({ "key": "paper", "text": Words.say("maintenance.go.paper", {}) });
        if ((frame.values.cameras ?? 0) > 0)
            found.push({ "key": "rig", "text": Words.say("maintenance.go.rig", {}) });
        if (frame.values.doors > 0)
            found.push({ "key": "locker", "text": Words.say("maintenance.go.locker", {}) });
        return found;
    }

    function go(key: string): void {
        if (key === "paper" && frame.printers.length > 1)
            frame.papering = true;
        else
            frame.intent("open", key === "paper" ? { "page": key, "device": frame.printers[0] } : { "page": key });
    }

    question: papering ? "maintenance.paper.which" : ill === 0 ? "maintenance.overview.well" : "maintenance.overview.ill"
    questionArgs: ({ "n": ill, "of": devices.length })
    compact: true
    staff: true
    primary: "maintenance.open"
    primaryIntent: "cancel"
    secondary: ""

    Band {
        visible: (frame.values.exchanged ?? "") !== ""
        kind: "ok"
        body: visible ? Words.say("maintenance.paper.exchanged", { "device": Words.say("device." + frame.values.exchanged, {}) }) : ""
    }

    touch: [
        Rows {
            visible: !frame.papering
            entries: frame.devices.map(frame.row)
            onPicked: key => frame.intent("open", { "page": "device", "device": key })
        },
        Keys {
            visible: !frame.papering
            model: frame.ways()
            onPicked: key => frame.go(key)
        },
        Keys {
            visible: frame.papering
            most: 1
            model: !frame.papering ? [] : frame.printers.map(name => ({ "key": "paper-" + name, "text": Words.say("device." + name, {}) })).concat([{ "key": "", "text": Words.say("button.back", {}) }])
            onPicked: key => {
                frame.papering = false;
                if (key !== "")
                    frame.intent("open", { "page": "paper", "device": key.slice(6) });
            }
        }
    ]
}
