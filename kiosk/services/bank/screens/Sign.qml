import QtQuick
import PostKiosk
import "parts"

// A signature on the glass; by name for whom the hand does not serve.
ScreenFrame {
    id: frame

    question: "bank.sign.question"
    hint: "bank.sign.hint"
    primary: "bank.sign.done"
    primaryIntent: "sign"
    primaryIntentArgs: ({ "strokes": glass.strokes })
    primaryWhen: glass.strokes.length > 0

    touch: [
        SignGlass {
            id: glass

            label: Words.say("bank.sign.here", {})
        },
        ButtonRow {
            QuietButton {
                visible: glass.strokes.length > 0
                text: Words.say("bank.sign.clear", {})
                onTapped: glass.clear()
            }

            QuietButton {
                objectName: "do-sign-name"
                visible: frame.offered("sign_name")
                icon: "pencil"
                text: Words.say("bank.sign.name", {})
                onTapped: frame.intent("sign_name", {})
            }
        }
    ]
}
