"""A label of unknown outcome, through the whole core: nothing prints again, also after a stop, until someone asks."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest
import zxingcpp

from devices.ports import FaultCode, Picture
from kiosk import facts as f
from tests.kiosk.crew import House
from tests.kiosk.feed_branch import until
from tests.kiosk.send_parcel.test_flow import walked
from tests.kiosk.test_desk import play, to_review


async def to_stuck(one: House, fault: str) -> None:
    """Paid, and the label printer fails in the middle of the label."""
    await to_review(one)
    one.peers.labels.order(fault)
    one.guest.does("agree", won=one.guest.view["values"]["total_won"])
    await one.guest.sees("Pay")
    await until(lambda: one.peers.terminal.act(True))
    await one.guest.sees("Stuck")


def codes_on(picture: Picture) -> frozenset[str]:
    """What a scanner reads on a printed page."""
    bits = np.unpackbits(np.frombuffer(picture.rows, np.uint8)).reshape(picture.height, -1)
    return frozenset(code.text for code in zxingcpp.read_barcodes(np.where(bits, 0, 255).astype(np.uint8)))


async def asked_again(one: House) -> None:
    """Someone present asks; the same label comes out once more."""
    pages = len(one.peers.labels.pages)
    one.guest.does("retry")
    await one.guest.sees("Stick")
    assert len(one.peers.labels.pages) == pages + 1
    printed = [entry.fact for entry in await one.written() if isinstance(entry.fact, f.LabelPrinted)]
    assert [fact.job for fact in printed] == [f"{one.core._desk.front_id}-L"]
    (codes,) = {codes_on(page.picture) for page in one.peers.labels.pages}  # the minute on the label may have changed
    assert codes


def test_a_label_in_doubt_is_asked_about_and_then_printed_once_more(tmp_path: Path) -> None:
    async def story(one: House) -> None:
        await to_stuck(one, "mute_mid_job")
        values = one.guest.view["values"]
        assert (values["code"], values["again"]) == (FaultCode.OUTCOME_UNKNOWN, True)
        one.peers.labels.order("mute_mid_job", on=False)
        await until(lambda: one.core._crew.supervisor.status("label_printer").usable, 15)
        await asyncio.sleep(0.5)
        assert len(one.peers.labels.pages) == 1
        await asked_again(one)

    play(tmp_path, story)


@pytest.mark.parametrize("fault", ["mute_mid_job", "jam"])
def test_after_a_stop_no_label_moves_until_someone_asks(tmp_path: Path, fault: str) -> None:
    pages: list[int] = []

    async def before(one: House) -> None:
        await to_stuck(one, fault)
        pages.append(len(one.peers.labels.pages))

    async def after(one: House) -> None:
        one.peers.labels.order(fault, on=False)
        await one.guest.sees("Stuck")
        await until(lambda: one.core._crew.supervisor.status("label_printer").usable, 15)
        await asyncio.sleep(1.0)
        assert len(one.peers.labels.pages) == pages[0]
        await asked_again(one)

    play(tmp_path, before, after)


def test_in_every_state_only_a_person_has_a_label_repeated() -> None:
    printing = [
        (fact, command) for _, fact, after in walked().moves for command in after.todo
        if isinstance(command, f.PrintLabel)
    ]  # fmt: skip
    assert {type(fact) for fact, command in printing if command.again} == {f.Retried}
    assert {type(fact) for fact, command in printing if not command.again} == {f.NumberIssued}


def test_in_no_state_a_restart_prints() -> None:
    resumed = [after for _, fact, after in walked().moves if isinstance(fact, f.Resumed)]
    assert resumed
    assert not [c for after in resumed for c in after.todo if isinstance(c, f.PrintLabel | f.PrintReceipt)]
