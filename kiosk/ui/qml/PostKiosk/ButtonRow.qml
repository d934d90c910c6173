import QtQuick

// Quiet buttons of equal width side by side, one above the other where they do not fit.
Item {
    id: row

    default property alias buttons: inner.data
    property bool stacked: false

    function note(): void {
        Qt.callLater(row.arrange);
    }

    function arrange(): void {
        if (!row.visible)
            return;
        const shown = Array.prototype.filter.call(inner.children, item => item.visible && item.implicitHeight > 0);
        const cell = (row.width - Theme.gap * (shown.length - 1)) / Math.max(1, shown.length);
        row.stacked = shown.some(item => (item.oneLine ?? 0) > cell);
        let at = 0, tall = 0;
        for (const item of shown) {
            item.width = row.stacked ? row.width : cell;
            tall = Math.max(tall, item.implicitHeight);
        }
        for (const item of shown) {
            item.height = row.stacked ? item.implicitHeight : tall;
            item.x = row.stacked ? 0 : at;
            item.y = row.stacked ? at : 0;
            at += row.stacked ? item.height + Theme.half : cell + Theme.gap;
        }
        row.implicitHeight = shown.length === 0 ? 0 : row.stacked ? at - Theme.half : tall;
    }

    onVisibleChanged: row.note()
    onWidthChanged: row.note()
    Component.onCompleted: {
        for (const item of inner.children) {
            item.visibleChanged.connect(row.note);
            item.implicitWidthChanged.connect(row.note);
        }
        row.arrange();
    }

    Component.onDestruction: {
        for (const item of inner.children) {
            item.visibleChanged.disconnect(row.note);
            item.implicitWidthChanged.disconnect(row.note);
        }
    }

    Item {
        id: inner

        anchors.fill: parent
    }
}
