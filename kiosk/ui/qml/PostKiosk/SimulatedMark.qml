import QtQuick

// Says that a device at the other end of the wire is a simulator.
BodyText {
    visible: Link.chrome.simulated === true
    text: visible ? Words.say("mark.simulated", {}) : ""
    color: Theme.warn
    bold: true
    wrapMode: Text.NoWrap
}
