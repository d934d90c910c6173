"""The PIN pad: what comes back is sealed for the bank; how many digits were pressed is all that is heard of a PIN."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from devices.bench import epp
from devices.bench.bank import CARDS
from devices.bench.pin_pad import PinPadPeer
from devices.pin_pad import XfsPinPad
from devices.ports import DeviceFault, FaultCode

T = TypeVar("T")


def run(play: Callable[[PinPadPeer, XfsPinPad], Awaitable[T]]) -> T:
    async def whole() -> T:
        peer = PinPadPeer(seed=1)
        pad = XfsPinPad("pin_pad", "127.0.0.1", await peer.start(), reply_s=0.3, simulated=True)
        await pad.open()
        try:
            return await play(peer, pad)
        finally:
            await pad.close()
            await peer.stop()

    return asyncio.run(whole())


def test_card_and_pin_come_back_sealed() -> None:
    async def play(peer: PinPadPeer, pad: XfsPinPad) -> None:
        heard = list[int]()
        peer.lay(0)
        peer.press(CARDS[0].pin + "#")
        said = await pad.credential("v-1", 2.0, heard.append)
        assert heard == [1, 2, 3, 4, 5, 6]
        assert epp.open_card(said.card, said.ksn) == CARDS[0].pan
        assert epp.pin_in(said.pin_block, CARDS[0].pan, said.ksn) == CARDS[0].pin
        assert (said.bank, said.masked) == ("990", "999999******0018")
        whole = repr(said) + said.masked + said.card.hex() + said.pin_block.hex()
        assert CARDS[0].pan not in whole
        assert CARDS[0].pin not in whole

    run(play)


def test_two_entries_of_one_pin_look_different() -> None:
    async def play(peer: PinPadPeer, pad: XfsPinPad) -> None:
        seen = set()
        for _ in range(2):
            peer.lay(0)
            peer.press(CARDS[0].pin + "#")
            seen.add((await pad.credential("v-1", 2.0)).pin_block)
        assert len(seen) == 2

    run(play)


@pytest.mark.parametrize(
    ("keys", "fault", "code"),
    [
        ("12*", "", FaultCode.CANCELED), ("", "", FaultCode.TIME_OUT), ("1", "garbage", FaultCode.PROTOCOL),
        ("1", "unknown_card", FaultCode.MEDIA_UNKNOWN), ("1", "mute", FaultCode.TIME_OUT),
        ("1", "long_answer", FaultCode.PROTOCOL), ("1", "half_frame", FaultCode.PROTOCOL),
    ],
)  # fmt: skip
def test_an_entry_that_ends_otherwise_is_a_fault(keys: str, fault: str, code: FaultCode) -> None:
    async def play(peer: PinPadPeer, pad: XfsPinPad) -> FaultCode:
        if fault:
            peer.order(fault)
        peer.lay(0)
        peer.press(keys)
        with pytest.raises(DeviceFault) as told:
            await pad.credential("v-1", 0.4)
        return told.value.code

    assert run(play) is code


def test_a_tampered_pad_serves_nobody() -> None:
    async def play(peer: PinPadPeer, pad: XfsPinPad) -> FaultCode:
        peer.order("tampered")
        with pytest.raises(DeviceFault) as told:
            await pad.probe()
        return told.value.code

    assert run(play) is FaultCode.ACCESS_DENIED
