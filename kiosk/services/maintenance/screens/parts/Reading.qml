import QtQuick
import PostKiosk

// What a device says of itself, in words; not seen itself. Ids begin with "reading.", all else stands as it is.
QtObject {
    function name(row: var): string {
        return [say(row.name), say(row.of)].filter(part => part).join(" ");
    }

    function text(row: var): string {
        return row.parts.map(say).join(", ");
    }

    function say(part: string): string {
        return part.startsWith("reading.") ? Words.say(part, {}) : part;
    }
}
