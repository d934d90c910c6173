import QtQuick

// Back at the left, the one wide action at the right; one above the other where the words do not fit.
Item {
    id: row

    property string primary // a text
    property string heard // said in its place, where it must not be heard by others
    property string secondary
    property bool staff: false
    property bool retreat: true // the quiet one leads back
    readonly property bool both: primary !== "" && secondary !== ""
    readonly property bool stacked: both && main.oneLine + back.oneLine + Theme.gap > width
    readonly property real backWidth: stacked || (Theme.large && !both) ? width : Math.min(width, Math.max(Theme.mm(80), back.oneLine))

    signal primaryTapped
    signal secondaryTapped

    implicitHeight: primary === "" && secondary === "" ? 0 : stacked ? main.implicitHeight + back.implicitHeight + Theme.half : Math.max(primary === "" ? 0 : main.implicitHeight, secondary === "" ? 0 : back.implicitHeight)

    PrimaryButton {
        id: main

        objectName: "primary"
        staff: row.staff
        visible: row.primary !== ""
        text: row.primary
        label: row.heard || row.primary
        x: row.stacked || !row.both ? 0 : row.backWidth + Theme.gap
        width: row.width - x
        height: row.stacked ? implicitHeight : row.height
        onTapped: row.primaryTapped()
    }

    QuietButton {
        id: back

        objectName: "secondary"
        visible: row.secondary !== ""
        text: row.secondary
        icon: Theme.large || !row.retreat ? "" : "chevron-left"
        y: row.stacked ? main.implicitHeight + Theme.half : 0
        width: row.backWidth
        height: row.stacked ? implicitHeight : row.height
        onTapped: row.secondaryTapped()
    }
}
