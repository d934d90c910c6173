import QtQuick

// A field, up to three results while typing, and the keyboard. The core looks the addresses up.
Item {
    id: search

    property var chosen: null // the address chosen before, or null
    property string picked: chosen ? chosen.id : "" // id of the address that is marked now
    property var items: chosen ? [chosen] : []
    property string keys: ""
    property bool listing: false // 200 %: results in place of the keyboard
    property bool stretch: true
    readonly property string text: Link.backend ? Link.backend.compose(keys) : keys
    readonly property bool folded: Theme.large
    readonly property real resultRoom: folded ? (items.length > 0 ? Theme.mm(46) : 0) : Theme.low ? 3 * Theme.mm(20.5) + 2 * Theme.half : Math.max(results.whole, 3 * Theme.mm(50))
    readonly property real least: field.height + Theme.half + (folded || Theme.low ? (resultRoom > 0 ? resultRoom + Theme.half : 0) : 3 * Theme.mm(48)) + board.least
    readonly property real ruleAt: field.height + Theme.half

    signal accepted

    function key(text: string): void {
        if (text === "\b")
            search.keys = search.keys.slice(0, -1);
        else if (search.text.length < 40)
            search.keys += text;
        search.look();
    }

    function look(): void {
        search.picked = "";
        if (search.text.trim() === "") {
            search.items = [];
            return;
        }
        Link.ask("address", search.text, items => {
            search.items = items.slice(0, 3);
            search.listing = search.listing && items.length > 0;
        });
    }

    function choices(): var {
        return search.items.map(item => ({
                    "key": item.id,
                    "title": item.road,
                    "detail": [item.area, item.building].filter(part => part).join(" · "),
                    "trailing": item.postcode,
                    "personal": true
                }));
    }

    implicitHeight: least

    EntryField {
        id: field

        width: parent.width
        icon: "search"
        text: search.text
        label: Words.say("search.field", {})
        placeholder: Words.say("search.placeholder", {})
    }

    ChoiceList {
        id: results

        visible: !search.folded || search.listing
        y: field.height + Theme.gap
        width: parent.width
        height: search.folded ? search.height - y - Theme.half - again.height : board.y - Theme.gap - y
        model: search.choices()
        chosen: search.picked === "" ? null : search.picked
        flat: Theme.low
        tallest: Theme.mm(48)
        onPicked: key => search.picked = key
    }

    BodyText {
        visible: !search.folded && search.items.length === 0
        y: field.height + Theme.gap
        width: parent.width
        text: search.text.trim() === "" ? Words.say("search.how", {}) : Words.say("search.none", {})
        soft: true
    }

    QuietButton {
        id: again

        objectName: "listing"
        visible: search.folded && search.items.length > 0
        small: true
        anchors.bottom: search.listing ? parent.bottom : board.top
        anchors.bottomMargin: search.listing ? 0 : Theme.half
        width: parent.width
        height: Theme.mm(44)
        text: search.listing ? Words.say("search.again", {}) : Words.say("search.found", { "n": search.items.length })
        onTapped: search.listing = !search.listing
    }

    HangulKeyboard {
        id: board

        visible: !search.listing
        face: "hangul" // roads are written in Hangul in every language
        width: parent.width
        height: Math.max(least, Math.min(implicitHeight, search.height - field.height - 2 * Theme.gap - (search.resultRoom > 0 ? search.resultRoom + Theme.half : 0)))
        anchors.bottom: parent.bottom
        onKeyed: text => search.key(text)
    }

    Connections {
        target: Link

        function onTyped(text: string): void {
            search.key(text);
        }
    }
}
