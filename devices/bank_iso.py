"""The switch of the partner banks over ISO 8583 (devices/iso8583.py), one TCP connection, TLS with a pinned key.

An order's number is on the disk (devices/trace_book.py) before the order is sent. A reply counts when its code is
right, and type, STAN and order number are those of the request; any other is put aside and told as a doubt. After a
silence the connection is dropped, because the old answer may still come; a reversal is then repeated once as 0421.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import ParamSpec, TypeVar

from devices import iso8583 as m
from devices.banking import (
    NEVER,
    NEVER_WORD,
    NO_BLOCKS,
    Account,
    Balance,
    Block,
    Booked,
    Credential,
    Decline,
    Declined,
    EntryKind,
    HostOutcome,
    HostState,
    NameCheck,
    Order,
    OrderKind,
    Payee,
    Profile,
)
from devices.ports import DeviceFault, FaultCode, Observation
from devices.tcp import Deadline, Wire
from devices.trace_book import Trace, TraceBook
from devices.wire import printable

P = ParamSpec("P")
T = TypeVar("T")
CODE_OF = {OrderKind.TRANSFER: m.TRANSFER, OrderKind.DELAYED: m.DELAYED, OrderKind.BILL: m.BILL}
STATES = {"A": HostState.APPROVED, "S": HostState.SCHEDULED, "R": HostState.REVERSED, "D": HostState.DECLINED}
#: After these the message was never sent.
UNSENT = (FaultCode.DISCONNECTED, FaultCode.NOT_PAIRED, FaultCode.BUSY, FaultCode.INTERNAL)
#: Replies put aside before the line is given up.
PATIENCE = 16


@dataclass(frozen=True)
class Reply:
    """A reply that counts: its fields, and those of field 48."""

    fields: m.Fields
    tags: Mapping[str, str]

    @property
    def code(self) -> str:
        """Field 39."""
        return self.fields.get("39", "")


class IsoBankHost:
    """One link. `mac_key_file` holds 32 bytes shared with the switch; `trace_book` is a file of this branch's own."""

    def __init__(  # noqa: PLR0913, PLR0917  # an option of branch.toml is a parameter
        self, name: str, host: str, port: int, mac_key_file: str, trace_book: str, acquirer: str = "00000000071",
        branch: str = "K0000001", reply_s: float = 5.0, simulated: bool = False, tls_pin: str = "",
    ) -> None:  # fmt: skip
        self.name = name
        self._wire = Wire(host, port, tls_pin)
        self._key_file, self._book = Path(mac_key_file), TraceBook(Path(trace_book))
        self._acquirer, self._branch = acquirer[:11], f"{branch[:8]:<8}"
        self._reply_s, self._simulated = reply_s, simulated
        self._mac_key, self._doubts = b"", list[str]()

    async def open(self) -> None:
        """Sign on (0800, code 001)."""
        try:
            self._mac_key = self._key_file.read_bytes()
        except OSError:
            raise DeviceFault(FaultCode.MISCONFIGURED, "mac_key_file cannot be read") from None
        if len(self._mac_key) != 32:
            raise DeviceFault(FaultCode.MISCONFIGURED, "mac_key_file does not hold 32 bytes")
        await self._network(m.SIGN_ON)

    async def close(self) -> None:
        """Hang up; the switch notices."""
        await self._wire.close()

    async def probe(self) -> Observation:
        """Echo (0800, code 301)."""
        await self._network(m.ECHO)
        return Observation(simulated=self._simulated)

    def doubts(self) -> tuple[str, ...]:
        """Why replies were put aside since this was last asked: stable words, nothing of their content."""
        told, self._doubts = tuple(self._doubts), []
        return told

    # Questions

    async def balance(self, key: str, card: Credential, timeout_s: float) -> Balance:
        """Processing code 31."""
        said = await self._asked(key, m.BALANCE, timeout_s, _card(card))
        return Balance(m.whole(said.tags.get("BA")), m.whole(said.tags.get("AV")), datetime.now(UTC))

    async def entries(
        self, key: str, card: Credential, count: int, timeout_s: float, skip: int = 0
    ) -> tuple[Booked, ...]:
        """Processing code 38; a message has room for ten, SK are left out before them."""
        asked = {"CN": str(max(1, min(count, 10))), "SK": str(max(0, min(skip, 999)))}
        said = await self._asked(key, m.STATEMENT, timeout_s, _card(card), asked)
        return tuple(_booked(line) for line in said.fields.get("120", "").split("\n") if line)

    async def profile(self, key: str, card: Credential, timeout_s: float) -> Profile:
        """Private code 34."""
        return _profile((await self._asked(key, m.PROFILE, timeout_s, _card(card))).tags)

    async def payee(self, key: str, card: Credential, account: Account, timeout_s: float) -> Payee:
        """Private code 33."""
        said = (await self._asked(key, m.PAYEE, timeout_s, {**_card(card), **_to(account)})).tags
        name = printable(said.get("NM"), 40)
        if not name:
            raise DeviceFault(FaultCode.PROTOCOL, "malformed")
        return Payee(
            account, name, _flag(said, "RP"), said.get("RG") == "Y", _flag(said, "PB"), _flag(said, "FD"),
            said.get("BI") == "Y",
        )  # fmt: skip

    async def real_name(self, key: str, card: Credential, name: str, birth: str, timeout_s: float) -> NameCheck:
        """Private code 35; MT and BM say Y, N, or U where the bank has nothing to compare with."""
        asked = {"NM": name, "BD": birth.replace("-", "")}
        said = (await self._asked(key, m.NAME, timeout_s, _card(card), asked)).tags
        if not {said.get("MT"), said.get("BM")} <= m.FOUND.keys():
            raise DeviceFault(FaultCode.PROTOCOL, "malformed")
        return NameCheck(m.FOUND[said["MT"]], m.FOUND[said["BM"]])

    async def set_block(self, key: str, card: Credential, block: Block, timeout_s: float) -> None:
        """Private code 36."""
        await self._asked(key, m.BLOCK, timeout_s, _card(card), {"BL": block.value})

    async def tell_trusted(self, key: str, card: Credential, what: str, timeout_s: float) -> None:
        """Private code 36, 01."""
        await self._asked(key, m.TRUSTED, timeout_s, _card(card), {"WH": what})

    # Money

    async def transfer(self, key: str, card: Credential, order: Order, timeout_s: float) -> HostOutcome:
        """0200 under this key's STAN; a reply about another amount is no reply."""
        trace = await self._kept(self._book.order, key)
        private = {"PN": order.payee_name, "NT": order.note, "BN": order.bill}
        fields = {**_card(card), **_to(order.payee), "4": _won(order.won)}
        said = await self._money("0200", key, trace, CODE_OF[order.kind], timeout_s, fields, private)
        if m.whole(said.fields.get("4")) != order.won:
            raise DeviceFault(FaultCode.OUTCOME_UNKNOWN, "another amount")
        return _outcome(key, order.won, said)

    async def enquire(self, key: str, timeout_s: float, since: datetime | None = None) -> HostOutcome:
        """Private code 37 about the order number that follows from this key; the question has a number of its own."""
        trace, private = await self._kept(self._book.question), {"OR": m.order_number(key)}
        return _found(key, await self._money("0200", _asking(key, trace), trace, m.RESULT, timeout_s, {}, private))

    async def reverse(self, key: str, won: int, timeout_s: float, since: datetime | None = None) -> HostOutcome:
        """0420; after a silence once more as 0421. The switch books one reversal however often it hears of it."""
        original, trace = await self._kept(self._book.find, key), await self._kept(self._book.order, f"{key}R")
        fields, left = {"4": _won(won), "90": self._original(original)}, Deadline(timeout_s)
        try:
            said = await self._money("0420", key, trace, m.TRANSFER, left.left / 2, fields, {"OR": m.order_number(key)})
        except DeviceFault as fault:
            if fault.code not in (FaultCode.OUTCOME_UNKNOWN, FaultCode.DISCONNECTED):
                raise
            said = await self._money("0421", key, trace, m.TRANSFER, left.left, fields, {"OR": m.order_number(key)})
        return _taken_back(key, won, said)

    # The line

    async def _kept(self, ask: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """A number of the book, off the loop; a book that cannot be written sends nothing."""
        try:
            return await asyncio.to_thread(ask, *args, **kwargs)
        except (OSError, ValueError, TypeError, KeyError):
            raise DeviceFault(FaultCode.INTERNAL, "trace_book cannot be used: nothing was sent") from None

    def _original(self, trace: Trace | None) -> str:
        """Field 90: type, STAN, time and acquirer of the order that is taken back; zeros where it never went out."""
        if trace is None:
            return "0" * 42
        return f"0200{trace.serial:06d}{_sent(trace)}{self._acquirer:0>11}{'0' * 11}"

    async def _network(self, code: str) -> None:
        trace = await self._kept(self._book.question)
        said = await self._exchange("0800", _asking(code, trace), trace, {"70": code}, {}, self._reply_s)
        if said.code != m.APPROVED:
            raise DeviceFault(FaultCode.NO_ACQUIRER, f"the switch answers {printable(said.code, 2)}")

    async def _asked(
        self, key: str, code: str, timeout_s: float, fields: Mapping[str, str], private: Mapping[str, str] | None = None
    ) -> Reply:
        """A question that moves nothing; Declined for a no."""
        trace = await self._kept(self._book.question)
        said = await self._exchange("0200", _asking(key, trace), trace, {"3": code, **fields}, private or {}, timeout_s)
        if said.code in m.DOWN:
            raise DeviceFault(FaultCode.NO_ACQUIRER, "the bank cannot be reached")
        if said.code != m.APPROVED:
            raise Declined(m.DECLINES.get(said.code, Decline.OTHER), _limit(said))
        return said

    async def _money(
        self, kind: str, key: str, trace: Trace, code: str, timeout_s: float, fields: Mapping[str, str],
        private: Mapping[str, str],
    ) -> Reply:  # fmt: skip
        """An exchange after whose silence, or broken answer, the outcome is unknown."""
        try:
            return await self._exchange(kind, key, trace, {"3": code, **fields}, private, timeout_s)
        except DeviceFault as fault:
            if fault.code in UNSENT and code in CODE_OF.values() and kind == "0200":
                raise
            raise DeviceFault(FaultCode.OUTCOME_UNKNOWN, f"{kind}: {fault.code}") from None

    async def _exchange(
        self, kind: str, key: str, trace: Trace, fields: Mapping[str, str], private: Mapping[str, str], timeout_s: float
    ) -> Reply:
        request = {
            "t": kind, "7": _sent(trace), "11": f"{trace.serial:06d}", "32": self._acquirer, "41": self._branch,
            "37": m.order_number(key), **({"49": m.KRW} if "4" in fields else {}), **fields,
            **({"48": m.tagged(private)} if any(private.values()) else {}),
        }  # fmt: skip
        data, left = m.pack(request, self._mac_key), Deadline(timeout_s)
        async with self._wire.turn(timeout_s):
            try:
                await self._wire.send(data, left.left)
                return await self._reply(request, left)
            except DeviceFault as fault:  # a line that breaks after the first byte leaves a doubt
                code = FaultCode.NO_RESPONSE if fault.code is FaultCode.DISCONNECTED else fault.code
                raise DeviceFault(code, fault.detail) from None

    async def _reply(self, request: Mapping[str, str], left: Deadline) -> Reply:
        """The reply to this request; others are put aside, and a line full of them is given up."""
        for _ in range(PATIENCE):
            try:
                said = await self._message(left)
            except DeviceFault as fault:
                if fault.code is FaultCode.PROTOCOL:
                    self._doubt("wrong_code" if fault.detail == "wrong_code" else "malformed")
                raise
            if _answers(said.fields, request):
                return said
            self._doubt("not_asked_for")
        raise DeviceFault(FaultCode.PROTOCOL, "only replies that nobody asked for")

    async def _message(self, left: Deadline) -> Reply:
        """The next message whose code is right."""
        size = int.from_bytes(await self._wire.receive(2, left.left), "big")
        if not 20 <= size <= m.LONGEST:
            raise DeviceFault(FaultCode.PROTOCOL, "malformed")
        fields = m.unpack(await self._wire.receive(size, left.left), self._mac_key)
        return Reply(fields, m.tags(fields.get("48", "")))

    def _doubt(self, why: str) -> None:
        if len(self._doubts) < 100:
            self._doubts.append(why)


def _answers(fields: Mapping[str, str], request: Mapping[str, str]) -> bool:
    """Whether this reply is the one to that request: type, time, STAN, order number, acquirer and branch."""
    kind = f"{request['t'][:2]}{int(request['t'][2]) + 1}0"
    same = all(fields.get(each) == request.get(each) for each in ("7", "11", "37", "41"))
    return fields.get("t") == kind and same and fields.get("3") == request.get("3") and "39" in fields


def _asking(key: str, trace: Trace) -> str:
    """A question about a key has a name of its own, so that it is never taken for the order."""
    return f"{key}?{trace.serial}-{trace.at}"


def _sent(trace: Trace) -> str:
    return datetime.fromisoformat(trace.at).strftime("%m%d%H%M%S")


def _won(won: int) -> str:
    if not 0 < won < 10**12:
        raise DeviceFault(FaultCode.INTERNAL, "an amount of 1 to 999,999,999,999 won")
    return f"{won:012d}"


def _card(card: Credential) -> dict[str, str]:
    """What the PIN pad sealed, as it came."""
    sealed = {"52": card.pin_block.hex(), "53": card.ksn, "62": card.card.hex()}
    return {field: value.upper() for field, value in sealed.items() if value}


def _to(account: Account) -> dict[str, str]:
    return {"100": account.bank, "103": account.number}


def _limit(said: Reply) -> int | None:
    return m.whole(said.tags["LM"]) if "LM" in said.tags else None


def _due(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        raise DeviceFault(FaultCode.OUTCOME_UNKNOWN, "malformed") from None


def _outcome(key: str, won: int, said: Reply) -> HostOutcome:
    """A reply to an order; OUTCOME_UNKNOWN for whatever is neither a yes nor a listed no."""
    reference = printable(said.tags.get("RF"), 24)
    if said.code == m.APPROVED:
        state = STATES.get(said.tags.get("ST", ""))
        if state not in (HostState.APPROVED, HostState.SCHEDULED) or not reference:
            raise DeviceFault(FaultCode.OUTCOME_UNKNOWN, "malformed")
        return HostOutcome(key, state, won, reference, _due(said.tags.get("DU")))
    if said.code == m.UNDER_WAY:
        return HostOutcome(key, HostState.IN_PROGRESS, won)
    if said.code not in m.DECLINES:  # repeated, late, not reached, or not known here: it may be booked
        raise DeviceFault(FaultCode.OUTCOME_UNKNOWN, f"the switch answers {printable(said.code, 2)}")
    return HostOutcome(key, HostState.DECLINED, won, why=m.DECLINES[said.code], limit_won=_limit(said))


def _found(key: str, said: Reply) -> HostOutcome:
    """What an enquiry found."""
    if said.code == m.NOT_FOUND:
        return HostOutcome(key, HostState.NOT_FOUND, 0)
    if said.code == m.UNDER_WAY:
        return HostOutcome(key, HostState.IN_PROGRESS, 0)
    state = STATES.get(said.tags.get("ST", ""))
    if said.code != m.APPROVED or state is None:
        raise DeviceFault(FaultCode.OUTCOME_UNKNOWN, "the switch does not know now")
    why = m.DECLINES.get(said.tags.get("OC", ""), Decline.OTHER) if state is HostState.DECLINED else None
    won, reference = m.whole(said.fields.get("4")), printable(said.tags.get("RF"), 24)
    return HostOutcome(key, state, won, reference, _due(said.tags.get("DU")), why, _limit(said))


def _taken_back(key: str, won: int, said: Reply) -> HostOutcome:
    if said.code == m.NOT_FOUND:
        return HostOutcome(key, HostState.NOT_FOUND, won)
    if said.code == m.APPROVED and m.whole(said.fields.get("4")) == won:
        return HostOutcome(key, HostState.REVERSED, won, printable(said.tags.get("RF"), 24))
    if said.code in m.DECLINES:
        return HostOutcome(key, HostState.DECLINED, won, why=m.DECLINES[said.code])
    raise DeviceFault(FaultCode.OUTCOME_UNKNOWN, "the switch does not say that it was taken back")


def _booked(line: str) -> Booked:
    """`YYYYMMDDhhmmss|kind|won|balance|note`."""
    try:
        at, kind, won, balance, note = line.split("|", 4)
        when = datetime.strptime(at, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        raise DeviceFault(FaultCode.PROTOCOL, "malformed") from None
    return Booked(when, m.KINDS.get(kind, EntryKind.OTHER), m.whole(won), m.whole(balance), printable(note, 40))


def _profile(said: Mapping[str, str]) -> Profile:
    last = said.get("LT", "")
    day = NEVER if last == NEVER_WORD else None
    with contextlib.suppress(ValueError):
        day = date.fromisoformat(last)
    numbers = {tag: m.whole(said[tag]) if tag in said else None for tag in ("AG", "TL", "DL", "SW")}
    yes = {tag: said.get(tag) == "Y" for tag in ("DT", "DP", "TP")}
    return Profile(
        numbers["AG"], numbers["TL"], numbers["DL"], yes["DT"], yes["DP"], yes["TP"], _blocks(said), day,
        numbers["SW"],
    )  # fmt: skip


def _flag(said: Mapping[str, str], tag: str) -> bool | None:
    """Y or N; None where the switch says neither."""
    return {"Y": True, "N": False}.get(said.get(tag, ""))


def _blocks(said: Mapping[str, str]) -> frozenset[Block] | None:
    """The blocks of BL; None where it is missing or holds a word that nobody knows."""
    words = said.get("BL", "").split(",")
    if words == [NO_BLOCKS]:
        return frozenset()
    return frozenset(Block(word) for word in words) if set(words) <= set(Block) else None
