import QtQuick
import PostKiosk

// The parcel goes onto the table; the scale's word leads on, the button is for where it does not.
ScreenFrame {
    question: values.again === true ? "place.again.question" : "place.question"
    hint: values.again === true ? "place.again.hint" : "place.hint"
    primary: "place.confirm"

    Picture {
        name: "place-parcel"
        camera: true
    }
}
