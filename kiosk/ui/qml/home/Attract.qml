pragma ComponentBehavior: Bound
import QtQuick
import PostKiosk

// Says where, whether it is open, what can be done now and what cannot (at 200 % the next screen tells it); one touch starts.
ScreenFrame {
    id: frame

    readonly property var services: values.services ?? []
    readonly property var lacking: services.filter(service => !service.available)

    named: true
    standing: lacking.length === 0 ? "open" : "partly"
    question: "attract.question"
    hint: "attract.does"
    hintArgs: ({ "names": services.filter(service => service.available).map(service => Words.say("short." + service.name, {})).join(" · ") })
    primary: "attract.start"
    primaryIntent: "start"
    secondary: ""

    Picture {
        name: "attract"
    }

    Band {
        visible: !Theme.large && frame.lacking.length > 0
        kind: "warn"
        icon: "call"
        title: Link.staff.telephone ?? ""
        body: frame.lacking.map(service => Words.say("lacking." + service.name, {})).concat([Words.say("lacking.ask", {})]).join("\n")
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
