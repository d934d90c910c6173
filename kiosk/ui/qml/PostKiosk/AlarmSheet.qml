import QtQuick

// A danger near whoever stands here, what has really become of the call for help, and what they can do themselves.
Sheet {
    id: sheet

    readonly property var alarm: Link.alarm ?? ({ "kind": "", "state": "calling" })
    readonly property string subject: alarm.kind === "person_down" ? "person_down" : "danger"
    readonly property string call: alarm.state

    title: Words.say("guard.title." + subject, {})

    Band {
        kind: sheet.call === "calling" || sheet.call === "no_answer" ? "warn" : "ok"
        icon: sheet.call === "calling" ? "call" : sheet.call === "no_answer" ? "warning" : "person"
        body: Words.say("guard.call." + sheet.call, {})
        strong: true
    }

    BodyText {
        visible: !Theme.large
        text: Words.say("guard.advice." + sheet.subject, {})
    }

    FactRow {
        icon: "warning"
        label: Theme.large ? "" : Words.say("staff.emergency", {})
        value: Words.say("staff.emergency.numbers", {})
        last: true
    }

    hands: [
        QuietButton {
            objectName: "close"
            text: Words.say("button.close", {})
            onTapped: sheet.closed()
        }
    ]
}
