pragma Singleton
import QtQuick

// Words in the customer's language. Reading `tag` makes every binding follow a change of language.
QtObject {
    id: words

    readonly property string tag: Link.language

    function say(id: string, args: var): string {
        return words.sayIn(words.tag, id, args);
    }

    function sayIn(language: string, id: string, args: var): string {
        return id === "" || !Link.backend ? id : Link.backend.say(id, args ?? {}, language);
    }

    // An amount in won, with commas and its unit.
    function money(won: int): string {
        return words.say("money.won", { "won": won });
    }

    // A number with commas.
    function number(value: int): string {
        return Link.backend ? Link.backend.number(value) : String(value);
    }

    // "2026-07-03" as a person says it; "" for null.
    function date(iso: var): string {
        return iso && Link.backend ? Link.backend.date(iso, words.tag) : "";
    }

    // "16:00" as a person says it.
    function clock(time: string): string {
        return Link.backend ? Link.backend.clock(time, words.tag) : time;
    }

    // Digits of a Korean telephone number in their groups.
    function phone(digits: string): string {
        return Link.backend ? Link.backend.phone(digits) : digits;
    }

    // A registered number of 13 digits in groups of 5, 4 and 4.
    function registered(number: string): string {
        return number.length === 13 ? number.slice(0, 5) + " " + number.slice(5, 9) + " " + number.slice(9) : number;
    }

    // Own name of a language.
    function tongue(language: string): string {
        return words.sayIn(language, "language.own", {});
    }
}
