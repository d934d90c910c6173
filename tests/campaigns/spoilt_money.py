"""Visits whose bank answers with spoilt messages: real drivers and wires, the teller, and the flow that decides.

After a spoilt answer nothing is settled: the order stays in the air, a question was not answered. In the end the
answers are whole again, every order is settled, and its word is that of the bank's own book, to the won.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter as Count
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from devices import counter
from devices import iso8583 as m
from devices.agency import AgencyDesk
from devices.bank_iso import IsoBankHost
from devices.bank_rest import RestBankHost
from devices.banking import Account, BankHost
from devices.bench.bank import Bank
from devices.bench.bank_switch import SwitchPeer, made_up_key
from devices.bench.bank_web import CLIENT, ORGANISATION, BankWebPeer, secret_file
from devices.bench.web import Request, answer
from kiosk import facts as f
from kiosk.banking import facts as b
from kiosk.banking.teller import Teller, Times
from kiosk.flow import Item
from kiosk.services.bank import flow, orders
from kiosk.services.bank.caution import Desk
from kiosk.services.bank.draft import Draft, Step
from kiosk.services.bank.flow import Counter
from tests.campaigns.spoiling import spoilt, within
from tests.devices.banks import PAYEE, PAYER, card
from tests.devices.keys import before, holder

#: Of a hundred answers, or parts of one, so many are spoilt; the others are whole, so that visits come to their end.
SPOILT = {"iso": 80, "rest": 80, "tls": 40}
#: Of a hundred visits so many only ask.
ASKING = 15
WON, OLD = 1, 20
#: The share of handshakes that are let through, so that most of what is changed is an answer.
SPARED = 0.9
#: Every spoilt answer ends its line, so that nobody waits; a deadline that passed on a busy machine would be taken for
#: one that was spoilt.
PATIENT = Times(ask=60.0, order=60.0, back_off=0.0)
MONEY = (b.SendOrder, b.EnquireOrder, b.ReverseOrder)
TOLD = (b.BalanceTold, b.EntriesTold, b.ProfileTold, b.PayeeTold, b.NameCompared)


@dataclass
class Crew:
    """A host and nothing else."""

    bank_host: BankHost | None
    bank_desk: AgencyDesk | None = None
    pin_pad: counter.PinPad | None = None

    def check(self, name: str) -> None:
        """Nothing is known to be out of order."""


@dataclass
class Spoiler:
    """Decides what becomes of answers; `last`: whether the newest one was spoilt. `every`: how many were."""

    dice: random.Random
    share: int
    on: bool = True
    last: bool = False
    every: Count[str] = field(default_factory=Count)
    old: list[bytes] = field(default_factory=list)

    def wants(self, true: bytes) -> bool:
        """Whether this answer is spoilt; it is remembered, to be replayed."""
        self.last = False
        self.old.append(true)
        del self.old[:-OLD]
        return self.on and len(self.old) > 1 and self.dice.randrange(100) < self.share

    def did(self, how: str, changed: bool) -> None:
        """One more; what came out as it went in does not count."""
        self.last = changed
        self.every[how] += changed


class IsoMutant(SwitchPeer):
    """A switch that books as it should, and whose answers are spoilt on the line."""

    def __init__(self, bank: Bank, key: bytes, spoiler: Spoiler) -> None:
        super().__init__(bank, key)
        self._spoiler = spoiler

    async def _say(self, reply: m.Fields, fields: m.Fields, writer: asyncio.StreamWriter) -> None:
        """Everything at once, then the line is cut, so that nobody waits for more."""
        true = m.pack(reply, self._key)
        if fields["t"] == "0800" or not self._spoiler.wants(true):
            return await super()._say(reply, fields, writer)
        how, message = spoilt(self._spoiler.dice, true, self._spoiler.old[:-1])
        self._spoiler.did(how, message != true)
        writer.write(message)
        await writer.drain()
        writer.close()


class WebMutant(BankWebPeer):
    """An interface that books as it should, and whose answers are spoilt within the connection."""

    def __init__(self, bank: Bank, spoiler: Spoiler) -> None:
        super().__init__(bank)
        self._spoiler = spoiler

    async def _serve(self, request: Request, writer: asyncio.StreamWriter) -> None:
        if not request.path.startswith("/v2.0") or "health" in request.path:
            return await super()._serve(request, writer)
        said = self.reply(request)
        true = json.dumps(said).encode()
        if not self._spoiler.wants(true):
            return await answer(writer, true)
        how, body, status = within(self._spoiler.dice, said, self._spoiler.old[:-1])
        self._spoiler.did(how, (body, status) != (true, 200))
        await answer(writer, body, status)


class Tampering:
    """A line on which bytes from the bank are changed, under TLS: flipped, cut off, made noise, sent before."""

    def __init__(self, port: int, spoiler: Spoiler) -> None:
        self._port, self._spoiler = port, spoiler
        self._tasks = set[asyncio.Task[None]]()

    async def start(self) -> int:
        """Listen; returns the port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Cut every line."""
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if (task := asyncio.current_task()) is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        inner, outer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            await asyncio.gather(self._carry(reader, outer, False), self._carry(inner, writer, True))
        except (OSError, asyncio.CancelledError):
            pass  # one of the two hung up
        finally:
            outer.close()
            writer.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, tampers: bool) -> None:
        """Every part of an answer is looked at by itself; the end of a connection is left as it is."""
        parts = 0
        while data := await reader.read(65536):
            parts += 1
            spared = parts == 1 and self._spoiler.dice.random() < SPARED
            if tampers and len(data) > 200 and not spared and self._spoiler.wants(data):
                how, changed = spoilt(self._spoiler.dice, data[: len(data) // 2], self._spoiler.old[:-1])
                whole = changed if how in ("replay", "noise", "cut") else changed + data[len(data) // 2 :]
                self._spoiler.did(f"tls {how}", whole != data)
                data = whole
                if self._spoiler.last:
                    writer.write(data)
                    await writer.drain()
                    return writer.close()
            writer.write(data)
            await writer.drain()
        writer.close()


@asynccontextmanager
async def over_iso(folder: Path, bank: Bank, spoiler: Spoiler) -> AsyncIterator[BankHost]:
    """ISO 8583 with its message codes."""
    key, file = made_up_key(folder)
    peer = IsoMutant(bank, key, spoiler)
    host = IsoBankHost("bank_host", "127.0.0.1", await peer.start(), str(file), str(folder / "iso.jsonl"))
    await host.open()
    try:
        yield host
    finally:
        await host.close()
        await peer.stop()


@asynccontextmanager
async def over_rest(folder: Path, bank: Bank, spoiler: Spoiler) -> AsyncIterator[BankHost]:
    """The open interface, spoilt by whoever serves it."""
    peer = WebMutant(bank, spoiler)
    url = f"http://127.0.0.1:{await peer.start()}"
    host = RestBankHost("bank_host", url, ORGANISATION, CLIENT, str(secret_file(folder)), str(folder / "rest.jsonl"))
    await host.open()
    try:
        yield host
    finally:
        await peer.stop()


@asynccontextmanager
async def over_tls(folder: Path, bank: Bank, spoiler: Spoiler) -> AsyncIterator[BankHost]:
    """The open interface behind a pinned key, its bytes changed on the line."""
    peer, (context, pin) = BankWebPeer(bank), holder(folder)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(peer.stop)
        port, _ = await stack.enter_async_context(before(await peer.start(), context))
        line = Tampering(port, spoiler)
        stack.push_async_callback(line.stop)
        spoiler.on = False
        url = f"https://127.0.0.1:{await line.start()}"
        secret, ids = str(secret_file(folder)), str(folder / "tls.jsonl")
        host = RestBankHost("bank_host", url, ORGANISATION, CLIENT, secret, ids, tls_pin=pin)
        await host.open()
        spoiler.on = True
        yield host


ROADS: dict[str, Callable[[Path, Bank, Spoiler], Any]] = {"iso": over_iso, "rest": over_rest, "tls": over_tls}


@dataclass
class Visits:
    """Visits over one road until so many answers were spoilt; `wrong` is what should never have been."""

    road: str
    seed: int
    desk: Desk
    wrong: list[str] = field(default_factory=list)
    ends: list[tuple[str, str]] = field(default_factory=list)

    async def go(self, folder: Path, count: int) -> Count[str]:
        """One visit after another, then whole answers until everything is settled."""
        spoiler, bank = Spoiler(random.Random(self.seed), SPOILT[self.road]), Bank(folder / "bank.jsonl")
        async with ROADS[self.road](folder, bank, spoiler) as host:
            teller = Teller(Crew(host), self._heard, {}, PATIENT)
            number = 0
            while spoiler.every.total() < count:
                number += 1
                visit = f"v{self.seed}x{number}"
                teller._cards[visit] = card()
                asks = spoiler.dice.randrange(100) < ASKING
                await (self._asks if asks else self._moves)(teller, spoiler, visit)
            self._audit(host, bank)
        return spoiler.every

    def _heard(self, item: Item) -> None:
        """Doubts; each is an event of its own."""

    async def _moves(self, teller: Teller, spoiler: Spoiler, visit: str) -> None:
        """One order to its end."""
        known = Draft(visit=visit, business="account", what="transfer", payee_bank="991", payee_number=PAYEE, won=WON)
        at = orders.send(Counter(Step.READY, known))
        for _ in range(200):
            (command,) = [each for each in at.todo if isinstance(each, MONEY)]
            spoiler.last = False
            fact = await teller.hands[type(command)](visit, command)
            assert fact is not None
            after = flow.step(at, fact, self.desk)
            if spoiler.last and after.step not in orders.AIR:
                self._settled_by(spoiler, fact, after)
            at = after
            if at.step not in orders.AIR:
                return self.ends.append((at.draft.order_key, dict(at.draft.settled).get(at.draft.order_key, "")))
        self.wrong.append("an order was never settled")

    def _settled_by(self, spoiler: Spoiler, fact: f.Fact | None, after: Counter) -> None:
        """A handshake that was tampered with sent nothing: that alone may be said, and the bank's book is asked."""
        unsent = self.road == "tls" and isinstance(fact, b.OrderDeclined) and fact.why == "unavailable"
        if not unsent:
            self.wrong.append(f"{self.road}: {type(fact).__name__} of a spoilt answer: {after.step}")

    async def _asks(self, teller: Teller, spoiler: Spoiler, visit: str) -> None:
        """One question, whose spoilt answer tells nothing."""
        key = f"{visit}-q1"
        command = spoiler.dice.choice((
            b.AskBalance(key), b.AskEntries(key), b.AskProfile(key), b.AskPayee(key, Account("991", PAYEE)),
            b.CompareName(key, ("홍새벽",), "1990-08-15"),
        ))  # fmt: skip
        spoiler.last = False
        fact = await teller.hands[type(command)](visit, command)
        if spoiler.last and isinstance(fact, TOLD):
            self.wrong.append(f"{self.road}: {type(fact).__name__} of a spoilt answer")

    def _audit(self, host: Any, bank: Bank) -> None:
        """Both books say the same of every order, and of the money."""
        for key, word in self.ends:
            number = self._number(host, key)
            found = bank.find(number) if number else None
            state = found.state if found else "-"
            if state not in {"sent": "A", "taken_back": "R", "not_sent": "-D"}.get(word, ""):
                self.wrong.append(f"{self.road}: the branch says {word}, the bank's book {state}")
        sent = sum(word == "sent" for _, word in self.ends)
        if bank.balance(PAYER) != bank.holders[PAYER].opening_won - WON * sent:
            self.wrong.append(f"{self.road}: {sent} orders are sent, and the bank's balance says otherwise")

    def _number(self, host: Any, key: str) -> str:
        """Under which number the bank knows it, '' where it never went out."""
        if self.road == "iso":
            return m.order_number(key)
        trace = host._book.find(key)
        return str(host._number(trace)) if trace else ""
