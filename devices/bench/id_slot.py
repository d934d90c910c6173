"""The ID reader of the bench: a real pcscd with a virtual reader of two slots, and the cards that can be laid on it.

Everything on it is made up: the country Utopia, its documents, the badge of staff. Opt-in, because a machine has room
for one pcscd; `missing()` says in one line why there is none.
"""

from __future__ import annotations

import asyncio
import signal
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path

from devices.bench import badge, pcscd
from devices.bench.authority import Authority
from devices.bench.badge import Badge
from devices.bench.card import Card, Contents
from devices.bench.card_slot import CardSlot, Held
from devices.bench.passport import Passport, Person, Variant, issue, mrz_td3
from devices.bench.peer import Peer
from devices.bench.world import Cannot

HOST = "127.0.0.1"
#: What can be laid on the reader, besides the badge and a card that is no document.
VARIANTS = (
    Variant.GENUINE, Variant.ALTERED_DG1, Variant.UNKNOWN_CSCA, Variant.EXPIRED_DS, Variant.REVOKED_DS,
    Variant.BROKEN_SIGNATURE, Variant.NO_SOD, Variant.OTHER_STATE,
)  # fmt: skip
STAFF, OFFICER, WRONG, TWO = "staff_badge", "officer_badge", "wrong_card", "two_cards"
CARDS = (*VARIANTS, STAFF, OFFICER, WRONG, TWO)


def missing(wait: bool = False) -> str:
    """Why the bench has no ID reader here, in one line; '' where it can have one."""
    if find_spec("smartcard") is None:
        return "no PC/SC: pyscard is not built; run .ci/setup"
    return pcscd.missing(wait)


class OtherCard(Peer):
    """A card of some other trade: it knows no file that is asked for."""

    atr = bytes.fromhex("3B80800101")

    def reset(self) -> None:
        """Nothing to forget."""

    def respond(self, apdu: bytes) -> bytes:
        """File not found."""
        return b"\x6a\x82"


class IdSlot(Peer):
    """Faults of the card are those of the slot; `service_lost` ends the daemon, `service_hangs` stops its answers."""

    FAULTS = (*CardSlot.FAULTS, "service_lost", "service_hangs")

    def __init__(self, run_dir: Path, badge: Badge, seed: int = 0) -> None:
        super().__init__()
        self._trust, self._badge, self._authority = run_dir / "trust", badge, Authority(seed)
        self._slots: tuple[CardSlot, ...] = ()
        self._daemon: pcscd.Daemon | None = None
        self._running = ExitStack()
        self._passports: dict[Variant, Passport] = {}
        self._hand: asyncio.Task[None] | None = None
        self.lies = ""

    async def start(self) -> dict[str, object]:
        """Write the trust folder, start the daemon; returns the options of the driver."""
        self._authority.write_trust(self._trust)
        self._daemon = self._running.enter_context(pcscd.Daemon())
        self._slots = tuple(CardSlot(HOST, self._daemon.port + at, pulled_after=3) for at in (0, 1))
        return {"driver": "pcsc", "reader": pcscd.READER, "trust": str(self._trust)}

    async def stop(self) -> None:
        """Take every card away and end the daemon."""
        if self._daemon is not None and "service_hangs" in self.ordered:
            self._daemon.signal(signal.SIGCONT)
        self.lift()
        if self._hand is not None:
            await self._hand
        self._running.close()

    def lay(self, word: str) -> None:
        """Lay one of CARDS on the reader in place of what lies there, soon; Cannot for another word."""
        if word not in CARDS:
            raise Cannot(f"'{word}' is no card of the bench; use one of {', '.join(CARDS)}")
        self.lies = word
        self._reach(self._cards(word))

    def lift(self) -> None:
        """Take away whatever lies there, soon."""
        self.lies = ""
        self._reach(())

    def _reach(self, cards: tuple[Held, ...]) -> None:
        self._hand = asyncio.create_task(self._swap(self._hand, cards))

    async def _swap(self, before: asyncio.Task[None] | None, cards: tuple[Held, ...]) -> None:
        """One hand: what it does, it does one after the other."""
        if before is not None:
            await before
        for slot in self._slots:
            await slot.remove()
        for slot, card in zip(self._slots, cards, strict=False):
            await slot.insert(card)

    def page(self) -> dict[str, str]:
        """What stands on the document that lies there: its machine-readable zone and its CAN."""
        if self.lies not in VARIANTS and self.lies != TWO:
            return {}
        printed = mrz_td3(Person())
        document = self._passport(Variant.GENUINE if self.lies == TWO else Variant(self.lies))
        return {"mrz": f"{printed[:44]}\n{printed[44:]}", "can": document.can}

    def ordered_changed(self, fault: str, on: bool) -> None:
        """The daemon goes and comes back; the cards do what is ordered of them."""
        if fault == "service_lost" and self._daemon is not None:
            (self._daemon.kill if on else self._daemon.start)()
        elif fault == "service_hangs" and self._daemon is not None:
            self._daemon.signal(signal.SIGSTOP if on else signal.SIGCONT)
        elif self._slots:
            self._slots[0].order(fault, on)

    def _cards(self, word: str) -> tuple[Held, ...]:
        match word:
            case "staff_badge":
                return (self._badge,)
            case "officer_badge":
                return (Badge(badge.OFFICER[0]),)
            case "wrong_card":
                return (OtherCard(),)
            case "two_cards":
                return self._card(Variant.GENUINE), self._badge
            case variant:
                return (self._card(Variant(variant)),)

    def _card(self, variant: Variant) -> Card:
        made = self._passport(variant)
        return Card(Contents(made.files, made.key, made.can, made.aa_key, made.ca_key))

    def _passport(self, variant: Variant) -> Passport:
        if variant not in self._passports:
            self._passports[variant] = issue(self._authority, variant)
        return self._passports[variant]
