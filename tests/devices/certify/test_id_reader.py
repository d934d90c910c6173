"""The ID reader's driver is certified through a real pcscd, and each of its rules can fail."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from typing import cast

import pytest

from devices.bench.authority import Authority
from devices.bench.card import Card
from devices.bench.passport import Person, Variant, issue
from devices.certify.suite import KINDS, Subject, certify
from devices.certify.terms import Act, Grade, NotApplicable, Question, Report, Trouble, Verdict
from devices.emrtd.apdu import WRONG_LENGTH, is_extended
from devices.emrtd.certificates import Certificate
from devices.emrtd.clone import INTERNAL_AUTHENTICATE
from devices.emrtd.infos import offers_chip_key
from devices.emrtd.trust import Anchors, load_anchors
from devices.identity import CardState, CloneCheck
from devices.identity import Verdict as Judgement
from devices.ports import Device, FaultCode
from tests.devices.certify.spoil import Method, Spoilt, always, changing, other_fault, swallowing
from tests.devices.id_reader.test_reading import card_of
from tests.pcsc import READER, Daemon, Slip

pytestmark = pytest.mark.branch
WHO = Person()
#: Commands after which the card is pulled, where it is ordered: in the middle of the reading.
PULLED_AFTER = 8
#: Rules of bad cards, and what has each laid.
BAD_CARDS = {
    "id_reader.altered": Trouble.ALTERED_CARD, "id_reader.copy": Trouble.COPIED_CARD,
    "id_reader.unproven": Trouble.UNPROVEN_CARD, "id_reader.stranger": Trouble.STRANGE_CARD,
}  # fmt: skip


class CardHands:
    """Lays one card on the virtual reader, or a bad one in its place; pulls it, lays a second; ends the daemon."""

    def __init__(self, daemon: Daemon, authority: Authority) -> None:
        self._daemon, self._authority = daemon, authority
        self._first, self._second = ExitStack(), ExitStack()
        self._left: int | None = None
        self.bad: Trouble | None = None
        self._card = self._good()

    async def order(self, fault: Trouble, on: bool) -> None:
        match fault:
            case Trouble.MUTE:
                self._daemon.signal(signal.SIGSTOP if on else signal.SIGCONT)
            case Trouble.UNPLUG:
                await asyncio.to_thread(self._daemon.kill) if on else self._daemon.start()
            case Trouble.PULLED:
                self._left = PULLED_AFTER if on else None
            case Trouble.TWO_CARDS if on:
                self._second.enter_context(Slip(self._daemon.port + 1, lambda _: b"\x6d\x00"))
            case Trouble.TWO_CARDS:
                self._second.close()
            case Trouble.NONSENSE:
                self._card.order("garbage", on)
            case Trouble.ALTERED_CARD | Trouble.COPIED_CARD | Trouble.UNPROVEN_CARD | Trouble.STRANGE_CARD:
                self.bad = fault if on else None
            case _:
                raise NotApplicable("the line belongs to the PC/SC service")

    async def do(self, act: Act, value: str = "") -> None:
        if act is Act.LAY_CARD:
            self._card = self._good() if self.bad is None else self._laid_instead(self.bad)
            slip = Slip(self._daemon.port, self._respond, self._card.atr, self._card.reset)
            self._first.enter_context(slip)
        else:
            self._first.close()

    def _good(self) -> Card:
        return card_of(issue(self._authority))

    def _laid_instead(self, fault: Trouble) -> Card:
        match fault:
            case Trouble.ALTERED_CARD:
                return card_of(issue(self._authority, Variant.ALTERED_DG1))
            case Trouble.STRANGE_CARD:
                return card_of(issue(self._authority, Variant.UNKNOWN_CSCA))
            case Trouble.COPIED_CARD:
                card = self._good()
            case _:
                card = card_of(issue(self._authority, aa="rsa", ca=False))
        card.order("cloned")
        return card

    async def tell(self, question: Question) -> str:
        if question is not Question.CARD_KEY:
            raise NotApplicable("nobody knows")
        return f"{WHO.number} {WHO.birth} {WHO.expiry}"

    async def tidy(self) -> None:
        self._left = self.bad = None
        self._first.close()
        self._second.close()
        await asyncio.to_thread(self._daemon.wait_empty)

    def _respond(self, command: bytes) -> bytes | None:
        if self._left is not None:
            self._left -= 1
            if self._left < 0:
                return None
        if self.bad is Trouble.UNPROVEN_CARD and (is_extended(command) or command[1] == INTERNAL_AUTHENTICATE):
            return WRONG_LENGTH
        return self._card.respond(command)


class LyingHands(CardHands):
    """Says that it lays a bad card, and lays the good one: another end that breaks what the rules order."""

    async def order(self, fault: Trouble, on: bool) -> None:
        if fault not in (*BAD_CARDS.values(), Trouble.NONSENSE):
            await super().order(fault, on)


def report(
    hands: CardHands, trust: str, only: tuple[str, ...] = (), wrap: Callable[[Device], Device] | None = None
) -> Report:
    subject = Subject("id_reader", "pcsc", {"reader": READER, "trust": trust, "simulated": True}, f"pcsc:{READER}")
    return asyncio.run(certify(subject, hands, only=only, wrap=wrap))


def test_the_id_reader_is_certified(daemon: Daemon, authority: Authority, trust: str) -> None:
    found = report(CardHands(daemon, authority), trust)
    untried = {each.rule: each.seen for each in found.results if each.verdict is not Verdict.PASS}
    assert untried == {"general.noise-is-a-fault": "the line belongs to the PC/SC service"}
    assert found.grade is Grade.CERTIFIED


BREAKERS: dict[str, dict[str, Method]] = {
    "id_reader.no-card": {"read": other_fault("read", FaultCode.TIME_OUT)},
    "id_reader.reads": {"read": changing("read", lambda read: replace(read, verdict=Judgement.ALTERED))},
    "id_reader.wrong-key": {"read": other_fault("read", FaultCode.PROTOCOL)},
    "id_reader.noise": {"read": other_fault("read", FaultCode.ACCESS_DENIED)},
    "id_reader.removed": {"read": swallowing("read", None)},
    "id_reader.two-cards": {"read": always(None)},
    "id_reader.keeps-nothing": {"read": changing("read", lambda read: replace(read, issuer=read.mrz.number))},
}


@pytest.mark.parametrize("rule", BREAKERS)
def test_what_breaks_a_rule_is_found_out(daemon: Daemon, authority: Authority, trust: str, rule: str) -> None:
    def spoilt(device: Device) -> Device:
        return cast(Device, Spoilt(device, BREAKERS[rule]))

    found = report(CardHands(daemon, authority), trust, (rule,), spoilt)
    assert found.results[0].verdict is Verdict.FAIL


def test_a_reader_that_sees_no_card_is_found_out(daemon: Daemon, authority: Authority, trust: str) -> None:
    def blind(device: Device) -> Device:
        spoilt = Spoilt(device, {})
        spoilt.__dict__["card"] = lambda: CardState.ABSENT
        return cast(Device, spoilt)

    found = report(CardHands(daemon, authority), trust, ("id_reader.card-is-seen",), blind)
    assert found.results[0].verdict is Verdict.FAIL
    assert found.grade is Grade.NOT


def failed(found: Report) -> dict[str, str]:
    return {each.rule: each.seen for each in found.results if each.verdict is Verdict.FAIL}


def test_a_reader_that_calls_everything_genuine_is_not_certified(
    daemon: Daemon, authority: Authority, trust: str
) -> None:
    genuine = {"read": changing("read", lambda read: replace(read, verdict=Judgement.GENUINE, findings=()))}
    rules = ("id_reader.reads", *BAD_CARDS)
    found = report(CardHands(daemon, authority), trust, rules, lambda device: cast(Device, Spoilt(device, genuine)))
    assert failed(found).keys() == BAD_CARDS.keys()
    assert all(seen.endswith("is called genuine") for seen in failed(found).values())
    assert found.grade is Grade.NOT


#: What a driver leaves out that lets each bad card through.
LEFT_OUT: dict[str, tuple[str, object]] = {
    "id_reader.altered": ("devices.emrtd.judge.changed_groups", lambda security, groups: ()),
    "id_reader.copy": (
        "devices.id_reader.Chip._by_chip_key",
        lambda chip, files: CloneCheck.PASSED if offers_chip_key(files.groups[14]) else None,
    ),
    "id_reader.unproven": ("devices.emrtd.clone.active_authentication", lambda *_: CloneCheck.NOT_OFFERED),
    "id_reader.stranger": (
        "devices.id_reader.load_anchors", lambda folder: Trusting(load_anchors(folder).certificates)
    ),
}  # fmt: skip


class Trusting(Anchors):
    """Believes whoever signed to be certified by somebody."""

    def issuer_of(self, certificate: Certificate, now: datetime) -> Certificate | None:
        return self.certificates[0]


@pytest.mark.parametrize("rule", LEFT_OUT)
def test_a_reader_that_leaves_out_one_check_breaks_its_rule(
    daemon: Daemon, authority: Authority, trust: str, rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(*LEFT_OUT[rule])
    assert failed(report(CardHands(daemon, authority), trust, (rule,))).keys() == {rule}


def test_a_card_that_is_not_what_was_ordered_is_found_out(daemon: Daemon, authority: Authority, trust: str) -> None:
    rules = (*BAD_CARDS, "id_reader.noise")
    assert failed(report(LyingHands(daemon, authority), trust, rules)).keys() == set(rules)


def test_every_rule_of_the_id_reader_is_broken_here() -> None:
    assert {*BREAKERS, *BAD_CARDS, "id_reader.card-is-seen"} == {rule.id for rule in KINDS["id_reader"].own}
