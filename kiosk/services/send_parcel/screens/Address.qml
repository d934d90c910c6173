import QtQuick
import PostKiosk

// A road name finds the address; the postcode comes with it.
ScreenFrame {
    id: frame

    readonly property string who: values.who ?? "receiver"

    question: "address." + who + ".question"
    primary: "address." + who + ".confirm"
    primaryIntent: "choose_address"
    primaryIntentArgs: ({ "id": search.picked })
    primaryWhen: search.picked !== ""

    touch: AddressSearch {
        id: search

        chosen: frame.values.chosen ?? null
    }
}
