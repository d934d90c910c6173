import QtQuick

// The branch's name in place of the steps, where there are none; at the right whether it is open, where that is told.
Item {
    id: row

    property string standing // "open" (all that is done here can be done now), "partly", or empty: not told

    implicitHeight: name.height

    Icon {
        id: mark

        name: "envelope"
        size: name.px * 1.1
        anchors.verticalCenter: name.verticalCenter
    }

    BodyText {
        id: name

        x: mark.width + Theme.half * 1.4
        width: (open.visible ? sign.x - Theme.half : row.width) - x
        text: (Theme.latin ? Link.chrome.branch?.name_en : Link.chrome.branch?.name_ko) ?? ""
        bold: true
    }

    Icon {
        id: sign

        visible: open.visible
        name: row.standing === "open" ? "done" : "warning"
        size: open.px * 0.86
        x: open.x - width - Theme.mm(3)
        anchors.verticalCenter: open.verticalCenter
    }

    BodyText {
        id: open

        visible: row.standing !== ""
        anchors.right: row.right
        text: visible ? Words.say("attract." + row.standing, {}) : ""
        color: row.standing === "open" ? Theme.ok : Theme.warn
        wrapMode: Text.NoWrap
    }
}
