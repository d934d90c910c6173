pragma ComponentBehavior: Bound
import QtQuick

// Choices as plates. What does not fit goes to the next page; nothing scrolls.
Item {
    id: list

    property var model: [] // [{"key", "title", "detail", "trailing", "icon", "personal"}]
    property var chosen: null
    property int columns: 1
    property bool flat: false
    property bool stretch: true
    property real tallest: Theme.mm(62) // plates grow up to this height
    property int page: 0
    property int pages: 1
    property real whole: 0
    property bool busy: false
    property bool again: false // something changed while the plates were being arranged
    readonly property int across: Theme.large ? 1 : columns
    property real most: 0 // the tallest row
    readonly property real least: Math.min(whole, most * (Theme.large || Theme.low ? 1 : 2) + Theme.half * 2 + turn.implicitHeight)

    signal picked(var key)

    function tall(row: int): real {
        let found = 0;
        for (let i = row * list.across; i < Math.min(plates.count, (row + 1) * list.across); i++)
            found = Math.max(found, plates.itemAt(i)?.implicitHeight ?? 0);
        return found;
    }

    // Rows cut into pages: as many as fit above the button that turns the page.
    function cut(rows: var, room: real): var {
        const found = [];
        let spare = -1;
        for (const row of rows) {
            if (found.length === 0 || spare < row.tall) {
                found.push([]);
                spare = room;
            }
            found[found.length - 1].push(row);
            spare -= row.tall + Theme.half;
        }
        return found;
    }

    function note(): void {
        list.again = true;
        if (!list.busy)
            Qt.callLater(list.settle);
    }

    // Arranges until no plate changes its height any more.
    function settle(): void {
        list.busy = true;
        for (let i = 0; i < 4 && (list.again || i === 0); i++) {
            list.again = false;
            list.arrange();
        }
        list.busy = false;
    }

    function arrange(): void {
        if (!list.visible || list.width <= 0)
            return;
        const wide = (list.width - (list.across - 1) * Theme.half) / list.across;
        for (let i = 0; i < plates.count; i++) {
            plates.itemAt(i).shown = true; // what is hidden has no heights
            plates.itemAt(i).width = wide;
        }
        list.again = false;
        const rows = [];
        for (let row = 0; row * list.across < plates.count; row++)
            rows.push({ "row": row, "tall": list.tall(row) });
        list.most = rows.reduce((found, row) => Math.max(found, row.tall), 0);
        list.whole = rows.reduce((sum, row) => sum + row.tall, 0) + Math.max(0, rows.length - 1) * Theme.half;
        const fits = list.height >= list.whole - 0.5;
        const room = fits ? list.height : list.height - turn.implicitHeight - Theme.half;
        const found = fits ? [rows] : list.cut(rows, room);
        list.pages = Math.max(1, found.length);
        list.page = Math.min(list.page, list.pages - 1);
        list.put(found[list.page], room);
    }

    // This page's rows, a little taller where there is room, all alike where they can be.
    function put(rows: var, room: real): void {
        const wide = (list.width - (list.across - 1) * Theme.half) / list.across;
        const even = (room - (rows.length - 1) * Theme.half) / Math.max(1, rows.length);
        const most = rows.reduce((found, row) => Math.max(found, row.tall), 0);
        for (let i = 0; i < plates.count; i++)
            plates.itemAt(i).shown = false;
        let y = 0;
        for (const row of rows) {
            const high = even >= most ? Math.min(even, Math.max(most, list.tallest)) : row.tall;
            for (let i = row.row * list.across; i < Math.min(plates.count, (row.row + 1) * list.across); i++) {
                const plate = plates.itemAt(i);
                plate.shown = true;
                plate.x = (i % list.across) * (wide + Theme.half);
                plate.y = y;
                plate.height = high;
            }
            y += high + Theme.half;
        }
        turn.y = y;
    }

    implicitHeight: whole
    onWidthChanged: list.note()
    onHeightChanged: list.note()
    onModelChanged: list.note()
    onPageChanged: list.note()
    onVisibleChanged: list.note()
    Component.onCompleted: list.settle()

    Repeater {
        id: plates

        model: list.model

        ChoicePlate {
            required property var modelData
            required property int index
            property bool shown: true

            objectName: "choice-" + modelData.key
            visible: shown
            title: modelData.title
            detail: modelData.detail ?? ""
            trailing: modelData.trailing ?? ""
            icon: modelData.icon ?? ""
            personal: modelData.personal ?? false
            flat: list.flat
            selected: list.chosen !== null && list.chosen === modelData.key
            onImplicitHeightChanged: {
                if (shown)
                    list.note();
            }
            onTapped: list.picked(modelData.key)
        }
    }

    QuietButton {
        id: turn

        objectName: "turn"
        visible: list.pages > 1
        width: list.width
        height: implicitHeight
        small: true
        text: Words.say("pages.next", { "n": list.page + 1, "of": list.pages })
        onTapped: list.page = (list.page + 1) % list.pages
    }
}
