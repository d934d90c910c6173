import QtQuick

// One thing that just went differently than expected.
Band {
    visible: Link.notice !== null && Link.notice !== undefined
    kind: "warn"
    body: visible ? Words.say(Link.notice.id, Link.notice.args) : ""
    strong: true
}
