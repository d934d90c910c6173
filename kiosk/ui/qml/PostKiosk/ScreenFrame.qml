import QtQuick

// Every screen: wall and counter, question, information, what is touched, one action row.
FocusScope {
    id: frame

    width: parent?.width ?? 0
    height: parent?.height ?? 0

    property var values: ({})
    property var offers: []
    property string question
    property var questionArgs: ({})
    property string hint
    property var hintArgs: ({})
    property bool done: false
    property real horizon: -1
    property string wall: "plain"
    property string primary
    property var primaryArgs: ({})
    property string primaryHeard // its name for the voice, where its own words hold what others must not hear
    property string primaryIntent: "confirm"
    property var primaryIntentArgs: ({})
    property string primaryNeeds: primaryIntent
    property bool primaryWhen: true
    property string secondary: "button.back"
    property string secondaryIntent: "back"
    property bool named: false // the branch's name in place of the steps
    property string standing // beside that name: "open" or "partly", where it is told
    property bool compact: false // a question of title size: there is much to read
    property bool staff: false // a screen of staff: nothing on it is red
    default property alias content: info.blocks
    property alias touch: hands.blocks
    property int page: 0
    readonly property bool dense: hands.least > 0
    // Information and touch on pages of their own where one page cannot hold both.
    readonly property bool apart: dense && !Theme.low && info.least > 0 && info.least + Theme.gap + hands.least > contentBottom - firstTop
    readonly property int pages: info.pages + (apart ? 1 : 0)
    readonly property bool lastPage: page >= pages - 1
    property bool paged: false // the action row keeps room for turning pages
    readonly property bool headless: page > 0 && !Theme.low // later pages have the room of the question, too

    // What the keypad's Enter and Escape do here, for the voice; `laterText`: Enter, once something was entered.
    readonly property string enterText: actions.heard || actions.primary
    readonly property string escapeText: actions.secondary
    readonly property string laterText: primary === "" || primaryShown || (primaryNeeds !== "" && !offered(primaryNeeds)) ? "" : Words.say(primary, primaryArgs)

    signal intent(string name, var args)
    signal submit

    function offered(name: string): bool {
        return frame.offers.indexOf(name) >= 0;
    }

    // Back one page of information, or back one step.
    function back(): void {
        if (frame.page > 0)
            frame.page -= 1;
        else if (frame.backIntent !== "")
            frame.intent(frame.backIntent, {});
    }

    function forward(): void {
        if (!frame.lastPage)
            frame.page += 1;
        else if (frame.primaryIntent === "")
            frame.submit();
        else
            frame.intent(frame.primaryIntent, frame.primaryIntentArgs);
    }

    function turn(): void {
        frame.paged = frame.paged || frame.pages > 1;
        frame.page = Math.min(frame.page, frame.pages - 1);
    }

    onPagesChanged: {
        Qt.callLater(frame.turn);
    }

    readonly property string backIntent: secondary === "" ? "" : offered(secondaryIntent) ? secondaryIntent : secondaryIntent === "back" && offered("cancel") ? "cancel" : ""
    readonly property bool primaryShown: primary !== "" && primaryWhen && (primaryNeeds === "" || offered(primaryNeeds))
    readonly property string primaryText: primaryShown ? Words.say(primary, primaryArgs) : ""
    readonly property string secondaryText: backIntent === "" ? "" : Words.say(backIntent === secondaryIntent ? secondary : "button.cancel", {})
    readonly property bool handsShown: dense && (lastPage || Theme.low)
    readonly property real autoRule: info.visible && info.still ? info.y + info.still.y + info.still.height * 0.66 : handsShown ? hands.y + hands.ruleAt - Theme.half : info.y - Theme.half
    readonly property real ruleY: horizon >= 0 ? horizon * Theme.sceneHeight : Math.min(autoRule, actionY - Theme.half)
    readonly property real reserve: Math.max(whole.implicitHeight, paged || (Theme.large && info.least > 0) ? turning.implicitHeight : 0)
    readonly property real actionY: height - reserve - (reserve > 0 ? (Theme.low ? Theme.half : Theme.mm(11.8)) : Theme.half)
    readonly property real contentTop: headless ? head.y : head.y + head.height + Theme.gap
    readonly property real firstTop: head.y + head.height + Theme.gap
    readonly property real contentBottom: actionY - (reserve > 0 ? (Theme.low ? Theme.half : Theme.gap) : 0)
    readonly property real lowTop: Theme.lowLine + Theme.mm(1)

    Rectangle {
        width: frame.width
        height: frame.ruleY
        color: frame.wall === "warn" ? Theme.pause : Theme.wall
    }

    Rectangle {
        y: frame.ruleY
        width: frame.width
        height: frame.height - y
        color: Theme.counter

        Rectangle {
            width: parent.width
            height: Theme.hairline
            color: Theme.hair
        }
    }

    StepBar {
        id: steps

        visible: !frame.named && !Theme.large
        x: Theme.margin
        y: Theme.mm(14.3) + (Link.marked ? Theme.mm(14) : 0)
        width: frame.width - 2 * x
        title: Link.view ? Words.say(Link.view.title, {}) : ""
        step: Link.view?.position[0] ?? 0
        of: Link.view?.position[1] ?? 0
    }

    BranchName {
        visible: frame.named && !Theme.large
        x: Theme.margin
        y: steps.y
        width: steps.width
        standing: frame.standing
    }

    Question {
        id: head

        x: Theme.margin
        y: Theme.large ? Theme.mm(7) + (Link.marked ? Theme.mm(38) : 0) : steps.y + Theme.mm(36)
        width: frame.width - 2 * x
        text: Words.say(frame.question, frame.questionArgs)
        hint: frame.hint === "" || (Theme.large && frame.dense) ? "" : Words.say(frame.hint, frame.hintArgs)
        done: frame.done
        compact: frame.compact || (Theme.large && frame.dense)
        visible: !frame.headless
    }

    Blocks {
        id: info

        objectName: "information"
        readonly property real lowest: Theme.low ? Theme.lowLine - Theme.half - (frame.dense ? hands.ruleAt : 0) : frame.dense && !frame.apart ? hands.y - Theme.gap : frame.contentBottom

        x: Theme.margin
        y: frame.contentTop
        width: frame.width - 2 * x
        visible: !frame.apart || !frame.lastPage
        page: Math.max(0, Math.min(frame.page, pages - 1))
        height: Math.max(0, lowest - y)
        first: Math.max(0, lowest - frame.firstTop)
        later: Math.max(0, lowest - (Theme.low ? frame.firstTop : head.y))
        atBottom: !frame.dense && !Theme.low

        NoticeBar {}
    }

    Blocks {
        id: hands

        readonly property real highest: Theme.low ? frame.lowTop - ruleAt : frame.contentTop
        readonly property real room: frame.contentBottom - highest
        readonly property real asked: Theme.low || frame.apart ? room : frame.contentBottom - frame.firstTop - (info.least > 0 ? info.least + Theme.gap : 0)
        readonly property real ruleAt: still?.ruleAt ?? 0

        visible: frame.lastPage || Theme.low
        spacing: Theme.half
        x: Theme.margin
        width: frame.width - 2 * x
        height: stretches ? Math.max(least, asked) : least
        y: frame.contentBottom - height
    }

    ActionRow {
        id: whole

        visible: false
        width: actions.width
        primary: frame.primaryText
        retreat: actions.retreat
        secondary: frame.secondaryText === "" && frame.paged ? Words.say("button.back", {}) : frame.secondaryText
    }

    ActionRow {
        id: turning

        visible: false
        width: actions.width
        primary: Words.say("pages.more", { "n": 8, "of": 8 })
        secondary: frame.secondaryText === "" ? Words.say("button.back", {}) : frame.secondaryText
    }

    ActionRow {
        id: actions

        x: Theme.margin
        y: frame.actionY + frame.reserve - height
        width: frame.width - 2 * x
        height: implicitHeight
        staff: frame.staff
        retreat: frame.page > 0 || ["back", "cancel"].indexOf(frame.backIntent) >= 0
        primary: frame.lastPage ? frame.primaryText : Words.say("pages.more", { "n": frame.page + 1, "of": frame.pages })
        heard: frame.lastPage && frame.primaryShown && frame.primaryHeard !== "" ? Words.say(frame.primaryHeard, {}) : ""
        secondary: frame.page > 0 ? Words.say("button.back", {}) : frame.secondaryText
        onPrimaryTapped: frame.forward()
        onSecondaryTapped: frame.back()
    }

    Connections {
        target: Link
        enabled: frame.visible

        function onEscaped(): void {
            frame.back();
        }

        function onEntered(): void {
            if (actions.primary !== "")
                frame.forward();
        }
    }
}
