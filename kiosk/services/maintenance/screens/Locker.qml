import QtQuick
import PostKiosk
import "parts"

// A door, then the reason; what the door's own sensor said is told above.
ScreenFrame {
    id: frame

    property int door: 0
    readonly property var last: values.last ?? null
    readonly property bool opened: last !== null && last.code === ""

    question: door > 0 ? "maintenance.locker.why" : "maintenance.locker.question"
    questionArgs: door > 0 ? ({ "n": door }) : ({})
    compact: true
    staff: true
    secondary: "button.back"

    Band {
        visible: frame.last !== null
        kind: frame.opened ? "ok" : "warn"
        title: !visible ? "" : frame.opened ? Words.say("maintenance.locker.opened", { "n": frame.last.door }) : Words.say("fault." + frame.last.code, {})
        body: !visible || frame.opened ? "" : Words.say("remedy." + frame.last.code, {})
    }

    touch: [
        Doors {
            doors: frame.values.doors ?? 0
            chosen: frame.door
            onPicked: door => frame.door = door
        },
        Keys {
            visible: frame.door > 0
            most: 2
            model: frame.door === 0 ? [] : (frame.values.reasons ?? []).map(reason => ({ "key": reason, "text": Words.say("maintenance.reason." + reason, {}) }))
            onPicked: key => frame.intent("open_door", { "door": frame.door, "reason": key })
        }
    ]
}
