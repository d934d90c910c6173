import QtQuick
import PostKiosk
import "parts"

// One device: what it says of itself now, and what came of trying it.
ScreenFrame {
    id: frame

    readonly property var device: values.device ?? ({})
    readonly property var tested: values.tested ?? null
    readonly property string name: device.name ?? ""

    Ago {
        id: ago
    }

    Reading {
        id: reading
    }

    function facts(): var {
        const kind = !device.well ? "fault" : (device.faults ?? []).length > 0 ? "warn" : "ok";
        const found = [{ "key": "state", "kind": kind, "title": Words.say("state." + (device.state ?? "noDevice"), {}), "trailing": ago.say(device) }];
        for (const fault of device.faults ?? [])
            found.push({ "key": fault, "kind": kind, "title": Words.say("fault." + fault, {}), "body": Words.say("remedy." + fault, {}) });
        for (const row of device.values ?? [])
            found.push({ "key": "value-" + row.name + row.of, "title": reading.name(row), "trailing": reading.text(row) });
        if (device.detail)
            found.push({ "key": "detail", "title": Words.say("maintenance.device.detail", {}), "body": device.detail });
        return found;
    }

    question: name === "" ? "" : "device." + name
    compact: true
    staff: true
    primary: "maintenance.device.test"
    secondary: "button.back"

    Band {
        visible: frame.tested !== null
        kind: frame.tested?.passed ? "ok" : "warn"
        title: visible ? Words.say(frame.tested.passed ? "maintenance.tested.passed" : "maintenance.tested.failed", {}) : ""
        body: !visible ? "" : frame.tested.passed ? frame.what() : Words.say("fault." + frame.tested.code, {}) + " · " + Words.say("remedy." + frame.tested.code, {})
    }

    function what(): string {
        const test = frame.tested.test === "" ? "" : Words.say("maintenance.test." + frame.tested.test, {});
        return [test, frame.tested.detail].filter(part => part).join(": ");
    }

    touch: [
        Rows {
            touchable: false
            entries: frame.facts()
        },
        Keys {
            visible: frame.values.paper === true
            model: frame.values.paper === true ? [{ "key": "paper", "text": Words.say("maintenance.device.paper", {}) }] : []
            onPicked: frame.intent("open", { "page": "paper", "device": frame.name })
        },
        Keys {
            visible: frame.values.tare === true
            most: 2
            model: frame.values.tare !== true ? [] : ["tare", "clear_tare"].map(act => ({ "key": act, "text": Words.say("maintenance.device." + act, {}) }))
            onPicked: key => frame.intent("tare", { "clear": key === "clear_tare" })
        },
        Keys {
            visible: (frame.values.learns ?? []).length > 0
            most: 2
            model: (frame.values.learns ?? []).map(camera => ({ "key": camera, "text": Words.say("maintenance.device.commission", { "camera": camera }) }))
            onPicked: key => frame.intent("commission", { "camera": key })
        }
    ]
}
