"""The partner banks over a REST interface of the open-banking kind: JSON over HTTPS, OAuth 2 client credentials.

Every message has a `bank_tran_id` of its own: organisation (10), `U`, the book's series (3), six digits, never given
twice in a day and on the disk (devices/trace_book.py) before an order is sent. A reply counts when it repeats that id.
How an order ended is asked with `/transfer/result` about its id and date, so the book has to be there. A 401 means that
the message was not heard: a new token, once.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from devices.banking import (
    NEVER,
    NEVER_WORD,
    Account,
    Balance,
    Block,
    Booked,
    Credential,
    Decline,
    Declined,
    EntryKind,
    Found,
    HostOutcome,
    HostState,
    NameCheck,
    Order,
    Payee,
    Profile,
)
from devices.ports import DeviceFault, FaultCode, Observation
from devices.trace_book import Trace, TraceBook
from devices.wire import JsonHttp, dig, printable

P = ParamSpec("P")
T = TypeVar("T")
#: The interface has passed it on; the bank's yes and its no. Only its no, with a reason that the interface lists, says
#: of an order that it was not booked.
WELL, BANK_WELL, BANK_NO = "A0000", "000", "400"
#: The interface itself could not serve: a question was not answered, and an order may still have reached its bank.
DOWN = frozenset({"A0001", "A0002"})
STATES = {
    "done": HostState.APPROVED, "scheduled": HostState.SCHEDULED, "reversed": HostState.REVERSED,
    "declined": HostState.DECLINED, "in_progress": HostState.IN_PROGRESS, "not_found": HostState.NOT_FOUND,
}  # fmt: skip
UNSENT = (FaultCode.DISCONNECTED, FaultCode.NOT_PAIRED, FaultCode.NOT_LOGGED_IN, FaultCode.INTERNAL)
#: Seconds before its end at which a token is no longer used.
STALE_S = 30.0
MOST_WON = 10**13


class RestBankHost:
    """One organisation's access. `secret_file` holds the client secret; `trace_book` is a file of this branch's own."""

    def __init__(  # noqa: PLR0913, PLR0917  # an option of branch.toml is a parameter
        self, name: str, url: str, organisation: str, client_id: str, secret_file: str, trace_book: str,
        reply_s: float = 5.0, simulated: bool = False, tls_pin: str = "",
    ) -> None:  # fmt: skip
        self.name = name
        self._http = JsonHttp(url, tls_pin)
        self._organisation, self._client = f"{organisation[:10]:0<10}", client_id
        self._secret_file, self._book = Path(secret_file), TraceBook(Path(trace_book))
        self._reply_s, self._simulated = reply_s, simulated
        self._token, self._good_until = "", 0.0
        self._doubts = list[str]()

    async def open(self) -> None:
        """Begin or take up the book of ids, before any order can go out, and fetch a token."""
        await self._kept(self._book.take_up)
        await self._log_in(self._reply_s)

    async def close(self) -> None:
        """Forget the token."""
        self._token = ""

    async def probe(self) -> Observation:
        """Is the interface there, and does it reach the banks."""
        said = await self._ask("/v2.0/health", {}, self._reply_s)
        if said.get("rsp_code") != WELL:
            raise DeviceFault(FaultCode.NO_ACQUIRER, "the interface does not reach the banks")
        return Observation(simulated=self._simulated)

    def doubts(self) -> tuple[str, ...]:
        """Why replies were put aside since this was last asked."""
        told, self._doubts = tuple(self._doubts), []
        return told

    # Questions

    async def balance(self, key: str, card: Credential, timeout_s: float) -> Balance:
        """`/account/balance`."""
        said = await self._asked("/v2.0/account/balance", _card(card), timeout_s)
        return Balance(_won(said, "balance_amt"), _won(said, "available_amt"), datetime.now(UTC))

    async def entries(
        self, key: str, card: Credential, count: int, timeout_s: float, skip: int = 0
    ) -> tuple[Booked, ...]:
        """`/account/transaction_list`; `skip` are left out before them."""
        body = {**_card(card), "count": max(1, min(count, 20)), "skip": max(0, min(skip, 999))}
        rows = (await self._asked("/v2.0/account/transaction_list", body, timeout_s)).get("res_list")
        if not isinstance(rows, list) or len(rows) > 20:
            raise _malformed()
        return tuple(_booked(row) for row in rows)

    async def profile(self, key: str, card: Credential, timeout_s: float) -> Profile:
        """`/account/profile`."""
        return _profile(await self._asked("/v2.0/account/profile", _card(card), timeout_s))

    async def payee(self, key: str, card: Credential, account: Account, timeout_s: float) -> Payee:
        """`/inquiry/receive`."""
        said = await self._asked("/v2.0/inquiry/receive", {**_card(card), **_to(account)}, timeout_s)
        name = printable(said.get("account_holder_name"), 40)
        if not name:
            raise _malformed()
        return Payee(
            account, name, _flag(said, "reported"), said.get("registered") is True, _flag(said, "paid_before"),
            _flag(said, "suspected"), said.get("biller") is True,
        )  # fmt: skip

    async def real_name(self, key: str, card: Credential, name: str, birth: str, timeout_s: float) -> NameCheck:
        """`/inquiry/real_name`; `name` and `birth` say same, differs, or unknown where the bank has nothing on file."""
        asked = {**_card(card), "name": name, "birth": birth}
        said = await self._asked("/v2.0/inquiry/real_name", asked, timeout_s)
        try:
            return NameCheck(Found(str(said.get("name"))), Found(str(said.get("birth"))))
        except ValueError:
            raise _malformed() from None

    async def set_block(self, key: str, card: Credential, block: Block, timeout_s: float) -> None:
        """`/account/block`."""
        await self._asked("/v2.0/account/block", {**_card(card), "block": block.value}, timeout_s)

    async def tell_trusted(self, key: str, card: Credential, what: str, timeout_s: float) -> None:
        """`/account/notice`."""
        await self._asked("/v2.0/account/notice", {**_card(card), "what": what}, timeout_s)

    # Money

    async def transfer(self, key: str, card: Credential, order: Order, timeout_s: float) -> HostOutcome:
        """`/transfer/deposit` under this key's id."""
        trace = await self._kept(self._book.order, key)
        body = {
            **_card(card), **_to(order.payee), "tran_amt": order.won, "kind": order.kind.value,
            "recv_client_name": order.payee_name, "print_content": order.note, "bill_number": order.bill,
        }  # fmt: skip
        said = await self._money("/v2.0/transfer/deposit", trace, body, timeout_s)
        if said.get("tran_amt") != order.won:
            raise DeviceFault(FaultCode.OUTCOME_UNKNOWN, "another amount")
        if said.get("bank_rsp_code") != BANK_WELL:
            return _refused(key, order.won, said)
        return _outcome(key, said)

    async def enquire(self, key: str, timeout_s: float, since: datetime | None = None) -> HostOutcome:
        """`/transfer/result`; what never got an id was never sent, if the book is old enough to say so."""
        original = await self._original(key, since)
        if original is None:
            return HostOutcome(key, HostState.NOT_FOUND, 0)
        trace = await self._kept(self._book.question)
        return _outcome(key, await self._money("/v2.0/transfer/result", trace, self._about(original), timeout_s, True))

    async def reverse(self, key: str, won: int, timeout_s: float, since: datetime | None = None) -> HostOutcome:
        """`/transfer/cancel`; the bank books one however often it hears of it."""
        original = await self._original(key, since)
        if original is None:
            return HostOutcome(key, HostState.NOT_FOUND, won)
        trace = await self._kept(self._book.question)
        body = {**self._about(original), "tran_amt": won}
        found = _outcome(key, await self._money("/v2.0/transfer/cancel", trace, body, timeout_s, True))
        if found.state is HostState.REVERSED and found.won != won:
            raise DeviceFault(FaultCode.OUTCOME_UNKNOWN, "another amount")
        return found

    # The line

    async def _original(self, key: str, since: datetime | None) -> Trace | None:
        """The id of this key's order; None where it never went out. OUTCOME_UNKNOWN where the book cannot tell."""
        original = await self._kept(self._book.find, key)
        if original is None and not await self._kept(self._book.covers, since):
            raise DeviceFault(FaultCode.OUTCOME_UNKNOWN, "the trace_book is younger than this order: ask the bank")
        return original

    def _about(self, original: Trace) -> dict[str, object]:
        return {"org_bank_tran_id": self._number(original), "org_bank_tran_date": _time(original)[:8]}

    def _number(self, trace: Trace) -> str:
        return f"{self._organisation}U{trace.series}{trace.serial:06d}"

    async def _kept(self, ask: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """A number of the book, off the loop; a book that cannot be written sends nothing."""
        try:
            return await asyncio.to_thread(ask, *args, **kwargs)
        except (OSError, ValueError, TypeError, KeyError):
            raise DeviceFault(FaultCode.INTERNAL, "trace_book cannot be used: nothing was sent") from None

    async def _asked(self, path: str, body: Mapping[str, object], timeout_s: float) -> Mapping[str, Any]:
        """A question that moves nothing; Declined for a no."""
        said = await self._ask(path, body, timeout_s)
        if said.get("rsp_code") in DOWN:
            raise DeviceFault(FaultCode.NO_ACQUIRER, "the bank cannot be reached")
        if said.get("rsp_code") != WELL or said.get("bank_rsp_code") != BANK_WELL:
            raise Declined(_why(said), _limit(said))
        return said

    async def _ask(self, path: str, body: Mapping[str, object], timeout_s: float) -> Mapping[str, Any]:
        return await self._exchange(path, await self._kept(self._book.question), body, timeout_s)

    async def _money(
        self, path: str, trace: Trace, body: Mapping[str, object], timeout_s: float, sent_before: bool = False
    ) -> Mapping[str, Any]:
        """An exchange after whose silence, or broken answer, the outcome is unknown."""
        try:
            said = await self._exchange(path, trace, body, timeout_s)
        except DeviceFault as fault:
            if fault.code in UNSENT and not sent_before:
                raise
            raise DeviceFault(FaultCode.OUTCOME_UNKNOWN, f"{path.rpartition('/')[2]}: {fault.code}") from None
        if said.get("rsp_code") != WELL or (sent_before and said.get("bank_rsp_code") != BANK_WELL):
            raise DeviceFault(FaultCode.OUTCOME_UNKNOWN, "the interface does not know now")
        return said

    async def _exchange(
        self, path: str, trace: Trace, body: Mapping[str, object], timeout_s: float
    ) -> Mapping[str, Any]:
        """One message and the reply that repeats its id; any other reply is put aside and told."""
        end, number = time.monotonic() + timeout_s, self._number(trace)
        message = {"bank_tran_id": number, "tran_dtime": _time(trace), **body}
        if time.monotonic() > self._good_until or not self._token:
            await self._log_in(timeout_s)
        for attempt in (1, 2):
            status, said = await self._sent(path, message, end - time.monotonic())
            if status != 401 or attempt == 2:
                break
            await self._log_in(max(0.1, end - time.monotonic()))
        if status == 401:
            raise DeviceFault(FaultCode.NOT_LOGGED_IN, "the interface takes no token of ours")
        if status != 200 or not isinstance(said, dict) or not isinstance(said.get("rsp_code"), str):
            raise self._doubted("malformed")
        if said.get("bank_tran_id") != number:
            raise self._doubted("not_asked_for")
        return said

    async def _sent(self, path: str, message: object, left_s: float) -> tuple[int, Any]:
        try:
            return await self._http.ask("POST", path, message, max(0.1, left_s), self._token)
        except DeviceFault as fault:
            if fault.code is FaultCode.PROTOCOL:
                raise self._doubted("malformed") from None
            raise

    async def _log_in(self, timeout_s: float) -> None:
        """A token by client credentials (RFC 6749 §4.4)."""
        try:
            secret = (await asyncio.to_thread(self._secret_file.read_text)).strip()
        except (OSError, UnicodeDecodeError):
            raise DeviceFault(FaultCode.MISCONFIGURED, "secret_file cannot be read") from None
        form = {"grant_type": "client_credentials", "client_id": self._client, "client_secret": secret, "scope": "oob"}
        try:
            status, said = await self._http.ask("POST", "/oauth/2.0/token", form, timeout_s, form=True)
        except DeviceFault as fault:  # whatever happens to the token, no order was sent
            code = fault.code if fault.code in UNSENT else FaultCode.NOT_LOGGED_IN
            raise DeviceFault(code, "no token came") from None
        token, lasts = printable(dig(said, "access_token"), 2000), dig(said, "expires_in")
        if status != 200 or not token or type(lasts) is not int:
            raise DeviceFault(FaultCode.NOT_LOGGED_IN, "no token for this client")
        self._token, self._good_until = token, time.monotonic() + lasts - STALE_S

    def _doubted(self, why: str) -> DeviceFault:
        if len(self._doubts) < 100:
            self._doubts.append(why)
        return DeviceFault(FaultCode.PROTOCOL, why)


def _time(trace: Trace) -> str:
    return datetime.fromisoformat(trace.at).strftime("%Y%m%d%H%M%S")


def _card(card: Credential) -> dict[str, object]:
    """What the PIN pad sealed, as it came."""
    return {"card": card.card.hex(), "pin_block": card.pin_block.hex(), "key_serial": card.ksn}


def _to(account: Account) -> dict[str, object]:
    return {"recv_bank_code": account.bank, "recv_account_num": account.number}


def _malformed() -> DeviceFault:
    return DeviceFault(FaultCode.PROTOCOL, "malformed")


def _won(said: Mapping[str, Any], field: str) -> int:
    won = said.get(field)
    if type(won) is not int or abs(won) > MOST_WON:
        raise _malformed()
    return won


def _why(said: Mapping[str, Any]) -> Decline:
    word = said.get("why")
    return Decline(word) if word in tuple(Decline) else Decline.OTHER


def _limit(said: Mapping[str, Any]) -> int | None:
    limit = said.get("limit_amt")
    return limit if type(limit) is int and 0 <= limit <= MOST_WON else None


def _refused(key: str, won: int, said: Mapping[str, Any]) -> HostOutcome:
    """The bank's no to an order; OUTCOME_UNKNOWN for any other word than a listed one."""
    listed = said.get("why") in tuple(Decline) and said.get("result", "declined") == "declined"
    if said.get("bank_rsp_code") != BANK_NO or not listed:
        raise DeviceFault(FaultCode.OUTCOME_UNKNOWN, "the bank does not say that nothing was booked")
    return HostOutcome(key, HostState.DECLINED, won, why=_why(said), limit_won=_limit(said))


def _outcome(key: str, said: Mapping[str, Any]) -> HostOutcome:
    """What the bank says of an order; OUTCOME_UNKNOWN for what says nothing."""
    state, won, reference = STATES.get(str(said.get("result"))), said.get("tran_amt"), printable(said.get("ref"), 24)
    if state is None or type(won) is not int or not 0 <= won <= MOST_WON:
        raise DeviceFault(FaultCode.OUTCOME_UNKNOWN, "malformed")
    if state in (HostState.APPROVED, HostState.SCHEDULED, HostState.REVERSED) and not (reference and won):
        raise DeviceFault(FaultCode.OUTCOME_UNKNOWN, "malformed")
    why = _why(said) if state is HostState.DECLINED else None
    try:
        due = datetime.fromisoformat(said["due"]) if said.get("due") else None
    except (TypeError, ValueError):
        raise DeviceFault(FaultCode.OUTCOME_UNKNOWN, "malformed") from None
    return HostOutcome(key, state, won, reference, due, why, _limit(said))


def _booked(row: Any) -> Booked:
    kind, note = dig(row, "kind"), printable(dig(row, "note"), 40)
    try:
        at = datetime.fromisoformat(row["at"])
    except (KeyError, TypeError, ValueError):
        raise _malformed() from None
    return Booked(
        at, EntryKind(kind) if kind in tuple(EntryKind) else EntryKind.OTHER, _won(row, "amt"), _won(row, "after_amt"),
        note,
    )  # fmt: skip


def _profile(said: Mapping[str, Any]) -> Profile:
    numbers = [said.get(each) for each in ("age", "limit_amt", "day_left_amt", "scheduled_amt")]
    age, limit, left, scheduled = (number if type(number) is int and number >= 0 else None for number in numbers)
    try:
        word = str(said.get("last_machine_transfer"))
        last = NEVER if word == NEVER_WORD else date.fromisoformat(word)
    except ValueError:
        last = None
    return Profile(
        age, limit, left, said.get("delayed") is True, said.get("designated") is True, said.get("trusted") is True,
        _blocks(said), last, scheduled,
    )  # fmt: skip


def _flag(said: Mapping[str, Any], field: str) -> bool | None:
    """True or false; None where the interface says neither."""
    flag = said.get(field)
    return flag if isinstance(flag, bool) else None


def _blocks(said: Mapping[str, Any]) -> frozenset[Block] | None:
    """The blocks that are set; None where there is no list, or one with a word that nobody knows."""
    words = said.get("blocks")
    if not isinstance(words, list) or not all(word in tuple(Block) for word in words):
        return None
    return frozenset(map(Block, words))
