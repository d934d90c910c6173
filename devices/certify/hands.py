"""Who can stand at the other end of a real device: a person at this keyboard, a command, or nobody."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from devices.certify.terms import Act, NeedsPerson, NotApplicable, Question, Trouble

#: What a person is asked to do, and to undo.
TROUBLES: Mapping[Trouble, tuple[str, str]] = {
    Trouble.MUTE: ("Switch the device off, leaving its cable in", "Switch it on again and wait until it is ready"),
    Trouble.UNPLUG: ("Pull the device's cable", "Put the cable back and wait until the device is ready"),
    Trouble.MOVING: ("Keep pressing the pan up and down until you are told to stop", "Stop and let the pan rest"),
    Trouble.OVERLOAD: ("Load the pan beyond its capacity", "Take the load away"),
    Trouble.UNDERLOAD: ("Lift the pan off", "Put the pan back"),
    Trouble.PAPER_LOW: ("Put in a roll that is nearly at its end", "Put in a full roll"),
    Trouble.PAPER_OUT: ("Take the paper out and shut the cover", "Put the paper back"),
    Trouble.COVER_OPEN: ("Open the printer's cover", "Shut the cover"),
    Trouble.JAMMED: ("Hold the door (or door 2) and its bolt so that it cannot move", "Let go of it"),
    Trouble.FORCED: ("Open door 1 with its key, not by the board", "Shut it"),
    Trouble.LEAF_STUCK: ("Hold the door (or door 2) shut, leaving its bolt free", "Let go of it"),
    Trouble.BIN_FULL: ("Cover the bin's level sensor so that it reads full", "Uncover it"),
    Trouble.DARK: ("Cover the lens of one camera", "Uncover it"),
    Trouble.ONE_CAMERA_LOST: ("Pull one camera's cable", "Put it back and wait ten seconds"),
    Trouble.NO_POWER: ("Pull the lamps' supply", "Put it back"),
    Trouble.TWO_CARDS: ("Lay a second card on the reader", "Take the second card away"),
    Trouble.CLOSED: ("Have the banks' intake closed", "Have it opened again"),
    Trouble.MOVING_PAPER: ("Keep moving the document on the glass until you are told to stop", "Let it rest"),
    Trouble.UNSURE: ("Lay a worn document on the glass, which is hard to read", "Lay the test document there again"),
    Trouble.WRONG_CARD: ("Get ready with a card that is no bank card, and put it in", "Take that card out"),
    Trouble.ALTERED_CARD: ("Get ready with a test card whose content was changed after signing", "Put it away"),
    Trouble.COPIED_CARD: ("Get ready with a copy of a test card, without its secret keys", "Put the copy away"),
    Trouble.UNPROVEN_CARD: (
        "Get ready with a copy that refuses to prove its key for the length of the command", "Put the copy away"
    ),
    Trouble.STRANGE_CARD: ("Get ready with a card whose issuer is not in the trust folder", "Put it away"),
    Trouble.TAMPERED: ("Open the pad's case, if its maker says that this can be undone", "Have it made well again"),
    Trouble.PULLED: ("Get ready: press Enter, then pull the card away after half a second", "Leave the reader empty"),
    Trouble.MUTE_AFTER: (
        "Get ready: press Enter, pull the terminal's network cable one second later", "Put the cable back"
    ),
}  # fmt: skip
ACTS: Mapping[Act, str] = {
    Act.PUT_LOAD: "Put 1 to 2 kg (for a measurer: a parcel) down",
    Act.TAKE_LOAD: "Take it away again",
    Act.APPROVE: "Pay at the terminal with a test card (nothing, if it asks for none)",
    Act.DECLINE: "Press cancel at the terminal",
    Act.CLOSE_DOOR: "Shut the door {value}",
    Act.SHOW_CODE: "Show the code that says {value}",
    Act.HIDE_CODE: "Take the code away",
    Act.ANSWER_CALL: "Answer the call at the desk",
    Act.LAY_CARD: "Lay the test card on the reader",
    Act.TAKE_CARD: "Take the card off the reader",
    Act.DECIDE: "Have the bank decide on the application {value}",
    Act.OFFER: "Have the bank offer a contract for the application {value}",
    Act.OFFICER_ANSWERS: "Answer the call {value} as an officer (hold)",
    Act.LAY_DOCUMENT: "Lay the test document on the glass",
    Act.LIFT_DOCUMENT: "Take everything off the glass",
    Act.INSERT_CARD: "Put the test card into the pad",
    Act.PRESS_PIN: "Type the test card's PIN and press enter",
    Act.PRESS_CANCEL: "Press cancel at the pad",
    Act.RAISE_ALARM: "Walk into the guarded zone, or close the lens with a hand, until the guard tells of it",
}
QUESTIONS: Mapping[Question, str] = {
    Question.PAGES: "How many pages have come out since the beginning? (a number)",
    Question.PAGE: "Does the last page show two Korean syllables, whole, black on white? (yes or no)",
    Question.TAKEN_WON: "How many won does the terminal's journal hold now, reversals taken off? (a number)",
    Question.LIT: "Which lamps are lit? (green amber red siren, in this order, or none)",
    Question.ALARM: "Does the guard company's line hear an alarm? (yes or no)",
    Question.REGISTERED: "A card of the test register: kind;name;number;YYYY-MM-DD",
    Question.BANK_CARD: "A bank's test card: bank;masked number;card;PIN block;KSN;bank to pay;account to pay",
    Question.HANDED_IN: "How many applications and appointments does the intake's book hold now? (a number)",
    Question.BANK_SIGNS: "A test bank: code;product;its public signing key in hex",
    Question.OFFICER_SIGNS: "A test officer: id;public key in hex;this branch's id as the desk knows it",
    Question.PRINTED: "What the test document says: kind;name;number;YYYY-MM-DD",
    Question.TEST_CARD: "Number and PIN of the test card, which is no customer's: number;PIN",
    Question.CARD_KEY: "Number, birth and expiry of the test card (YYMMDD), or its CAN",
}


class Nobody:
    """Nothing but the line can be in trouble."""

    async def order(self, fault: Trouble, on: bool) -> None:
        """Nobody is there."""
        if on:
            raise NeedsPerson(f"asks a person: {TROUBLES[fault][0]}" if fault in TROUBLES else impossible(fault))

    async def do(self, act: Act, value: str = "") -> None:
        """Nobody is there."""
        raise NeedsPerson(f"asks a person: {ACTS[act].format(value=value)}")

    async def tell(self, question: Question) -> str:
        """Nobody is there."""
        raise NeedsPerson(f"asks a person: {QUESTIONS[question]}")

    async def tidy(self) -> None:
        """Nothing was done."""


def impossible(fault: Trouble) -> str:
    """Why a trouble is not to be had of a real device."""
    return f"nobody can order a real device to do this ({fault}); --assist or --bench can"


@dataclass(frozen=True)
class Person:
    """Somebody at the keyboard; `ask` shows a sentence and waits for a line."""

    ask: Callable[[str], Awaitable[str]]

    async def order(self, fault: Trouble, on: bool) -> None:
        """Ask for it; what no person can do is not applicable."""
        if fault not in TROUBLES:
            raise NotApplicable(impossible(fault), limits=True)
        await self._asked(TROUBLES[fault][0 if on else 1])

    async def do(self, act: Act, value: str = "") -> None:
        """Ask for it."""
        await self._asked(ACTS[act].format(value=value))

    async def tell(self, question: Question) -> str:
        """Ask."""
        return (await self.ask(f"{QUESTIONS[question]}: ")).strip()

    async def tidy(self) -> None:
        """Whoever is there has tidied up as asked."""

    async def _asked(self, sentence: str) -> None:
        if (await self.ask(f"{sentence}, then press Enter (or type s to skip): ")).strip().lower() == "s":
            raise NeedsPerson(f"skipped: {sentence}")


async def keyboard(sentence: str) -> str:
    """Ask at this terminal, without holding up the suite's loop."""
    return await asyncio.to_thread(input, f"  → {sentence}")


class Command:
    """A program of the installer's own: `COMMAND order|do|tell WORD VALUE`; exit code 3 says that it cannot."""

    def __init__(self, words: str) -> None:
        self._words = shlex.split(words)

    async def order(self, fault: Trouble, on: bool) -> None:
        """`order mute on`."""
        await self._run("order", fault, "on" if on else "off")

    async def do(self, act: Act, value: str = "") -> None:
        """`do put_load 2000`."""
        await self._run("do", act, value)

    async def tell(self, question: Question) -> str:
        """`tell pages`; the answer is what it prints."""
        return await self._run("tell", question, "")

    async def tidy(self) -> None:
        """`do tidy`."""
        await self._run("do", "tidy", "")

    async def _run(self, *words: str) -> str:
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*self._words, *words, stdout=pipe)
        said = (await process.communicate())[0].decode("utf-8", "replace").strip()
        if process.returncode and "tidy" not in words:
            raise NeedsPerson(f"--assist cannot {' '.join(words).strip()} (exit code {process.returncode})")
        return said
