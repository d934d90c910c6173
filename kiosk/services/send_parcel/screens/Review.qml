pragma ComponentBehavior: Bound

import QtQuick
import PostKiosk
import "parts"

// Reads like the paper it becomes; each line can be mended in place, the button repeats the amount.
ScreenFrame {
    id: frame

    property bool tall: false // the slip does not fit on one page
    readonly property bool lines: Theme.large || Theme.low || tall // its lines in pages instead, mending by a list
    property bool mending: false
    readonly property var sheet: [
        row("receiver", "person", Words.say("review.name", { "name": to.name ?? "" }), to.phone ?? ""),
        row("receiver_address", "house", street(to), place(to)),
        row("sender", "person", Words.say("review.name", { "name": by.name ?? "" }), by.phone ?? ""),
        row("sender_address", "house", street(by), place(by)),
        row("contents", "box", values.contents ? Words.say("contents." + values.contents, {}) : "", Words.say("review.mass", { "weight_g": values.weight_g ?? 0, "sum_cm": values.sum_cm ?? 0 })),
        row("speed", "truck", due(), ""),
        row("insured", "shield", cover(values.limit_won ?? 0), "")
    ]
    readonly property var to: values.receiver ?? ({})
    readonly property var by: values.sender ?? ({})

    function weigh(): void {
        if (!frame.lines && slip.implicitHeight > frame.contentBottom - frame.contentTop + 0.5)
            frame.tall = true;
    }

    Component.onCompleted: Qt.callLater(frame.weigh)

    function row(what: string, icon: string, value: string, detail: string): var {
        return { "what": what, "icon": icon, "label": Words.say("review." + what, {}), "value": value, "detail": detail };
    }

    function street(person: var): string {
        return [person.road, person.detail].filter(part => part).join(" ");
    }

    function place(person: var): string {
        return [person.area, person.postcode].filter(part => part).join(" ");
    }

    function due(): string {
        if (!frame.values.arrives)
            return frame.values.speed ? Words.say("speed." + frame.values.speed, {}) : "";
        return frame.lines ? Words.date(frame.values.arrives) : Words.say("speed.arrives", { "arrives": frame.values.arrives });
    }

    function cover(won: int): string {
        if (won === 0)
            return Words.say("review.no_cover", {});
        return frame.lines ? Words.money(won) : Words.say("review.up_to", { "won": won });
    }

    function editable(what: string): bool {
        return frame.offered("edit") && (frame.values.edits ?? []).indexOf(what) >= 0;
    }

    question: mending ? "review.mend.question" : "review.question"
    primary: "review.agree"
    primaryArgs: ({ "won": values.total_won ?? 0 })
    primaryIntent: "agree"
    primaryIntentArgs: ({ "won": values.total_won ?? 0 })
    primaryWhen: !mending
    secondary: mending ? "" : "button.back"

    PaperSlip {
        id: slip

        visible: !frame.lines
        onImplicitHeightChanged: Qt.callLater(frame.weigh)

        Repeater {
            model: frame.lines ? [] : frame.sheet

            MendRow {
                required property var modelData
                required property int index

                width: parent.width
                icon: modelData.icon
                label: modelData.label
                value: modelData.value
                detail: modelData.detail
                action: frame.editable(modelData.what) ? Words.say("button.fix", {}) : ""
                last: index === frame.sheet.length - 1
                onActed: frame.intent("edit", { "what": modelData.what })
            }
        }
    }

    Repeater {
        model: frame.lines && !frame.mending ? frame.sheet : []

        FactRow {
            required property var modelData

            icon: modelData.icon
            label: modelData.label
            value: modelData.value
            detail: Theme.large ? "" : modelData.detail
        }
    }

    MoneyLine {
        visible: !frame.mending
        label: Words.say("money.to_pay", {})
        won: frame.values.total_won ?? 0
    }

    touch: [
        ButtonRow {
            visible: frame.lines && !frame.mending && frame.offered("edit")

            QuietButton {
                icon: "pencil"
                text: Words.say("review.mend", {})
                onTapped: frame.mending = true
            }
        },
        ChoiceList {
            visible: frame.mending
            stretch: frame.mending
            model: !frame.mending ? [] : frame.sheet.filter(row => frame.editable(row.what)).map(row => ({
                        "key": row.what,
                        "title": row.label,
                        "icon": row.icon
                    })).concat([{
                        "key": "",
                        "title": Words.say("review.mend.none", {}),
                        "icon": "chevron-left"
                    }])
            onPicked: key => {
                frame.mending = false;
                if (key !== "")
                    frame.intent("edit", { "what": key });
            }
        }
    ]
}
