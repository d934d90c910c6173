import QtQuick
import PostKiosk

// Let the camera read the document, or type.
ScreenFrame {
    id: frame

    readonly property bool camera: values.camera === true

    question: camera ? "id.glass.question" : "id.glass.typing"
    hint: camera ? "id.glass.hint" : "id.glass.typing.hint"
    primary: camera ? "id.glass.read" : "id.glass.type"
    primaryIntent: camera ? "read" : "type"

    Picture {
        visible: !Theme.large && !Theme.low
        name: "certificate"
        least: Theme.mm(80)
    }

    touch: ButtonRow {
        visible: frame.camera

        QuietButton {
            objectName: "type"
            icon: "pencil"
            text: Words.say("id.glass.type", {})
            onTapped: frame.intent("type", {})
        }
    }
}
