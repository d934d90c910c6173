"""The bench's card slot against a real vpcd: each fault it can be ordered arrives at the reader under its own name."""

import asyncio
import contextlib

import pytest

from devices.bench.authority import Authority
from devices.bench.card import Card, Contents
from devices.bench.card_slot import CardSlot
from devices.bench.passport import issue
from devices.id_reader import PcscIdReader
from devices.identity import CardState, Verdict
from devices.ports import DeviceFault, FaultCode
from tests.devices.id_reader.test_monitor import opened, seen
from tests.pcsc import Daemon

pytestmark = pytest.mark.branch

NAMED = {
    "mute": FaultCode.TIME_OUT,
    "slow": FaultCode.TIME_OUT,
    "pulled": FaultCode.MEDIA_REMOVED,
    "wrong_card": FaultCode.MEDIA_UNKNOWN,
    "denies": FaultCode.ACCESS_DENIED,
    "wrong_mac": FaultCode.PROTOCOL,
    "altered_dg": Verdict.ALTERED,
    "cloned": Verdict.ALTERED,
}


def test_every_fault_of_the_slot_has_its_name_and_leaves_nothing_behind(
    daemon: Daemon, trust: str, authority: Authority
) -> None:
    passport = issue(authority)
    contents = Contents(passport.files, passport.key, passport.can, passport.aa_key, passport.ca_key)

    async def outcome(device: PcscIdReader) -> FaultCode | Verdict:
        await seen(device, CardState.PRESENT, 4)
        try:
            return (await device.read(passport.key, 3)).verdict
        except DeviceFault as fault:
            return fault.code

    async def story() -> None:
        slot = CardSlot("127.0.0.1", daemon.port)
        async with opened(trust) as device, contextlib.AsyncExitStack() as after:
            after.push_async_callback(slot.remove)
            for fault, expected in NAMED.items():
                slot.order(fault)
                await slot.insert(Card(contents))
                assert (fault, await outcome(device)) == (fault, expected)
                slot.order(fault, False)
                await slot.remove()
                await seen(device, CardState.ABSENT, 4)
            await slot.insert(Card(contents))
            assert await outcome(device) is Verdict.GENUINE

    asyncio.run(story())
