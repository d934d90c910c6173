pragma ComponentBehavior: Bound
import QtQuick

// 2-beolsik Hangul with consonants left and vowels right; Latin letters; digits.
Item {
    id: board

    property bool latin: Theme.latin
    property string face: latin ? "latin" : "hangul"
    property bool shifted: false
    readonly property real rowHeight: (height - 3 * Theme.keyGap) / 4
    readonly property real least: 4 * (Theme.low ? Theme.mm(20.5) : Theme.large ? Theme.mm(27) : Theme.mm(31)) + 3 * Theme.keyGap
    readonly property var faces: ({
            hangul: ["ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔ", "ㅁㄴㅇㄹㅎㅗㅓㅏㅣ", "ㅋㅌㅊㅍㅠㅜㅡ"],
            latin: ["qwertyuiop", "asdfghjkl", "zxcvbnm"],
            digits: ["1234567890", "-/().,&@+", "#:;'!?_"]
        })
    readonly property var doubles: ({
            "ㅂ": "ㅃ",
            "ㅈ": "ㅉ",
            "ㄷ": "ㄸ",
            "ㄱ": "ㄲ",
            "ㅅ": "ㅆ",
            "ㅐ": "ㅒ",
            "ㅔ": "ㅖ"
        })

    signal keyed(string text) // one jamo, letter, digit or space; "\b" = erase

    function shift(letter: string): string {
        if (!board.shifted)
            return letter;
        return board.face === "latin" ? letter.toUpperCase() : board.doubles[letter] ?? letter;
    }

    function words(row: int): var { // the darker keys before and after a row's letters
        const digits = { "act": "digits", "word": "keyboard.digits", "glyph": "12" };
        const latin = { "act": "latin", "word": "keyboard.latin", "glyph": "A" };
        const hangul = { "act": "hangul", "word": "keyboard.hangul", "glyph": "가" };
        if (row === 1)
            return [null, { "act": "erase", "word": "keyboard.erase", "icon": "backspace" }];
        if (row === 2 && board.face === "digits")
            return [hangul, latin];
        if (row === 2)
            return [{ "act": "shift", "word": "keyboard.shift", "glyph": board.face === "latin" ? (board.shifted ? "a" : "A") : "ㄲ" }, digits];
        if (row === 3)
            return [board.face === "hangul" ? latin : hangul, null];
        return [null, null];
    }

    function act(name: string): void {
        if (name === "erase")
            board.keyed("\b");
        else if (name === "shift")
            board.shifted = !board.shifted;
        else
            board.face = name;
    }

    implicitHeight: 4 * Theme.mm(38) + 3 * Theme.keyGap

    Column {
        anchors.fill: parent
        spacing: Theme.keyGap

        Repeater {
            model: 4

            Row {
                id: row

                required property int index
                readonly property var sides: board.words(index)
                readonly property string letters: index < 3 ? board.faces[board.face][index] : ""
                readonly property real unit: (board.width - 9 * Theme.keyGap) / 10
                readonly property real wide: index === 1 ? unit : index === 2 ? (board.width - 7 * unit - 8 * Theme.keyGap) / 2 : unit * 1.55

                spacing: Theme.keyGap
                height: board.rowHeight

                WordKey {
                    side: row.sides[0]
                    onActed: name => board.act(name)
                    width: row.wide
                    height: row.height
                }

                Repeater {
                    model: row.letters.split("").filter(letter => letter !== "")

                    Key {
                        required property string modelData

                        objectName: "key-" + modelData
                        face: board.shift(modelData)
                        width: row.unit
                        height: row.height
                        onTapped: {
                            board.keyed(face);
                            board.shifted = false;
                        }
                    }
                }

                Key {
                    objectName: "key-space"
                    visible: row.index === 3
                    face: Words.say("keyboard.space", {})
                    px: Theme.large ? Theme.titlePx * 0.6 : Theme.bodyFor(face)
                    width: board.width - row.wide - Theme.keyGap
                    height: row.height
                    onTapped: board.keyed(" ")
                }

                WordKey {
                    side: row.sides[1]
                    onActed: name => board.act(name)
                    width: row.wide
                    height: row.height
                }
            }
        }
    }
}
