pragma ComponentBehavior: Bound

import QtQuick
import PostKiosk

// Every field, masked; each can be typed anew. What the camera read is a proposal.
ScreenFrame {
    id: frame

    property bool mending: false
    readonly property var rows: values.rows ?? []
    readonly property string document: ("id-" + (values.kind ?? "licence")).replace("_", "-")

    question: mending ? "id.confirm.mend" : "id.confirm.question"
    hint: mending || (values.read ?? []).length === 0 ? "" : "id.confirm.read"
    primary: "id.confirm.agree"
    primaryWhen: !mending
    secondary: mending ? "" : "button.back"

    Picture {
        visible: !frame.mending && !Theme.large && !Theme.low
        name: frame.document
        least: Theme.mm(56)
    }

    Repeater {
        model: frame.mending ? [] : frame.rows

        FactRow {
            required property var modelData

            icon: modelData.field === "name" ? "person" : modelData.field === "number" ? "id-card" : "clock"
            label: Words.say("id.field." + modelData.field, {})
            value: modelData.text.replace("-", "-\u200b") // large, it breaks there
            personal: true
            last: modelData.field === frame.rows[frame.rows.length - 1].field
        }
    }

    Band {
        visible: frame.values.doubt === true && !frame.mending
        kind: "warn"
        title: Words.say("id.confirm.doubt", {})
    }

    touch: [
        ButtonRow {
            visible: !frame.mending

            QuietButton {
                objectName: "mend"
                icon: "pencil"
                text: Words.say("id.confirm.mend.button", {})
                onTapped: frame.mending = true
            }
        },
        ChoiceList {
            visible: frame.mending
            stretch: frame.mending
            model: !frame.mending ? [] : frame.rows.map(row => ({
                        "key": row.field,
                        "title": Words.say("id.field." + row.field, {}),
                        "icon": "pencil"
                    })).concat([{
                        "key": "",
                        "title": Words.say("id.confirm.mend.none", {}),
                        "icon": "chevron-left"
                    }])
            onPicked: key => {
                frame.mending = false;
                if (key !== "")
                    frame.intent("edit", { "field": key });
            }
        }
    ]
}
