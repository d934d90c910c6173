"""A transfer to the bench's bank and back, over either link: both books on the disk before anybody answers."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path

from devices.bank_rest import RestBankHost
from devices.banking import BankHost, HostState
from devices.bench.bank import Bank
from devices.bench.bank_web import CLIENT, ORGANISATION, BankWebPeer, secret_file
from tests.benchmarks.figures import Figure, spread
from tests.devices.banks import card, order, signed_on, switch

TRANSFERS = 200


def transfers() -> list[Figure]:
    """Round trips of both links."""
    return [
        spread("transfer over ISO 8583, order and booking on the disk", asyncio.run(_iso()), "ms", "50 ms"),
        spread("transfer over open banking, a connection each", asyncio.run(_rest()), "ms", "50 ms"),
    ]


async def _iso() -> list[float]:
    with tempfile.TemporaryDirectory() as folder:
        async with switch(Path(folder)) as line, signed_on(line) as host:
            return await _times(host)


async def _rest() -> list[float]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        peer = BankWebPeer(Bank(folder / "bank.jsonl"))
        url = f"http://127.0.0.1:{await peer.start()}"
        secret, traces = str(secret_file(folder)), str(folder / "traces.jsonl")
        host = RestBankHost("bank_host", url, ORGANISATION, CLIENT, secret, traces)
        await host.open()
        try:
            return await _times(host)
        finally:
            await host.close()
            await peer.stop()


async def _times(host: BankHost) -> list[float]:
    """Milliseconds from the call to the bank's word."""
    times = []
    for number in range(TRANSFERS):
        begun = time.perf_counter()
        said = await host.transfer(f"v-{number}", card(), order(100), 5.0)
        times.append((time.perf_counter() - begun) * 1000)
        if said.state is not HostState.APPROVED:
            raise RuntimeError(f"a transfer came to {said.state}")
    return times
