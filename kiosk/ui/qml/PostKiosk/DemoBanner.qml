import QtQuick

// A strip along the top while rates are unverified or devices are simulated.
Rectangle {
    visible: Link.marked
    height: visible ? marks.height + Theme.mm(1) : 0
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

        SimulatedMark {
            id: mark
        }

        BodyText {
            id: rates

            visible: Link.chrome.demo === true && !(Theme.large && mark.visible)
            text: visible ? (mark.visible ? "· " : "") + Words.say("mark.rates", {}) : ""
            color: Theme.warn
            bold: true
            wrapMode: Text.NoWrap
        }
    }
}
