pragma ComponentBehavior: Bound

import QtQuick
import PostKiosk
import "."

// Rows for staff, as many as fit; the others stand on the next page. A row that changes keeps its place and its focus.
Item {
    id: rows

    property var entries: [] // [{"key", "title", "body", "trailing", "kind": "ok" | "warn" | "fault" | "" , "name"}]
    property var chosen: null
    property bool touchable: true
    property bool stretch: true
    property int page: 0
    property int pages: 1
    property real whole: 0
    property real most: 0 // the tallest row
    property bool busy: false
    property bool again: false
    readonly property real between: Theme.mm(touchable ? 2.8 : 1)
    readonly property real least: Math.min(whole, most * (Theme.large || Theme.low ? 1 : 3) + 3 * Theme.half + turn.implicitHeight)

    signal picked(var key)

    function note(): void {
        rows.again = true;
        if (!rows.busy)
            Qt.callLater(rows.settle);
    }

    // Arranges until no row changes its height any more.
    function settle(): void {
        rows.busy = true;
        for (let i = 0; i < 4 && (rows.again || i === 0); i++) {
            rows.again = false;
            rows.arrange();
        }
        rows.busy = false;
    }

    function arrange(): void {
        if (!rows.visible || rows.width <= 0)
            return;
        const highs = [];
        for (let i = 0; i < lines.count; i++)
            highs.push(lines.itemAt(i)?.implicitHeight ?? 0);
        rows.most = Math.max(0, ...highs);
        rows.whole = highs.reduce((sum, high) => sum + high, 0) + Math.max(0, highs.length - 1) * rows.between;
        const fits = rows.height >= rows.whole - 0.5;
        const room = fits ? rows.height : rows.height - turn.implicitHeight - Theme.half;
        const cut = [[]];
        let y = 0;
        highs.forEach((high, index) => {
            if (!fits && y + high > room + 0.5 && y > 0) {
                cut.push([]);
                y = 0;
            }
            cut[cut.length - 1].push({ "index": index, "y": y });
            y += high + rows.between;
        });
        rows.pages = cut.length;
        rows.page = Math.min(rows.page, rows.pages - 1);
        rows.put(cut[rows.page], highs);
    }

    function put(shown: var, highs: var): void {
        for (let i = 0; i < lines.count; i++) {
            const at = shown.find(each => each.index === i);
            const line = lines.itemAt(i) as Line;
            line.shown = at !== undefined;
            line.y = at?.y ?? 0;
            line.height = highs[i];
        }
    }

    implicitHeight: whole
    onWidthChanged: rows.note()
    onHeightChanged: rows.note()
    onEntriesChanged: rows.note()
    onPageChanged: rows.note()
    onVisibleChanged: rows.note()
    Component.onCompleted: rows.settle()

    component Line: Plate {
        id: line

        required property int index
        property bool shown: true
        readonly property var entry: rows.entries[index] ?? ({})
        readonly property string kind: entry.kind ?? ""
        readonly property real inset: Theme.half

        objectName: "row-" + (entry.key ?? "")
        visible: shown
        activeFocusOnTab: rows.touchable
        enabled: rows.touchable
        label: entry.name ?? [entry.title, entry.trailing, entry.body].filter(part => part).join(", ")
        selected: rows.touchable && rows.chosen !== null && rows.chosen === entry.key
        width: rows.width
        outlineWidth: !rows.touchable ? 0 : selected ? Theme.strong : Theme.border
        fill: kind === "fault" ? Theme.faultTint : kind === "warn" ? Theme.warnTint : rows.touchable ? Theme.surface : "transparent"
        radius: Theme.keyRadius
        implicitHeight: Math.max(Theme.mm(rows.touchable ? 21 : 12), Math.max(head.implicitHeight, trail.implicitHeight) + (below.text === "" ? 0 : below.implicitHeight) + Theme.mm(rows.touchable ? 6 : 3))
        onImplicitHeightChanged: rows.note()
        onTapped: rows.picked(entry.key)
        Accessible.role: rows.touchable ? Accessible.Button : Accessible.StaticText

        StaffText {
            id: mark

            visible: line.kind !== ""
            x: line.inset
            width: line.kind === "" ? 0 : implicitWidth // not by `visible`: that is false on a page that is turned away
            anchors.verticalCenter: head.verticalCenter
            text: line.kind === "" ? "" : line.kind === "ok" ? "●" : line.kind === "warn" ? "▲" : "■"
            color: line.kind === "ok" ? Theme.ok : line.kind === "warn" ? Theme.warn : Theme.fault
            lead: true
            wrapMode: Text.NoWrap
            Accessible.ignored: true
        }

        StaffText {
            id: head

            x: line.kind === "" ? line.inset : mark.x + mark.width + Theme.half
            y: (line.height - height - (below.text === "" ? 0 : below.height)) / 2
            width: (trail.text === "" ? line.width - line.inset : trail.x - Theme.half) - x
            text: line.entry.title ?? ""
            lead: true
            Accessible.ignored: true
        }

        StaffText {
            id: trail

            visible: text !== ""
            x: line.width - width - line.inset
            width: Math.min(implicitWidth, line.width * 0.4)
            anchors.verticalCenter: head.verticalCenter
            horizontalAlignment: Text.AlignRight
            text: line.entry.trailing ?? ""
            soft: line.kind === "" || line.kind === "ok"
            Accessible.ignored: true
        }

        StaffText {
            id: below

            visible: text !== ""
            x: head.x
            anchors.top: head.bottom
            width: line.width - x - line.inset
            text: line.entry.body ?? ""
            Accessible.ignored: true
        }
    }

    Repeater {
        id: lines

        model: rows.entries.length

        Line {}
    }

    Keys {
        id: turn

        visible: rows.pages > 1
        width: rows.width
        height: implicitHeight
        y: rows.height - height
        model: [{ "key": "turn", "text": Words.say("pages.next", { "n": rows.page + 1, "of": rows.pages }) }]
        onPicked: rows.page = (rows.page + 1) % rows.pages
    }
}
