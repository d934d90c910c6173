pragma ComponentBehavior: Bound

import QtQuick
import PostKiosk

// Every service: what can be done here is a plate, the first of them red; what cannot now is told with its reason.
ScreenFrame {
    id: frame

    readonly property var services: values.services ?? []
    readonly property bool lacking: services.some(service => !service.available)

    named: true
    question: "home.question"
    secondary: ""

    component Ask: FactRow {
        icon: "call"
        label: Words.say(frame.lacking && !Theme.large ? "lacking.ask" : "home.ask", {})
        value: Link.staff.telephone ?? ""
        detail: Theme.large ? "" : Link.staff.hours ?? ""
        last: true
    }

    Ask {
        visible: Theme.low
    }

    touch: [
        ServiceTiles {
            services: frame.services
            onPicked: name => frame.intent("choose", { "service": name })
        },
        Ask {
            visible: !Theme.low && (!Theme.large || (frame.lacking && frame.services.length < 4))
        }
    ]
}
