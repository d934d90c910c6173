pragma ComponentBehavior: Bound
import QtQuick
import PostKiosk

// Says what, where and whether open; one touch starts.
ScreenFrame {
    id: frame

    named: true
    question: "attract.question"
    primary: "attract.start"
    primaryIntent: "start"
    secondary: ""

    Picture {
        name: "attract"
    }

    touch: [
        ButtonRow {
            id: tongues

            visible: Link.languages.length > 1

            Repeater {
                model: Link.languages.filter(tag => tag !== Link.language)

                QuietButton {
                    required property string modelData

                    objectName: "language-" + modelData
                    small: true
                    text: Words.tongue(modelData)
                    onTapped: frame.intent("language", { "tag": modelData })
                }
            }
        }
    ]
}
