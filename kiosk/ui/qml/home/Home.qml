import QtQuick
import PostKiosk

// What can be done here. Only services that are there get a tile; the most frequent is the red plate.
ScreenFrame {
    id: frame

    named: true
    question: "home.question"
    secondary: ""
    touch: [
        ServiceTiles {
            services: frame.values.services ?? []
            onPicked: name => frame.intent("choose", { "service": name })
        }
    ]
}
