import QtQuick
import QtQuick.Window

// The window: one page, the access bar, and what may lie over them.
Window {
    id: window

    readonly property real scale: Math.min(width / Theme.sceneWidth, height / Theme.sceneHeight)
    property ScreenFrame page: null
    readonly property Item current: page
    property bool curtain: false // whoever listens and uses the keypad may cover the page; it goes with the visit
    readonly property bool drawn: curtain && Theme.voice && Link.privacy
    property string sheet: "" // "", "access", "language", "staff" or "alarm"
    readonly property bool stopped: Link.idle.warn === true || !Link.connected || Link.view === null
    readonly property bool covered: sheet !== "" || stopped

    width: Theme.sceneWidth
    height: Theme.sceneHeight
    color: Theme.wall

    // A page is always made new for its step; within a step only what changed is handed on.
    function show(): void {
        if (window.step === Link.view.step_seq && window.shown === Link.view.screen) {
            window.refresh();
            return;
        }
        window.step = Link.view.step_seq;
        window.shown = Link.view.screen;
        window.sheet = window.sheet === "staff" || window.sheet === "alarm" ? window.sheet : "";
        const component = Qt.createComponent(Link.page);
        if (component.status !== Component.Ready) {
            console.warn(component.errorString());
            return;
        }
        if (window.page !== null) {
            window.page.visible = false;
            window.page.destroy();
        }
        window.page = component.createObject(holder, { "values": Link.view.values, "offers": Link.view.offers }) as ScreenFrame;
        window.release();
        slide.restart();
    }

    // Nothing has the focus, so that Enter is the wide action which the voice names.
    function release(): void {
        scene.forceActiveFocus();
    }

    function refresh(): void {
        if (window.page === null)
            return;
        if (JSON.stringify(window.page.offers) !== JSON.stringify(Link.view.offers))
            window.page.offers = Link.view.offers;
        if (JSON.stringify(window.page.values) !== JSON.stringify(Link.view.values))
            window.page.values = Link.view.values;
    }

    property int step: -1
    property string shown: ""

    Connections {
        target: Link

        function onViewChanged(): void {
            if (Link.view !== null)
                window.show();
        }

        function onAlarmedChanged(): void {
            window.sheet = Link.alarmed !== "" ? "alarm" : window.sheet === "alarm" ? "" : window.sheet;
        }
    }

    Connections {
        target: Theme

        function onVoiceChanged(): void {
            if (Theme.voice)
                window.release();
        }
    }

    Item {
        id: scene

        objectName: "scene"
        width: Theme.sceneWidth
        height: Theme.sceneHeight
        anchors.centerIn: parent
        scale: window.scale

        Item {
            id: holder

            width: parent.width
            height: parent.height - bar.height
            visible: !window.covered // what is covered is not read out either

            NumberAnimation {
                id: slide

                target: holder
                property: "x"
                from: Theme.slide > 0 ? Theme.mm(24) : 0
                to: 0
                duration: Theme.slide
                easing.type: Easing.OutCubic
            }
        }

        Curtain {
            anchors.fill: holder
            anchors.topMargin: strip.height
            visible: window.drawn && !window.covered
        }

        Connections {
            target: Link

            function onPrivacyChanged(): void {
                if (!Link.privacy)
                    window.curtain = false;
            }
        }

        Connections {
            target: window.page

            function onIntent(name: string, args: var): void {
                Link.send(name, args);
            }
        }

        DemoBanner {
            id: strip

            width: parent.width
        }

        AccessBar {
            id: bar

            width: parent.width
            height: implicitHeight
            anchors.bottom: parent.bottom
            dense: window.page?.dense ?? false
            visible: !window.covered // what is covered is not read out either
            onSheet: name => window.sheet = name
        }

        AccessSheet {
            anchors.fill: parent
            anchors.topMargin: strip.height
            visible: window.sheet === "access" && !window.stopped
            onClosed: window.sheet = ""
            onLanguages: window.sheet = "language"
            drawn: window.drawn
            onCurtained: {
                window.curtain = !window.curtain;
                window.sheet = "";
            }
        }

        LanguageSheet {
            anchors.fill: parent
            anchors.topMargin: strip.height
            visible: window.sheet === "language" && !window.stopped
            onClosed: window.sheet = ""
        }

        AlarmSheet {
            anchors.fill: parent
            anchors.topMargin: strip.height
            visible: window.sheet === "alarm" && !window.stopped
            onClosed: window.sheet = ""
        }

        StaffSheet {
            anchors.fill: parent
            anchors.topMargin: strip.height
            visible: window.sheet === "staff" && !window.stopped
            onClosed: window.sheet = ""
        }

        IdleWarning {
            anchors.fill: parent
            anchors.topMargin: strip.height
            visible: Link.idle.warn === true && Link.connected
        }

        Waiting {
            anchors.fill: parent
            visible: !Link.connected || Link.view === null
        }
    }
}
