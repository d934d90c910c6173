"""The banks' open-banking interface over HTTP, with the same made-up bank behind it, and its faults."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from devices.banking import Decline, EntryKind
from devices.bench.bank import Bank, Holder, Said
from devices.bench.peer import Held, Peer
from devices.bench.web import Request, Web, answer, broken_off, silence
from devices.iso8583 import KINDS
from devices.wire import dig

CLIENT, SECRET, ORGANISATION = "branch-0001", "bench secret, known to everybody", "B000000071"
WORDS = {"A": "done", "S": "scheduled", "R": "reversed", "D": "declined"}
KIND_OF = {"transfer": "TO", "delayed": "DL", "bill": "BP"}
TOO_MUCH_WON = 1000
ORDER, RESULT = "/v2.0/transfer/deposit", "/v2.0/transfer/result"
Json = dict[str, Any]


class BankWebPeer(Peer):
    """Knows one client. `token_s` is how long a token lasts."""

    FAULTS = (
        "mute_before", "mute_after", "slow", "unplug", "garbage", "half_frame", "foreign_reply", "wrong_amount",
        "no_bank", "late_request", "token_lost", "no_token", "enquiry_down", "http_500",
    )  # fmt: skip

    def __init__(self, bank: Bank, seed: int = 0, slow_s: float = 1.0, late_s: float = 3.0, token_s: int = 600) -> None:
        super().__init__()
        self.bank, self.seen, self.held = bank, set[str](), Held()
        self._dice, self._slow_s, self._late_s, self._token_s = random.Random(seed), slow_s, late_s, token_s
        self._tokens = set[str]()
        self._web = Web(self._serve)
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> int:
        """Listen on 127.0.0.1; returns the port."""
        return await self._web.start()

    async def stop(self) -> None:
        """Close everything."""
        for task in tuple(self._tasks):
            task.cancel()
        await self._web.stop()

    def ordered_changed(self, fault: str, on: bool) -> None:
        """Pull the plug or put it back; a lost token is lost once."""
        if fault == "unplug":
            self._web.plug(on)
        if fault in ("token_lost", "no_token"):
            self._tokens.clear()

    async def _serve(self, request: Request, writer: asyncio.StreamWriter) -> None:
        if request.path == "/oauth/2.0/token":
            return await self._token(request, writer)
        if request.authorization.removeprefix("Bearer ") not in self._tokens:
            return await answer(writer, b"{}", 401)
        if "mute_before" in self.ordered:
            return await silence()
        if "late_request" in self.ordered and request.path == ORDER:
            task = asyncio.create_task(self._late(request))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            return await silence()
        if "slow" in self.ordered:
            await self.held.wait(self._slow_s)
        reply = json.dumps(self.reply(request), ensure_ascii=False).encode()
        if "mute_after" in self.ordered:
            return await silence()
        if "garbage" in self.ordered:
            reply = self._dice.randbytes(64)
        if "half_frame" in self.ordered:
            return await broken_off(writer, reply)
        await answer(writer, reply, 500 if "http_500" in self.ordered else 200)

    async def _late(self, request: Request) -> None:
        await self.held.wait(self._late_s)
        self.reply(request)

    async def _token(self, request: Request, writer: asyncio.StreamWriter) -> None:
        form = {key: values[0] for key, values in parse_qs(request.body.decode("utf-8", "replace")).items()}
        right = (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)
        if not right or form.get("grant_type") != "client_credentials" or "no_token" in self.ordered:
            return await answer(writer, b'{"error": "invalid_client"}', 401)
        token = f"{self._dice.getrandbits(160):040x}"
        self._tokens.add(token)
        said = {"access_token": token, "token_type": "Bearer", "expires_in": self._token_s, "scope": "oob"}
        return await answer(writer, json.dumps(said).encode())

    def reply(self, request: Request) -> Json:
        """The reply to one message; an id that came before is answered as before only for an order."""
        asked = request.json()
        number = str(dig(asked, "bank_tran_id"))
        same = {"bank_tran_id": f"{number[:-1]}x" if "foreign_reply" in self.ordered else number}
        down = "no_bank" in self.ordered or ("enquiry_down" in self.ordered and request.path == RESULT)
        if down or len(number) != 20 or (number in self.seen and request.path != ORDER):
            return {**same, "rsp_code": "A0001" if down else "A0003"}
        self.seen.add(number)
        said = self._answer(request.path, asked, number)
        if "wrong_amount" in self.ordered and "tran_amt" in said:
            said["tran_amt"] += TOO_MUCH_WON
        return {**same, "rsp_code": "A0000", "bank_rsp_code": "000", **said}

    def _answer(self, path: str, asked: Any, number: str) -> Json:
        if path == "/v2.0/health":
            return {}
        original, won = str(dig(asked, "org_bank_tran_id")), dig(asked, "tran_amt")
        if path == RESULT:
            return _told(self.bank.find(original))
        if path == "/v2.0/transfer/cancel":
            return _told(self.bank.reverse(original, int(won)))
        sealed, block = (bytes.fromhex(str(dig(asked, each) or "")) for each in ("card", "pin_block"))
        holder = self.bank.opened(sealed, block, str(dig(asked, "key_serial")))
        if isinstance(holder, Decline):
            return {"bank_rsp_code": "400", "why": holder.value, **({"tran_amt": won} if path == ORDER else {})}
        if path == ORDER:
            kind = KIND_OF[str(dig(asked, "kind"))]
            said = _told(self.bank.order(number, holder, str(dig(asked, "recv_account_num")), int(won), kind))
            return {**said, "bank_rsp_code": "000" if said["result"] != "declined" else "400"}
        return self._question(path, asked, holder)

    def _question(self, path: str, asked: Any, holder: Holder) -> Json:
        number, bank = holder.number, self.bank
        tables: Mapping[str, Callable[[], Json]] = {
            "/v2.0/account/balance": lambda: {
                "balance_amt": bank.balance(number),
                "available_amt": max(0, min(bank.balance(number), holder.limit_won)),
            },
            "/v2.0/account/transaction_list": lambda: {
                "res_list": [_row(line) for line in bank.statement(number, *_span(asked))]
            },
            "/v2.0/account/profile": lambda: self._profile(holder),
            "/v2.0/inquiry/receive": lambda: self._payee(str(dig(asked, "recv_account_num")), holder),
            "/v2.0/inquiry/real_name": lambda: asdict(
                bank.compared(holder, str(dig(asked, "name")), str(dig(asked, "birth")))
            ),
        }
        if path == "/v2.0/account/block":
            bank.set_block(number, str(dig(asked, "block")))
        elif path == "/v2.0/account/notice":
            bank.notices.append((number, str(dig(asked, "what"))))
        return tables[path]() if path in tables else {}

    def _payee(self, number: str, holder: Holder) -> Json:
        found = self.bank.holders.get(number)
        if found is None:
            return {"bank_rsp_code": "400", "why": Decline.NO_SUCH_ACCOUNT.value}
        return {
            "account_holder_name": found.name, "reported": found.reported, "registered": number in holder.registered,
            "paid_before": self.bank.paid_before(holder.number, number), "suspected": found.suspected,
            "biller": found.biller,
        }  # fmt: skip

    def _profile(self, holder: Holder) -> Json:
        return {
            "age": holder.age, "limit_amt": holder.limit_won, "delayed": holder.delayed, "trusted": holder.trusted,
            "day_left_amt": max(0, holder.day_won - self.bank.today(holder.number)), "designated": holder.designated,
            "blocks": self.bank.blocks(holder.number), "last_machine_transfer": holder.last_machine,
            "scheduled_amt": self.bank.scheduled(holder.number),
        }  # fmt: skip


def _told(said: Said | None) -> Json:
    if said is None:
        return {"result": "not_found", "tran_amt": 0}
    due = datetime.strptime(said.due, "%Y%m%d%H%M%S").replace(tzinfo=UTC).isoformat() if said.due else ""
    why = said.why.value if said.why else ""
    return {
        "result": WORDS[said.state], "tran_amt": said.won, "ref": said.reference, "due": due, "why": why,
        "limit_amt": said.limit_won,
    }  # fmt: skip


def _span(asked: Any) -> tuple[int, int]:
    """How many entries are wanted, and how many of the newest are left out."""
    return int(dig(asked, "count")), int(dig(asked, "skip") or 0)


def _row(line: str) -> Json:
    at, kind, won, after, note = line.split("|", 4)
    when = datetime.strptime(at, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    word = KINDS.get(kind, EntryKind.OTHER).value
    return {"at": when.isoformat(), "kind": word, "amt": int(won), "after_amt": int(after), "note": note}


def secret_file(folder: Path) -> Path:
    """The client secret as the branch finds it."""
    path = folder / "bank-web.secret"
    path.touch(mode=0o600)
    path.write_text(SECRET)
    return path
