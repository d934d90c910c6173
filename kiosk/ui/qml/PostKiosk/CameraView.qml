import QtQuick

// The live picture in its frame, with its caption. It keeps a frame although it cannot be touched: it is an object.
Rectangle {
    id: view

    property real ratio: 0.75

    implicitHeight: (width - 2 * Theme.mm(2.5)) * ratio + (Theme.large ? Theme.mm(5) : caption.height + Theme.mm(7))
    radius: Theme.mm(5)
    color: Theme.surface
    border.color: Theme.ink
    border.width: Theme.border
    Accessible.role: Accessible.Graphic
    Accessible.name: caption.text

    CameraPicture {
        id: pane

        x: Theme.mm(2.5)
        y: Theme.mm(2.5)
        width: parent.width - 2 * x
        height: width * view.ratio
        source: Link.cameras
        running: Link.preview
        still: Theme.contrast ? "#333333" : "#5B616B"
    }

    Rectangle {
        id: dot

        visible: !Theme.large
        x: Theme.mm(5)
        width: Theme.mm(6)
        height: width
        radius: width / 2
        color: Theme.info
        anchors.verticalCenter: caption.verticalCenter
    }

    BodyText {
        id: caption

        visible: !Theme.large // at 200 % the picture needs the room; its name is still told
        x: dot.x + dot.width + Theme.half
        y: view.implicitHeight - height - Theme.mm(2)
        width: view.width - x - Theme.mm(2)
        text: Words.say("camera.live", {})
    }
}
