import QtQuick

// What the call for staff has come to, in the words of what is recorded, and the other ways to get help.
Sheet {
    id: sheet

    readonly property string call: Link.staff.state

    title: Words.say("staff.title." + call, {})

    Band {
        visible: sheet.call !== "none"
        kind: sheet.call === "no_answer" ? "warn" : sheet.call === "calling" ? "info" : "ok"
        icon: sheet.call === "calling" ? "call" : sheet.call === "no_answer" ? "warning" : "person"
        body: Words.say("staff.detail." + sheet.call, {})
    }

    BodyText {
        visible: sheet.call === "none"
        text: Words.say("staff.detail.none", {})
    }

    FactRow {
        icon: "phone"
        label: Theme.large ? "" : Words.say("staff.telephone", {})
        value: Link.staff.telephone ?? ""
        detail: Link.staff.hours ?? ""
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
        },
        PrimaryButton {
            objectName: "call"
            visible: sheet.call === "none" || sheet.call === "no_answer"
            text: Words.say(sheet.call === "none" ? "staff.call.now" : "staff.call.again", {})
            onTapped: Link.send("call_staff", {})
        }
    ]
}
