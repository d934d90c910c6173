"""Three peers of a bank counter over HTTP: the banks' intake, the officers' queue, the document camera. All made up.

The intake signs its decisions and the officer signs answers with keys that the bench makes from its seed, as public
as everything else here.
"""

from __future__ import annotations

import asyncio
import base64
import io
import json
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from PIL import Image, ImageDraw

from devices.agency import PURPOSE as DECISION
from devices.agency import Word
from devices.bench.book import Book
from devices.bench.contracts import Contracts
from devices.bench.peer import Peer
from devices.bench.web import Request, Web, answer, answer_json, broken_off, silence
from devices.counter import PURPOSE as ANSWER
from devices.counter import OfficerAnswer, QueueState
from devices.wire import dig

Json = dict[str, Any]


def key_of(what: str) -> Ed25519PrivateKey:
    """A signing key of the bench: everybody can make it."""
    return Ed25519PrivateKey.from_private_bytes(random.Random(f"bench {what}").randbytes(32))


def sealing_key(what: str) -> X25519PrivateKey:
    """A key that opens what is sealed to it, of the bench."""
    return X25519PrivateKey.from_private_bytes(random.Random(f"bench seal {what}").randbytes(32))


def sealed_to(what: str) -> str:
    """Its public half, hex, as branch.toml takes it."""
    return sealing_key(what).public_key().public_bytes_raw().hex()


def signed(key: Ed25519PrivateKey, said: Json) -> Json:
    """A message with its signature, base64."""
    body = json.dumps(said, ensure_ascii=False).encode()
    return {"body": base64.b64encode(body).decode(), "signature": base64.b64encode(key.sign(body)).decode()}


class WebPeer(Peer):
    """An HTTP peer whose line can fail; `reply` says status and body."""

    FAULTS: tuple[str, ...] = ("mute_before", "mute_after", "slow", "garbage", "half_frame", "unplug", "http_500")

    def __init__(self, seed: int = 0, slow_s: float = 1.0) -> None:
        super().__init__()
        self._dice, self._slow_s = random.Random(seed), slow_s
        self._web = Web(self._serve)

    async def start(self) -> int:
        """Listen on 127.0.0.1; returns the port."""
        return await self._web.start()

    async def stop(self) -> None:
        """Close everything."""
        await self._web.stop()

    def ordered_changed(self, fault: str, on: bool) -> None:
        """Pull the plug or put it back."""
        if fault == "unplug":
            self._web.plug(on)

    async def _serve(self, request: Request, writer: asyncio.StreamWriter) -> None:
        if "mute_before" in self.ordered:
            return await silence()
        if "slow" in self.ordered:
            await asyncio.sleep(self._slow_s)
        status, said = self.reply(request)
        if "mute_after" in self.ordered:
            return await silence()
        if "garbage" in self.ordered:
            return await answer(writer, self._dice.randbytes(64))
        if "half_frame" in self.ordered:
            return await broken_off(writer, json.dumps(said).encode())
        return await answer_json(writer, said, 500 if "http_500" in self.ordered else status)

    def reply(self, request: Request) -> tuple[int, Json]:
        """Status and body."""
        raise NotImplementedError


