"""The bench's own ID reader: a pcscd that it starts, each of its cards told apart by the driver of its overlay."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import cast

import pytest

from devices.bench.acts import obey
from devices.bench.badge import Badge
from devices.bench.bench import Bench
from devices.bench.id_slot import CARDS, IdSlot, missing
from devices.bench.world import Cannot
from devices.catalog import ID_READERS, build
from devices.emrtd.report import access_key
from devices.id_reader import PcscIdReader
from devices.identity import CardState, Verdict
from devices.ports import DeviceFault, FaultCode
from tests.devices.id_reader.test_monitor import seen
from vision.measure.rig import load_rig

pytestmark = pytest.mark.branch
#: What the driver makes of each card.
READ: dict[str, Verdict | FaultCode | str] = {
    "genuine": Verdict.GENUINE, "altered_dg1": Verdict.ALTERED, "unknown_csca": Verdict.UNKNOWN_ISSUER,
    "expired_ds": Verdict.NOT_CHECKABLE, "revoked_ds": Verdict.NOT_CHECKABLE, "broken_signature": Verdict.ALTERED,
    "no_sod": Verdict.NOT_CHECKABLE, "staff_badge": FaultCode.MEDIA_UNKNOWN, "wrong_card": FaultCode.MEDIA_UNKNOWN,
    "other_state": Verdict.UNKNOWN_ISSUER, "officer_badge": FaultCode.MEDIA_UNKNOWN,
    "two_cards": FaultCode.MEDIA_COLLISION,
}  # fmt: skip


async def read(device: PcscIdReader, slot: IdSlot) -> Verdict | FaultCode:
    """Read what lies there by what is printed on it."""
    key = access_key(slot.page().get("mrz", "").replace("\n", "") or None, None) if slot.page() else None
    try:
        return (await device.read(key or access_key(None, "123456"), 5)).verdict
    except DeviceFault as fault:
        return fault.code


def test_every_card_of_the_bench_is_told_apart_and_the_service_comes_back(tmp_path: Path) -> None:
    if reason := missing(wait=True):
        pytest.skip(reason)

    async def story() -> None:
        slot = IdSlot(tmp_path, Badge())
        options = await slot.start()
        device = cast(PcscIdReader, build(ID_READERS, "id_reader", {"id_reader": options}))
        try:
            await device.open()
            for word in CARDS:
                slot.lay(word)
                await seen(device, CardState.COLLISION if word == "two_cards" else CardState.PRESENT, 6)
                assert (word, await read(device, slot)) == (word, READ[word])
                slot.lift()
                await seen(device, CardState.ABSENT, 6)
            slot.lay("staff_badge")
            await seen(device, CardState.PRESENT, 6)
            assert await device.badge(5) == Badge().card
            slot.order("service_lost")
            await seen(device, CardState.ABSENT, 6)
            slot.order("service_lost", False)
            await seen(device, CardState.PRESENT, 10)
        finally:
            await device.close()
            await slot.stop()

    asyncio.run(story())
    assert (tmp_path / "trust").is_dir()


def test_a_bench_without_a_reader_says_why_and_does_everything_else(tmp_path: Path) -> None:
    async def story() -> None:
        bench = Bench(tmp_path, load_rig(Path("config/rig.toml")))
        assert "id_reader" not in bench.peers
        state = obey(bench, {"do": "state"})
        assert state["id_reader"] == {"missing": "not asked for; start the bench with --id-reader"}
        with pytest.raises(Cannot, match="no ID reader"):
            obey(bench, {"do": "lay_card", "card": "genuine"})
        await bench.stop()

    asyncio.run(story())


def test_a_card_that_the_bench_has_not_is_named(tmp_path: Path) -> None:
    with pytest.raises(Cannot, match="no card of the bench; use one of genuine"):
        IdSlot(tmp_path, Badge()).lay("driving licence")
