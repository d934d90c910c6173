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

    // Pieces of at most so many letters, parted at blanks, so that each fits on a page.
    function pieces(text: string, most: int): var {
        const found = [];
        for (const word of text.split(/[ \n]+/)) {
            const last = found.length - 1;
            if (last >= 0 && found[last].length + word.length < most)
                found[last] += " " + word;
            else
                found.push(word);
        }
        return found;
    }

    Repeater {
        model: frame.pieces(frame.values.body ?? "", Theme.large ? 40 : 90)

        BodyText {
            required property string modelData

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
