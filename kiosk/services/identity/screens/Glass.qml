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
        name: frame.camera ? "id-glass" : "id-keys"
        least: Theme.mm(Theme.low ? 36 : Theme.large ? 40 : 80)
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
