import QtQuick

// Nobody touched anything for a while. Any touch or key extends.
FocusScope {
    id: warning

    property real remaining: 0

    Accessible.role: Accessible.AlertMessage
    Accessible.name: question.text

    MouseArea {
        anchors.fill: parent
        Accessible.ignored: true
        onPressed: Link.send("stay", {})
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.pause
    }

    Connections {
        target: Link

        function onIdleChanged(): void {
            warning.remaining = Link.idle.left_s ?? 0;
        }
    }

    Timer {
        interval: 1000
        repeat: true
        running: warning.visible && warning.remaining > 0
        onTriggered: warning.remaining = Math.max(0, warning.remaining - 1)
    }

    Icon {
        name: "clock"
        size: Theme.mm(60)
        x: Theme.margin
        anchors.bottom: question.top
        anchors.bottomMargin: Theme.gap
    }

    DisplayText {
        id: question

        x: Theme.margin
        y: Theme.mm(Theme.large ? 110 : 190)
        width: parent.width - 2 * x
        text: Words.say("idle.question", {})
        px: Theme.large ? Theme.displayPx * 0.85 : Theme.displayPx
        Accessible.role: Accessible.Heading
    }

    TitleText {
        id: figure

        x: Theme.margin
        anchors.top: question.bottom
        anchors.topMargin: Theme.gap
        width: question.width
        text: Words.say("idle.left", { "n": Math.ceil(warning.remaining) })
    }

    BodyText {
        x: Theme.margin
        anchors.top: figure.bottom
        anchors.topMargin: Theme.half
        width: question.width
        text: Words.say("idle.any", {})
    }

    PrimaryButton {
        objectName: "stay"
        x: Theme.margin
        width: question.width
        height: Math.max(implicitHeight, Theme.mm(52))
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.margin
        text: Words.say("idle.stay", {})
        onTapped: Link.send("stay", {})
    }
}
