import QtQuick

Plain {
    px: Theme.displayPx
    bold: true
    tracking: -0.02
    leading: 1.2
}
