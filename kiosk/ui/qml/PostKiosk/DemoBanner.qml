import QtQuick

// A strip along the top while rates are unverified or devices are simulated: all of it in one line, in every mode.
Rectangle {
    id: strip

    visible: Link.marked
    height: visible ? Math.max(marks.height, Theme.large ? Theme.mm(36) : 0) + Theme.mm(1) : 0
    color: Theme.warnTint

    Row {
        id: marks

        anchors.centerIn: parent
        spacing: Theme.half

        Icon {
            name: "warning"
            size: mark.px * 0.9
            anchors.verticalCenter: parent.verticalCenter
        }

        BodyText {
            id: mark

            readonly property var parts: [Link.chrome.simulated === true ? "mark.simulated" : "", Link.chrome.demo === true ? "mark.rates" : ""].filter(id => id !== "")

            text: parts.map(id => Words.say(id, {})).join(" · ")
            px: Math.floor(Theme.bodyFor(text) * Math.min(1, (strip.width - Theme.mm(30)) / Math.max(1, probe.implicitWidth)))
            color: Theme.warn
            bold: true
            wrapMode: Text.NoWrap
        }
    }

    BodyText {
        id: probe

        visible: false
        text: mark.text
        bold: true
        wrapMode: Text.NoWrap
    }
}
