import QtQuick
import PostKiosk

// A bill's code under the code reader.
ScreenFrame {
    id: frame

    question: "bank.bill.question"
    hint: "bank.bill.hint"

    Picture {
        name: "bill"
        least: Theme.mm(Theme.low ? 36 : Theme.large ? 40 : 80)
    }
}
