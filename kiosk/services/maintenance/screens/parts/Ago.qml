import QtQuick
import PostKiosk

// How long ago a device really answered, and that it is a simulator; not seen itself.
QtObject {
    readonly property var steps: [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 0]]

    function say(device: var): string {
        const mark = device.simulated === true ? Words.say("status.simulated", {}) + " · " : "";
        return mark + since(device.age_s ?? null);
    }

    function since(age: var): string {
        if (age === null)
            return Words.say("status.never", {});
        const step = steps.find(each => age >= each[1]);
        return Words.say("status.ago." + step[0], { "count": Math.floor(age / Math.max(1, step[1])) });
    }
}
