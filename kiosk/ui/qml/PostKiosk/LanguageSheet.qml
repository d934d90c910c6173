import QtQuick

// Languages in their own script.
Sheet {
    id: sheet

    title: Words.say("access.language", {})
    hands: [
        ChoiceList {
            model: Link.languages.map(tag => ({
                        "key": tag,
                        "title": Words.tongue(tag)
                    }))
            chosen: Link.language
            onPicked: key => {
                Link.send("language", { "tag": key });
                sheet.closed();
            }
        },
        PrimaryButton {
            objectName: "close"
            text: Words.say("button.close", {})
            onTapped: sheet.closed()
        }
    ]
}