class IntakePeer(WebPeer):
    """The banks' intake; its book is on the disk before it answers. `decide` has a bank decide and sign."""

    FAULTS = (*WebPeer.FAULTS, "closed", "foreign_reply", "wrongly_signed")

    def __init__(self, book: Path, seed: int = 0, slow_s: float = 1.0) -> None:
        super().__init__(seed, slow_s)
        self.book = Book(book)
        self.contracts = Contracts(self.book, key_of, seed)

    def decide(self, reference: str, word: Word) -> None:
        """The bank's examiner has decided."""
        bank = next(row["bank"] for row in self.book.entries if row.get("reference") == reference)
        self.book.write("decision", service_id=reference, key=reference, bank=bank, word=word.value)

    def reply(self, request: Request) -> tuple[int, Json]:
        """Intake, enquiry, decision, contract."""
        path = [unquote(part) for part in request.path.split("/")]
        match request.method, path[1:]:
            case "GET", ["applications"]:
                return 200, {"open": "closed" not in self.ordered}
            case "POST", [("applications" | "appointments") as kind]:
                return self._take(kind, request.json())
            case "GET", ["hand-ins", key]:
                row = self.book.find("hand_in", key)
                return (200, self._told(row)) if row else (404, {})
            case "GET", ["decisions", bank, reference]:
                return self._decision(bank, reference)
            case "GET", ["offers", bank, reference]:
                return self.contracts.offer(bank, reference)
            case "POST", ["contracts"]:
                return self.contracts.sign(request.json())
            case "GET", ["contracts", key]:
                return self.contracts.receipt(key)
        return 404, {}

    def _take(self, kind: str, asked: Any) -> tuple[int, Json]:
        if "closed" in self.ordered:
            return 409, {"why": "closed_now"}
        key, bank = str(dig(asked, "key")), str(dig(asked, "bank"))
        row = self.book.find("hand_in", key) or self.book.write(
            "hand_in", service_id=key, key=key, kind=kind, bank=bank, product=dig(asked, "product"),
            sealed=dig(asked, "sealed"), when=dig(asked, "when"), reference=f"{bank}-{len(self.book.entries) + 1:06d}",
        )  # fmt: skip
        return 200, self._told(row)

    def _told(self, row: Json) -> Json:
        key = row["key"] + ("x" if "foreign_reply" in self.ordered else "")
        return {"key": key, "reference": row["reference"], "at": row["at"]}

    def _decision(self, bank: str, reference: str) -> tuple[int, Json]:
        row = next((each for each in reversed(self.book.entries) if each["entry"] == "decision"
                    and (each["bank"], each["key"]) == (bank, reference)), None)  # fmt: skip
        if row is None:
            return 404, {}
        said = {"purpose": DECISION, "bank": bank, "reference": reference, "word": row["word"], "at": row["at"]}
        return 200, signed(key_of("nobody" if "wrongly_signed" in self.ordered else f"bank {bank}"), said)


@dataclass
class Waiting:
    """One call in the queue."""

    id: str
    body: Json
    state: QueueState = QueueState.WAITING
    text: str = ""
    answer: Json | None = field(default=None)


