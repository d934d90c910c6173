import QtQuick

Plain {}
