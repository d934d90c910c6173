import QtQuick
import PostKiosk

// Two answers of equal weight: neither is red, neither is first.
ButtonRow {
    id: row

    property string yes
    property string no

    signal chosen(bool yes)

    QuietButton {
        objectName: "answer-yes"
        text: row.yes
        onTapped: row.chosen(true)
    }

    QuietButton {
        objectName: "answer-no"
        text: row.no
        onTapped: row.chosen(false)
    }
}
