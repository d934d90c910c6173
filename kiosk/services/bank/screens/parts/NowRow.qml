import QtQuick
import PostKiosk

// One thing to do now against a fraud: hang up, 112, 1332, the bank.
FactRow {
    id: row

    property string what
    property string telephone
    property bool brief: false

    icon: what === "hang_up" ? "close" : what === "bank" ? "bank" : "call"
    value: Words.say("bank.stop." + what, { "telephone": telephone })
    detail: brief ? "" : Words.say("bank.stop." + what + ".detail", {})
    last: what === "bank"
}
