pragma ComponentBehavior: Bound

import QtQuick
import PostKiosk

// One clause in the bank's own words, whole: pages are turned to its end before it can be confirmed.
ScreenFrame {
    id: frame

    compact: true
    question: "bank.clause.question"
    questionArgs: ({ "title": values.title ?? "" })
    hint: "bank.clause.at"
    hintArgs: ({ "at": values.at ?? 1, "of": values.of ?? 1 })
    primary: "bank.clause.agree"
    primaryIntent: "understood"
    primaryIntentArgs: ({ "id": values.id ?? "" })

    // The bank's own lines, broken where the width ends, so many at a time that each piece fits on a page.
    function pieces(text: string, width: real, most: int): var {
        const lines = [];
        for (const line of text.split("\n"))
            lines.push(...frame.broken(line, width));
        const found = [];
        for (let at = 0; at < lines.length; at += most)
            found.push(lines.slice(at, at + most).join("\n"));
        return found;
    }

    function broken(line: string, width: real): var {
        const found = [""];
        for (const word of line.split(" ")) {
            const longer = found[found.length - 1] === "" ? word : found[found.length - 1] + " " + word;
            if (letters.advanceWidth(longer) <= width || found[found.length - 1] === "")
                found[found.length - 1] = longer;
            else
                found.push(word);
        }
        return found;
    }

    FontMetrics {
        id: letters

        font.family: Theme.family
        font.pixelSize: Theme.bodyFor(frame.values.body ?? "")
        font.weight: Font.Medium
        font.features: ({ "tnum": 1 })
    }

    Repeater {
        model: frame.pieces(frame.values.body ?? "", frame.width - 2 * Theme.margin - 1, 2)

        BodyText {
            required property string modelData
            required property int index
            readonly property bool joined: index > 0

            px: letters.font.pixelSize
            text: modelData
        }
    }

    touch: ButtonRow {
        QuietButton {
            objectName: "do-listen"
            icon: "voice"
            text: Words.say("bank.disclose.listen", {})
            onTapped: Link.again()
        }
    }
}
