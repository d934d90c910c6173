import QtQuick

// The branch's name in place of the steps, where there are none.
Row {
    spacing: Theme.half * 1.4

    Icon {
        name: "envelope"
        size: label.px * 1.1
        anchors.verticalCenter: parent.verticalCenter
    }

    BodyText {
        id: label

        text: (Theme.latin ? Link.chrome.branch?.name_en : Link.chrome.branch?.name_ko) ?? ""
        bold: true
    }
}
