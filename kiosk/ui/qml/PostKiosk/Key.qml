import QtQuick

// One key of a keyboard.
Plate {
    id: key

    property string face
    property string icon: ""
    property bool dark: false
    property real px: Theme.keyPx

    label: face
    radius: Theme.keyRadius
    ringInside: true
    fill: dark ? Theme.key : Theme.surface
    outlineWidth: Theme.mm(1)

    Plain {
        anchors.centerIn: parent
        text: key.face
        px: key.px
        bold: true
        leading: 1.1
        wrapMode: Text.NoWrap
        visible: key.icon === ""
        Accessible.ignored: true
    }

    Icon {
        visible: key.icon !== ""
        name: key.icon
        size: Math.min(key.width * 0.7, Theme.mm(17))
        anchors.centerIn: parent
    }
}
