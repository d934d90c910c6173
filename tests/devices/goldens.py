"""The golden pictures of every paper, as a printer gives them out: `python -m tests.devices.goldens` draws them anew.

Each paper is laid out from a fixed draft, sent by the real driver over the wire, and taken from the peer's page.
Whoever renews them looks at every one before committing it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from PIL import Image

from devices.bench.escpos import EscPosPeer
from devices.bench.printer import Page
from devices.bench.zpl import ZplPeer
from devices.label_printer import LabelPrinter
from devices.ports import Picture
from devices.receipt_printer import ReceiptPrinter
from kiosk.services.send_parcel import slips
from kiosk.services.send_parcel.slips import ClaimText, LabelText, Office, Party, ReceiptText, ReversalText, Say, Size
from kiosk.words import Words

FOLDER = Path(__file__).parent / "golden"
KO, EN = Words("ko", strict=True).say, Words("en", strict=True).say
NUMBER = "6899900000001"
AT = datetime(2026, 11, 22, 10, 32)  # noqa: DTZ001  # paper shows local time as it was handed in
OFFICE = Office(("무인우체국", "Unmanned post office"), "02-0000-0000", ("평일 09:00–18:00", "weekdays 09:00–18:00"))
SENDER = Party("김보냄", "01012345678", "03187", "서울특별시 종로구", "세종대로 209 (정부서울청사)", "3층 민원실")
RECEIVER = Party("이받음", "01098765432", "30103", "세종특별자치시", "한누리대로 402 (정부세종청사)", "12동 507호")
LABEL = LabelText(
    OFFICE, NUMBER, AT, 6000, SENDER, RECEIVER, "clothes", 3250, Size(700, (350, 250, 100)), "next_day", 500000, True
)
RECEIPT = ReceiptText(
    OFFICE, NUMBER, AT, (("price.base", 5000), ("price.insurance", 1000)), 6000, "5409 12** **** 1234", "30412345",
    "a1b2c3-1", 3250, Size(700, (350, 250, 100)), 500000, "2026-01-01", False, "00ff1a2b3c4d", "30103", "2026-11-24",
    True,
)  # fmt: skip
CLAIM = ClaimText(OFFICE, AT, "a1b2c3-1", 6000, "label_owed", NUMBER, "00ff1a2b3c4d", True)
UNSURE = ClaimText(OFFICE, AT, "a1b2c3-1", 6000, "payment_unsure", "", "00ff1a2b3c4d", True)
REVERSAL = ReversalText(OFFICE, AT, 6000, "30412345", "a1b2c3-1", "5409 12** **** 1234", "00ff1a2b3c4d", True)


def papers() -> Mapping[str, Callable[[], Picture]]:
    """What is laid out, by the name of its golden picture; `real` is what a branch prints that is no test."""
    drawn: dict[str, Callable[[], Picture]] = {}
    for language, first in (("ko", KO), ("en", EN)):
        drawn |= {f"{name}_{language}": paper for name, paper in of(first).items()}
    drawn["label_real"] = lambda: slips.label(replace(LABEL, simulated=False), KO, EN)
    drawn["receipt_real"] = lambda: slips.receipt(replace(RECEIPT, simulated=False, tariff_verified=True), KO, EN)
    return drawn


def of(first: Say) -> dict[str, Callable[[], Picture]]:
    """The papers with this language first and English second."""
    return {
        "label": lambda: slips.label(LABEL, first, EN),
        "receipt": lambda: slips.receipt(RECEIPT, first, EN),
        "claim": lambda: slips.claim(CLAIM, first, EN),
        "unsure": lambda: slips.claim(UNSURE, first, EN),
        "reversal": lambda: slips.reversal(REVERSAL, first, EN),
    }


async def printed(name: str, picture: Picture) -> Page:
    """The page that came out of the printer for which this paper is made."""
    peer: ZplPeer | EscPosPeer = ZplPeer() if name.startswith("label") else EscPosPeer()
    driver_of = LabelPrinter if name.startswith("label") else ReceiptPrinter
    driver = driver_of("printer", "127.0.0.1", await peer.start())
    try:
        await driver.print(name, picture, 10.0)
    finally:
        await driver.close()
        await peer.stop()
    assert peer.errors == []
    return peer.pages[0]


def golden(name: str) -> Image.Image:
    """The committed picture, mode "1"."""
    return Image.open(FOLDER / f"{name}.png").convert("1")


def renew() -> None:
    """Draw every golden picture anew."""
    for name, paper in papers().items():
        (FOLDER / f"{name}.png").write_bytes(asyncio.run(printed(name, paper())).png)


if __name__ == "__main__":
    renew()
