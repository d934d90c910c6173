pragma ComponentBehavior: Bound
import QtQuick

// Stacks information blocks and cuts them into pages where they do not fit. Nothing ever scrolls. A block with `joined` goes
// on with the text of the one before it: there is no gap between them.
Item {
    id: stack

    default property alias blocks: live.data
    property int page: 0
    property int pages: 1
    property real first: height // room on the first page
    property real later: height // room on the others
    property real spacing: Theme.gap
    property real least: 0 // height that all blocks need on one page
    property bool atBottom: false // stand at the bottom where there is room to spare
    property bool stretches: false // one of the blocks takes what is left
    property var still: null // the picture on this page
    property var order: []
    property int total: 0 // blocks in all
    property int placed: 0 // blocks on this page
    property bool busy: false
    property bool again: false // something changed while the blocks were being arranged
    property bool gone: false

    function note(): void {
        stack.again = true;
        if (!stack.busy)
            Qt.callLater(stack.settle);
    }

    // Learns of new blocks (a Repeater makes them late) in their order, and forgets those that are gone.
    function adopt(): void {
        if (stack.gone)
            return;
        const known = stack.order.filter(block => block?.parent === live || block?.parent === shelf);
        let at = 0;
        for (const child of live.children) {
            const found = known.indexOf(child);
            if (found >= 0) {
                at = found + 1;
                continue;
            }
            known.splice(at, 0, child);
            at += 1;
            child.implicitHeightChanged.connect(stack.note);
            child.visibleChanged.connect(stack.note);
        }
        stack.order = known;
        stack.note();
    }

    function need(block: var): real {
        return block.stretch === true ? block.least : block.implicitHeight;
    }

    function gapBefore(block: var): real {
        return block.joined === true ? 0 : stack.spacing;
    }

    // Height of these under each other.
    function heightOf(blocks: var): real {
        return blocks.reduce((sum, block, at) => sum + stack.need(block) + (at > 0 ? stack.gapBefore(block) : 0), 0);
    }

    function cut(blocks: var): var {
        const found = [];
        let room = -1;
        for (const block of blocks) {
            const height = stack.need(block);
            if (found.length === 0 && height > stack.first + 0.5 && height <= stack.later)
                found.push([]); // the question has its own page
            const gap = found.length > 0 && found[found.length - 1].length > 0 ? stack.gapBefore(block) : 0;
            if (room < gap + height || found.length === 0) {
                found.push([]);
                room = (found.length > 1 ? stack.later : stack.first) + 0.5 - height;
            } else {
                room -= gap + height;
            }
            found[found.length - 1].push(block);
        }
        return found;
    }

    function place(blocks: var): void {
        const stretched = blocks.find(block => block.stretch === true) ?? null;
        const spare = Math.max(0, stack.height - stack.heightOf(blocks));
        let y = stretched === null && stack.atBottom ? spare : 0;
        for (const block of blocks) {
            y += block === blocks[0] ? 0 : stack.gapBefore(block);
            block.x = 0;
            block.y = y;
            block.height = stack.need(block) + (block === stretched ? spare : 0);
            y += block.height;
        }
        stack.still = stretched;
    }

    // Arranges until no block changes its height any more.
    function settle(): void {
        if (!stack.visible || stack.gone)
            return;
        stack.busy = true;
        for (let i = 0; i < 4 && stack.visible && (stack.again || i === 0); i++) { // what is hidden has no heights
            stack.again = false;
            stack.arrange();
        }
        stack.busy = false;
    }

    function arrange(): void {
        for (const block of stack.order) {
            block.parent = live;
            block.width = stack.width;
        }
        const blocks = stack.order.filter(block => block.visible && (block.implicitHeight > 0 || block.stretch === true));
        stack.least = stack.heightOf(blocks);
        stack.stretches = blocks.some(block => block.stretch === true);
        const found = stack.height > 0 ? stack.cut(blocks) : [blocks];
        stack.pages = Math.max(1, found.length);
        const shown = found[Math.min(stack.page, stack.pages - 1)] ?? [];
        stack.total = blocks.length;
        stack.placed = shown.length;
        for (const block of blocks)
            if (shown.indexOf(block) < 0)
                block.parent = shelf;
        stack.place(shown);
    }

    onWidthChanged: stack.note()
    onHeightChanged: stack.note()
    onFirstChanged: stack.note()
    onLaterChanged: stack.note()
    onPageChanged: stack.note()
    onVisibleChanged: stack.note()
    onSpacingChanged: stack.note()
    Component.onCompleted: {
        stack.adopt();
        stack.settle();
    }

    Component.onDestruction: {
        stack.gone = true;
        for (const block of stack.order) {
            block?.implicitHeightChanged?.disconnect(stack.note); // it may be half gone with the page
            block?.visibleChanged?.disconnect(stack.note);
        }
    }

    Item {
        id: live

        anchors.fill: parent
        onChildrenChanged: {
            if (!stack.busy)
                Qt.callLater(stack.adopt);
        }
    }

    Item {
        id: shelf

        visible: false
    }
}
