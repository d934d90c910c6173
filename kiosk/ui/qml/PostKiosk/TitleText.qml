import QtQuick

Plain {
    px: Theme.titlePx
    bold: true
    tracking: -0.012
    leading: 1.25
}
