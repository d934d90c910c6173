import QtQuick
import PostKiosk
import "parts"

// What waits for a person, and how it was settled.
ScreenFrame {
    id: frame

    property string task: ""
    readonly property var tasks: values.tasks ?? []

    readonly property bool mine: tasks.find(each => each.task === task)?.mine ?? true

    function row(task: var): var {
        return {
            "key": task.task,
            "title": Words.say("task." + task.reason, {}),
            "body": [task.number, task.mine ? "" : Words.say("maintenance.tasks.officer", {})].filter(part => part).join(" · "),
            "trailing": task.won > 0 ? Words.money(task.won) : ""
        };
    }

    question: tasks.length === 0 ? "maintenance.tasks.none" : task === "" ? "maintenance.tasks.question" : mine ? "maintenance.tasks.how" : "maintenance.tasks.officer"
    compact: true
    staff: true
    secondary: "button.back"

    touch: [
        Rows {
            visible: frame.tasks.length > 0
            entries: frame.tasks.map(frame.row)
            chosen: frame.task
            onPicked: key => frame.task = key
        },
        Keys {
            visible: frame.task !== "" && frame.mine
            most: 3
            model: frame.task === "" || !frame.mine ? [] : (frame.values.how ?? []).map(how => ({ "key": how, "text": Words.say("maintenance.settled." + how, {}) }))
            onPicked: key => frame.intent("settle", { "task": frame.task, "how": key })
        }
    ]
}