class OfficerPeer(WebPeer):
    """The officers' queue; `take` and `answer` are the officer's hands, `greeting` is told to everybody who waits."""

    FAULTS = (*WebPeer.FAULTS, "wrongly_signed", "expired", "foreign_reply", "replayed")

    def __init__(self, branch: str = "K-0001", seed: int = 0, slow_s: float = 1.0) -> None:
        super().__init__(seed, slow_s)
        self.queue: dict[str, Waiting] = {}
        self.greeting = ""
        self._branch = branch
        self._old: Json | None = None

    def newest(self) -> Waiting | None:
        """The newest call that is open."""
        still = [each for each in self.queue.values() if each.state in (QueueState.WAITING, QueueState.TAKEN)]
        return still[-1] if still else None

    def take(self, text: str = "") -> bool:
        """The officer looks at the newest call; False where there is none."""
        call = self.newest()
        if call is not None:
            call.state, call.text = QueueState.TAKEN, text
        return call is not None

    def answer(
        self, word: OfficerAnswer, officer: str = "officer-1", lasts_s: float = 120.0, ahead_s: float = 0.0
    ) -> bool:  # fmt: skip
        """The officer answers the newest call, by a clock that is ahead so much."""
        call = self.newest()
        if call is None:
            return False
        now = datetime.now(UTC) - timedelta(hours="expired" in self.ordered) + timedelta(seconds=ahead_s)
        said = {
            "purpose": ANSWER, "branch": self._branch, "officer": officer, "answer": word.value,
            "request": call.id + ("x" if "foreign_reply" in self.ordered else ""),
            "issued": now.isoformat(), "expires": (now + timedelta(seconds=lasts_s)).isoformat(),
        }  # fmt: skip
        fresh = signed(key_of("nobody" if "wrongly_signed" in self.ordered else officer), said)
        call.answer = self._old if "replayed" in self.ordered and self._old else fresh
        call.state, self._old = QueueState.ANSWERED, fresh
        return True

    def reply(self, request: Request) -> tuple[int, Json]:
        """Place, look, withdraw."""
        path = [unquote(part) for part in request.path.split("/")]
        match request.method, path[1:]:
            case "GET", ["requests"]:
                waiting = [each for each in self.queue.values() if each.state is QueueState.WAITING]
                return 200, {"open": len(waiting)}
            case "POST", ["requests"]:
                asked = request.json()
                number = str(dig(asked, "id"))
                return 200, self._told(self.queue.setdefault(number, Waiting(number, asked, text=self.greeting)))
            case "GET", ["requests", number] if number in self.queue:
                return 200, self._told(self.queue[number])
            case "POST", ["requests", number, "withdraw"] if number in self.queue:
                self.queue[number].state = QueueState.WITHDRAWN
                return 200, self._told(self.queue[number])
        return 404, {}

    def _told(self, call: Waiting) -> Json:
        ahead = [each for each in self.queue.values() if each.state is QueueState.WAITING]
        place = ahead.index(call) + 1 if call in ahead else 0
        return {"id": call.id, "state": call.state, "place": place, "text": call.text, "answer": call.answer}


@dataclass(frozen=True)
class Lying:
    """What lies on the glass: a made-up document, or a paper without fields."""

    kind: str = "paper"
    fields: tuple[tuple[str, str], ...] = ()


class GlassPeer(WebPeer):
    """A document camera and its reader. With `misread` one digit of the number is another; `unsure`: it says so."""

    FAULTS = (*WebPeer.FAULTS, "no_media", "dark", "moving", "misread", "unsure", "control_chars", "lost")

    def __init__(self, seed: int = 0, slow_s: float = 1.0) -> None:
        super().__init__(seed, slow_s)
        self.lying: Lying | None = None

    def lay(self, lying: Lying | None) -> None:
        """Lay something on the glass, or take it away."""
        self.lying = lying

    def reply(self, request: Request) -> tuple[int, Json]:
        """Status, reading, picture."""
        trouble = next((each for each in ("dark", "moving", "lost", "no_media") if each in self.ordered), "")
        if request.path == "/status":
            return 200, {"ready": trouble not in ("dark", "lost"), "trouble": trouble}
        if trouble or self.lying is None:
            return 409, {"trouble": trouble or "no_media"}
        if request.path == "/read":
            return 200, {"fields": {name: self._read(name, text) for name, text in self.lying.fields}}
        return 200, self._photo()

    def _read(self, name: str, text: str) -> Json:
        if "misread" in self.ordered and name == "number":
            text = text[:-1] + str((int(text[-1]) + 3) % 10 if text[-1].isdigit() else 0)
        if "control_chars" in self.ordered:
            text += "\x1b[2J"
        return {"text": text, "sure": 0.4 if "unsure" in self.ordered else 0.97}

    def _photo(self) -> Json:
        width, height = 1240, 874
        image = Image.new("L", (width, height), 244)
        draw = ImageDraw.Draw(image)
        draw.rectangle((60, 60, width - 60, height - 60), outline=40, width=4)
        draw.text((100, 100), "MADE UP - BENCH", fill=40, font_size=48)
        for line in range(8):
            draw.line((100, 220 + 70 * line, width - 140 - self._dice.randrange(300), 220 + 70 * line), 120, 6)
        out = io.BytesIO()
        image.save(out, "JPEG", quality=80)
        return {"jpeg": base64.b64encode(out.getvalue()).decode(), "width": width, "height": height}
