"""The ID reader's driver is certified through a real pcscd, and each of its rules can fail."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from typing import cast

import pytest

from devices.bench.authority import Authority
from devices.bench.card import Card
from devices.bench.passport import Person, issue
from devices.certify.suite import KINDS, Subject, certify
from devices.certify.terms import Act, Grade, NotApplicable, Question, Report, Trouble, Verdict
from devices.identity import CardState
from devices.identity import Verdict as Judgement
from devices.ports import Device, FaultCode
from tests.devices.certify.spoil import Method, Spoilt, always, changing, other_fault, swallowing
from tests.devices.id_reader.test_reading import card_of
from tests.pcsc import READER, Daemon, Slip

pytestmark = pytest.mark.branch
WHO = Person()
#: Commands after which the card is pulled, where it is ordered: in the middle of the reading.
PULLED_AFTER = 8


class CardHands:
    """Lays one card on the virtual reader, pulls it, lays a second; hangs and ends the daemon."""

    def __init__(self, daemon: Daemon, card: Card) -> None:
        self._daemon, self._card = daemon, card
        self._first, self._second = ExitStack(), ExitStack()
        self._left: int | None = None

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
            case _:
                raise NotApplicable("the line belongs to the PC/SC service")

    async def do(self, act: Act, value: str = "") -> None:
        if act is Act.LAY_CARD:
            slip = Slip(self._daemon.port, self._respond, self._card.atr, self._card.reset)
            self._first.enter_context(slip)
        else:
            self._first.close()

    async def tell(self, question: Question) -> str:
        if question is not Question.CARD_KEY:
            raise NotApplicable("nobody knows")
        return f"{WHO.number} {WHO.birth} {WHO.expiry}"

    async def tidy(self) -> None:
        self._left = None
        self._first.close()
        self._second.close()
        await asyncio.to_thread(self._daemon.wait_empty)

    def _respond(self, command: bytes) -> bytes | None:
        if self._left is not None:
            self._left -= 1
            if self._left < 0:
                return None
        return self._card.respond(command)


def report(
    daemon: Daemon, authority: Authority, trust: str, rule: str = "", wrap: Callable[[Device], Device] | None = None
) -> Report:
    hands = CardHands(daemon, card_of(issue(authority)))
    subject = Subject("id_reader", "pcsc", {"reader": READER, "trust": trust, "simulated": True}, f"pcsc:{READER}")
    return asyncio.run(certify(subject, hands, only=(rule,) if rule else (), wrap=wrap))


def test_the_id_reader_is_certified(daemon: Daemon, authority: Authority, trust: str) -> None:
    found = report(daemon, authority, trust)
    untried = {each.rule: each.seen for each in found.results if each.verdict is not Verdict.PASS}
    assert untried == {"general.noise-is-a-fault": "the line belongs to the PC/SC service"}
    assert found.grade is Grade.CERTIFIED


BREAKERS: dict[str, dict[str, Method]] = {
    "id_reader.no-card": {"read": other_fault("read", FaultCode.TIME_OUT)},
    "id_reader.reads": {"read": changing("read", lambda read: replace(read, verdict=Judgement.ALTERED))},
    "id_reader.wrong-key": {"read": other_fault("read", FaultCode.PROTOCOL)},
    "id_reader.removed": {"read": swallowing("read", None)},
    "id_reader.two-cards": {"read": always(None)},
    "id_reader.keeps-nothing": {"read": changing("read", lambda read: replace(read, issuer=read.mrz.number))},
}


@pytest.mark.parametrize("rule", BREAKERS)
def test_what_breaks_a_rule_is_found_out(daemon: Daemon, authority: Authority, trust: str, rule: str) -> None:
    found = report(daemon, authority, trust, rule, lambda device: cast(Device, Spoilt(device, BREAKERS[rule])))
    assert found.results[0].verdict is Verdict.FAIL


def test_a_reader_that_sees_no_card_is_found_out(daemon: Daemon, authority: Authority, trust: str) -> None:
    def blind(device: Device) -> Device:
        spoilt = Spoilt(device, {})
        spoilt.__dict__["card"] = lambda: CardState.ABSENT
        return cast(Device, spoilt)

    found = report(daemon, authority, trust, "id_reader.card-is-seen", blind)
    assert found.results[0].verdict is Verdict.FAIL
    assert found.grade is Grade.NOT


def test_every_rule_of_the_id_reader_is_broken_here() -> None:
    assert {*BREAKERS, "id_reader.card-is-seen"} == {rule.id for rule in KINDS["id_reader"].own}
