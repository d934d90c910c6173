"""Sealed clips on disk: handed to staff who prove who they are, in the journal before it is handed out; erased in time.

Only the core process holds the key that opens them; whoever wants to see one asks it over a Unix socket.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from kiosk import alert as a
from kiosk import care as c
from kiosk import facts as f
from kiosk.carer import Member
from kiosk.config import GuardTable
from vision.guard.clip import opened
from vision.guard.seal import SealError
from vision.serve import Reply, RequestError

log = logging.getLogger(__name__)
HOUR_S, MOST_WHY = 3600, 200
#: Seconds after which the journal should know of a clip, and of which a half-written one is nobody's any more.
KNOWN_S = 60.0
NAME = re.compile(r"[0-9a-f]{1,64}")
Check = Callable[[str, Any], Awaitable[f.Fact | None]]


class Kept(Protocol):
    """One entry of the journal."""

    @property
    def at(self) -> datetime:
        """When it was written, UTC."""

    @property
    def fact(self) -> f.Fact | None:
        """What was written."""


class Ledger(Protocol):
    """The journal, asked from the event loop."""

    async def append(self, visit: str, fact: f.Fact) -> Any:
        """On disk when this returns."""

    async def kept(self) -> Sequence[Kept]:
        """Every clip kept and erased, oldest first."""


@dataclass(frozen=True)
class Days:
    """How long clips are kept, and which cameras look at the lobby, where it is shorter."""

    keep: int = 30
    lobby: int = 7
    cameras: tuple[str, ...] = ()

    def of(self, camera: str) -> timedelta:
        """The time for one camera."""
        return timedelta(days=self.lobby if camera in self.cameras else self.keep)


def days(table: GuardTable) -> Days:
    """Those of the configuration."""
    return Days(table.keep_days, table.keep_lobby_days, table.lobby)


@dataclass
class Evidence:
    """The folder of one branch's clips; a worker of vision.serve."""

    folder: Path
    private: bytes
    ledger: Ledger
    staff: Sequence[Member]
    check: Check
    days: Days

    async def answer(self, request: Reply, client: object) -> Reply:
        """`list`, or `open` with evidence, staff, pin and why; RequestError in one sentence."""
        match request:
            case {"do": "list"}:
                return {"clips": await self.clips()}
            case {"do": "open", "evidence": str(name), "staff": str(who), "pin": str(pin), "why": str(why)}:
                return await self._open(name, who, pin, why.strip())
        raise RequestError("do must be list, or open with evidence, staff, pin and why.")

    def leave(self, client: object) -> None:
        """Nothing is kept of a client."""

    async def keep_going(self) -> None:
        """Take up what the journal does not know of, erase what is due; once an hour and at the start."""
        while True:
            await self.adopt(datetime.now(UTC))
            await self.erase_due(datetime.now(UTC))
            await asyncio.sleep(HOUR_S)

    async def clips(self) -> list[dict[str, object]]:
        """Every clip that can still be opened, oldest first."""
        return [{"evidence": one.evidence, "camera": one.camera, "frames": one.frames, "sha256": one.sha256,
                 "kept_at": at.isoformat(timespec="seconds")} for at, one in await self._there()]

    async def erase_due(self, now: datetime) -> int:
        """Erase the clips whose days are over, each with a row in the journal; returns how many.

        Their days count from the file's time where the journal heard of it later.
        """
        due = await asyncio.to_thread(self._due, await self._there(), now)
        for one in due:
            self._path(one.evidence).unlink(missing_ok=True)
            await self.ledger.append("", a.EvidenceErased(one.evidence, "retention"))
        return len(due)

    def _due(self, there: Sequence[tuple[datetime, a.EvidenceKept]], now: datetime) -> list[a.EvidenceKept]:
        return [one for at, one in there
                if now - min(at, self._written(one.evidence, at)) > self.days.of(one.camera)]

    async def adopt(self, now: datetime) -> int:
        """Take up the clips that a stop kept from being told: each becomes a row, one that is no clip of ours goes.

        Returns how many became a row.
        """
        known, rows = {one.evidence for _, one in await self._there()}, 0
        for path in await asyncio.to_thread(self._strays, now):
            if path.suffix == ".part":
                await asyncio.to_thread(path.unlink, missing_ok=True)
            elif path.stem not in known:
                rows += await self._adopt(path)
        return rows

    async def _adopt(self, path: Path) -> bool:
        try:
            kept = await asyncio.to_thread(self._kept, path)
        except OSError as error:
            log.warning("a clip that the journal does not know cannot be read: %s", error.strerror)
            return False
        except SealError:
            await asyncio.to_thread(path.unlink, missing_ok=True)
            await self.ledger.append("", a.EvidenceErased(path.stem, "unreadable"))
            return False
        await self.ledger.append("", kept)
        return True

    def _kept(self, path: Path) -> a.EvidenceKept:
        """What the journal should have been told of a clip on disk; SealError when it is none of ours."""
        box = path.read_bytes()
        camera, frames = opened(box, path.stem, self.private)
        return a.EvidenceKept(path.stem, camera, len(frames), len(box), hashlib.sha256(box).hexdigest())

    def _strays(self, now: datetime) -> list[Path]:
        """Clips, whole or half written, that nobody is writing any more."""
        found = [path for path in self.folder.glob("*.*") if path.suffix in (".sealed", ".part")]
        return [path for path in sorted(found) if NAME.fullmatch(path.stem)
                and (now - self._written(path.stem, now, path.suffix)).total_seconds() > KNOWN_S]

    def _written(self, name: str, otherwise: datetime, suffix: str = ".sealed") -> datetime:
        """The time of a file, where there is one."""
        try:
            return datetime.fromtimestamp((self.folder / f"{name}{suffix}").stat().st_mtime, UTC)
        except OSError:
            return otherwise

    async def _there(self) -> list[tuple[datetime, a.EvidenceKept]]:
        found: dict[str, tuple[datetime, a.EvidenceKept]] = {}
        for entry in await self.ledger.kept():
            match entry.fact:
                case a.EvidenceKept(size=size) as kept if size:
                    found[kept.evidence] = entry.at, kept
                case a.EvidenceErased(evidence):
                    found.pop(evidence, None)
        return list(found.values())

    async def _open(self, name: str, who: str, pin: str, why: str) -> Reply:
        """The access is in the journal before anything is handed out."""
        if not 3 <= len(why) <= MOST_WHY or not why.isprintable():
            raise RequestError(f"why must say in 3 to {MOST_WHY} characters for what the clip is needed.")
        if name not in {one.evidence for _, one in await self._there()}:
            raise RequestError(f"There is no clip {name[:40]!r}; guard-evidence list tells which there are.")
        await self._admit(who, pin)
        try:
            box = await asyncio.to_thread(self._path(name).read_bytes)
            camera, frames = await asyncio.to_thread(opened, box, name, self.private)
        except OSError as error:
            raise RequestError(f"The clip {name} cannot be read: {error.strerror}.") from None
        except SealError as error:
            raise RequestError(str(error)) from None
        await self.ledger.append("", a.EvidenceOpened(name, who, why))
        shown = [[t, base64.b64encode(jpeg).decode()] for t, jpeg in frames]
        return {"camera": camera, "frames": shown}

    async def _admit(self, who: str, pin: str) -> None:
        """Only staff of this branch with their PIN; wrong ones count towards the lock of the maintenance mode."""
        member = next((each for each in self.staff if each.id == who), None)
        if member is None:
            raise RequestError("Only staff of this branch may open evidence; name yourself with --staff.")
        answer = await self.check("", c.CheckPin(member.card, pin))
        if answer is not None:
            await self.ledger.append("", answer)
        if not isinstance(answer, c.StaffAdmitted):
            raise RequestError("The PIN is wrong, or the badge is locked for now.")

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.sealed"
