pragma Singleton
import QtQuick

// The screen's end of the link: the view that is shown, what it offers, and the way back.
QtObject {
    id: link

    property var backend: null // kiosk.ui.bridge.Bridge
    property var cameras: null // kiosk.ui.camera.Preview
    property var view: null
    property bool connected: false
    property bool keypad: false // the last sign of life was a key, so the focus ring shows
    property var refusal: null // {"id", "args"}: what the customer should do, until the next intent or view
    property url page: ""

    readonly property var chrome: view ? view.chrome : ({})
    readonly property var access: chrome.access ?? ({})
    readonly property var staff: chrome.staff ?? ({ "state": "none" })
    readonly property string staffCell: staff.waiting === true ? "waiting" : staff.state // what the cell for staff says
    readonly property var alarm: chrome.alarm ?? null // a danger near whoever stands here
    readonly property string alarmed: alarm ? alarm.matter : "" // another matter opens the sheet anew
    readonly property var idle: chrome.idle ?? ({ "warn": false })
    readonly property var offers: view ? view.offers : []
    readonly property var notice: refusal ?? (view ? view.notice : null)
    readonly property string language: chrome.language ?? "ko"
    readonly property var languages: chrome.languages ?? ["ko"]
    readonly property bool preview: view ? view.preview === true : false
    readonly property bool privacy: chrome.privacy === true // somebody's visit, not the resting screen
    readonly property bool marked: chrome.demo === true || chrome.simulated === true

    property int asked: 0
    property var answer: null // {"n", "items"}
    property var waiting: ({})

    signal typed(string text) // a letter or digit from the tactile keypad; "\b" = erase
    signal escaped
    signal entered // the keypad's Enter while nothing has the focus: the wide action
    signal again // say it once more

    function type(text: var): void {
        link.typed(text);
    }

    function offered(name: string): bool {
        return link.offers.indexOf(name) >= 0;
    }

    function send(name: string, args: var): void {
        link.refusal = null;
        if (link.backend)
            link.backend.send(name, args ?? {});
    }

    // Looks something up; `then(items)` is called with the answer unless a newer question was asked meanwhile.
    function ask(what: string, text: string, then: var): void {
        link.asked += 1;
        link.waiting = { "n": link.asked, "then": then };
        if (link.backend)
            link.backend.ask(what, text, link.asked);
    }

    onAnswerChanged: {
        if (link.answer && link.waiting.n === link.answer.n)
            link.waiting.then(link.answer.items);
    }
    onAgain: link.send("repeat", {})
}
