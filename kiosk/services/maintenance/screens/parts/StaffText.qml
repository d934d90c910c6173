import QtQuick
import PostKiosk

// A text for staff: smaller than a customer's, 8 mm high at least; larger while large text is on.
Plain {
    property bool lead: false // the first line of a row

    px: Theme.mm((Theme.large ? 14.4 : Theme.hangul(text) ? 10 : 12) * (lead ? 1.2 : 1))
    bold: lead
    leading: 1.25
}
