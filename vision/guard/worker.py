"""The guard process: one process per camera, kept alive, behind one Unix socket; no picture ever comes in here.

Requests: {"id": 1, "do": "status"} · {"id": 2, "do": "events", "after": 0, "wait_s": 20} (answered as soon as there is
news, or after that time) ·
{"id": 3, "do": "acknowledge", "camera": "dock", "kind": "collision", "since": 1780000000, "until": 1780000060}
(what became critical there in that time, UTC seconds, is seen to; without bounds all of it) ·
{"id": 4, "do": "staff", "on": true} ·
{"id": 5, "do": "key", "public": hex} (whom evidence is sealed for) · {"id": 6, "do": "commission", "camera": "dock"} ·
{"id": 7, "do": "signs", "camera": "lobby", "signs": ["phone_at_ear"], "for_s": 5} (what a detector that knows such
signs sees of whoever stands there; it is forgotten after that time, told as what stands now, and never kept).
A camera whose process is silent for STALL_S raises `vision_stalled`, is ended after KILL_S and started again alone. One
whose floor file or net cannot be used raises it too, its status says why, and is tried again until it can.
"""
import asyncio
import json
import os
import secrets
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vision.guard.floor import FloorError
from vision.guard.latch import Latches, Release, release_of
from vision.guard.records import Level
from vision.guard.roster import Roster
from vision.serve import Reply, RequestError, check_path, serve, until_told

#: Seconds without a sign of life: until it is told, until the process is ended, and what a new one may take to begin.
STALL_S, KILL_S, START_S = 1.0, 3.0, 20.0
#: On a machine too busy for that, each start is given twice as long as the last, up to this.
LONGEST_START_S = 160.0
#: Seconds after which a camera that gives nothing gets a new process, and before any is started again.
DEAD_S, PAUSE_S, LONGEST_PAUSE_S = 30.0, 0.15, 10.0
LOOK_S, LONGEST_WAIT_S, KEPT, MOST_NEWS = 0.2, 30.0, 1000, 50
#: Seconds after which floors that cannot be used are looked at again.
AGAIN_S = 10.0
#: Seconds that a process has for its end: what there is of a clip is sealed meanwhile.
END_S = 4.0
STALLED = "vision_stalled"
#: Where a camera's process finds its stream when floor.toml does not say it: its password is in no list of processes.
SOURCE = "GUARD_SOURCE"
#: What may be told of whoever stands in the lobby, and the longest that one word of it holds. No net of ours sees any.
SIGNS, LONGEST_SIGN_S = ("phone_at_ear", "sunglasses", "headwear", "second_face"), 10.0
#: What a sign of life tells that the status passes on.
FIGURES: tuple[str, ...] = ("fps", "took_ms", "rss_mb", "cpu_s", "idle", "commissioned", "frames", "looked")
Json = dict[str, Any]
Tell = Callable[[Json], None]


@dataclass
class Post:
    """One camera: its process, its last sign of life, and what stands."""
    name: str
    argv: Sequence[str]
    tell: Tell
    source: str = ""
    unfit: str = ""
    orders: Json = field(default_factory=dict)
    beat: Json = field(default_factory=dict)
    faults: set[str] = field(default_factory=set)
    held: Latches = field(default_factory=Latches)
    process: asyncio.subprocess.Process | None = None
    _beat_at: float = field(default_factory=time.monotonic)
    _began_at: float = field(default_factory=time.monotonic)
    _dead_at: float | None = None
    _grace: float = START_S
    _ever: bool = False
    _signs: tuple[frozenset[str], float] = (frozenset(), 0.0)
    _told_signs: frozenset[str] = frozenset()
    _owed: set[str] = field(default_factory=set)

    async def keep(self) -> None:
        """Start the process, listen to it, start it again; for ever."""
        pause = PAUSE_S
        while True:
            self.process = await asyncio.create_subprocess_exec(
                *self.argv, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=1 << 20,
                env={**os.environ, SOURCE: self.source})
            self._began_at, self._dead_at = time.monotonic(), None
            begun = self._began_at
            self.order(self.orders)
            try:
                await self._listen()
            finally:
                await self.end()
            self._owe_nothing()
            self._grace = START_S if self._beat_at > begun else min(2 * self._grace, LONGEST_START_S)
            pause = PAUSE_S if time.monotonic() - begun > START_S else min(2 * pause, LONGEST_PAUSE_S)
            await asyncio.sleep(pause)

    async def watch(self) -> None:
        """Look for signs of life; for ever."""
        while True:
            await asyncio.sleep(LOOK_S)
            now = time.monotonic()
            self._tell_signs()
            silent, young = now - self._beat_at, now - self._began_at < self._grace
            if silent > (STALL_S if self._ever else START_S) and STALLED not in self.faults:
                self._raise(STALLED)
            dead = self._dead_at is not None and now - self._dead_at > DEAD_S
            if (dead or (silent > KILL_S and not young)) and self.process is not None:
                self._kill()

    def order(self, order: Json) -> None:
        """Pass an order on; what lasts is told to the next process too."""
        self.orders |= {key: value for key, value in order.items() if key in ("key", "staff")}
        if self.process is not None and self.process.stdin is not None and order:
            with suppress(OSError, RuntimeError):
                self.process.stdin.write(json.dumps(order).encode() + b"\n")

    def acknowledge(self, release: Release) -> None:
        """Somebody has seen to it."""
        self.held.release(release)
        self.order({"acknowledge": release.document()})
        self.tell({})

    async def end(self) -> None:
        """Let the process end by itself, then make it."""
        process, self.process = self.process, None
        if process is None:
            return
        with suppress(OSError, RuntimeError):
            process.stdin.close()  # type: ignore[union-attr]  # it was made with a pipe
        try:
            async with asyncio.timeout(END_S):
                await process.wait()
        except TimeoutError:
            pass
        finally:
            with suppress(ProcessLookupError):
                process.kill()
        await process.wait()

    def see(self, signs: Sequence[str], for_s: float) -> None:
        """Signs that hold for so many seconds; none ends what held before."""
        if not set(signs) <= set(SIGNS) or not 0 <= for_s <= LONGEST_SIGN_S:
            raise RequestError(f"signs are {', '.join(SIGNS)}, for_s at most {LONGEST_SIGN_S:.0f}.")
        self._signs = frozenset(signs), time.monotonic() + for_s
        self._tell_signs()

    def signs(self) -> frozenset[str]:
        """What is seen now of whoever stands there."""
        words, until = self._signs
        return words if time.monotonic() < until else frozenset()

    def _tell_signs(self) -> None:
        """Only what stands has changed: nothing of it goes among the news that are kept."""
        if (now := self.signs()) != self._told_signs:
            self._told_signs = now
            self.tell({})

    def standing(self) -> Level:
        """What a lamp has to show for this camera."""
        if self.held:
            return Level.CRITICAL
        return max(Level[self.beat.get("standing", "NONE")], Level.WARNING if self.faults - {"camera_slow"}
                   else Level.NONE)

    def status(self) -> Json:
        """The camera's state in one word, and its figures."""
        beat = self.beat
        told = {key: beat[key] for key in FIGURES if key in beat}
        return {**told, "state": self._word(), "age_ms": round((time.monotonic() - self._beat_at) * 1000),
                "misfit": self.unfit or beat.get("misfit", ""), "standing": self.standing().name}

    def _word(self) -> str:
        if self.unfit:
            return "misfit"
        if STALLED in self.faults:
            return "stalled"
        if self.faults:
            return min(self.faults).removeprefix("camera_")
        return "ok" if self.beat.get("frames") else "starting"

    async def _listen(self) -> None:
        if self.process is None or self.process.stdout is None:
            return
        with suppress(ValueError, KeyError):  # whoever speaks otherwise is ended and started again
            while line := await self.process.stdout.readline():
                self._hear(json.loads(line))

    def _hear(self, said: Json) -> None:
        match said:
            case {"beat": dict(beat)}:
                self._live(beat)
            case {"event": dict(event)}:
                self._event(event)
            case {"unfit": str(why)}:
                self.cannot(why)
            case {"signs": list(signs), "for_s": int() | float() as for_s}:
                with suppress(RequestError, TypeError):
                    self.see(signs, for_s)
            case {"kept": dict(kept)}:
                self._owed.discard(kept["evidence"])
                self.tell({"kind": "evidence_kept", "camera": self.name, **kept})

    def cannot(self, why: str) -> None:
        """Its floor or its net cannot be used: it guards nothing, which is told at once."""
        self.unfit = why
        if STALLED not in self.faults:
            self._raise(STALLED)

    def _live(self, beat: Json) -> None:
        """A sign of life. Until a new process has seen a frame, what stood before stands."""
        before = (self.standing(), set(self.faults))
        self.beat, self._beat_at, self._ever, self.unfit = beat, time.monotonic(), True, ""
        found = set(beat["faults"])
        self.faults = found if beat["frames"] else (self.faults - {STALLED}) | found
        lost = "camera_lost" in found
        self._dead_at = (self._dead_at or time.monotonic()) if lost else None
        if (self.standing(), self.faults) != before:
            self.tell({})

    def _event(self, event: Json) -> None:
        """News, unless it is a fault that stands already."""
        if event["kind"].startswith("camera_"):
            if event["kind"] in self.faults:
                return
            self.faults.add(event["kind"])
        if event["level"] == Level.CRITICAL.name:
            self.held.hold(event["kind"], event["t"])
        if event["evidence"]:
            self._owed.add(event["evidence"])
        self.tell({**event, "camera": self.name})

    def _owe_nothing(self) -> None:
        """A process that was killed has taken its open clip with it: who was told of that evidence is told so."""
        while self._owed:
            self.tell({"kind": "evidence_kept", "camera": self.name, "evidence": self._owed.pop(),
                       "trouble": "the camera's process ended before it was sealed"})

    def _raise(self, kind: str) -> None:
        """An alarm about the camera's own process."""
        self.faults.add(kind)
        self.tell({"t": round(time.time(), 3), "kind": kind, "level": Level.WARNING.name, "ids": [], "classes": [],
                   "separation_m": None, "ttc_s": None, "probability": None, "zone": None, "camera": self.name,
                   "evidence": None, "at": time.monotonic()})

    def _kill(self) -> None:
        self._began_at, self._dead_at = time.monotonic(), None
        if self.process is not None:
            with suppress(ProcessLookupError):
                self.process.kill()


class Guarding:
    """Answers requests about every camera; news are numbered from 1 since this start (`boot`)."""

    def __init__(self, argvs: Mapping[str, Sequence[str]], sources: Mapping[str, str] | None = None,
                 unfit: Mapping[str, str] | None = None, now_unfit: Callable[[], Mapping[str, str]] = dict) -> None:
        self.boot, self.n = secrets.token_hex(4), 0
        self.news: deque[Json] = deque(maxlen=KEPT)
        self.posts = {name: Post(name, argv, self._tell, (sources or {}).get(name, "")) for name, argv in argvs.items()}
        self._now_unfit, self._told_unfit = now_unfit, dict(unfit or {})
        self.posts |= {name: Post(name, (), self._tell) for name in self._told_unfit}
        self._changed = asyncio.Condition()
        self._told = asyncio.Event()

    def _tell(self, news: Json) -> None:
        """Something has changed: an event, or (empty) only what stands."""
        self.n += 1
        if news:
            self.news.append({"n": self.n, **news})
        self._told.set()

    async def answer(self, request: Reply, client: object) -> Reply:
        """The fields of the reply to one request; RequestError for what it cannot do."""
        match request:
            case {"do": "status"}:
                return {"cameras": {name: post.status() for name, post in self.posts.items()}}
            case {"do": "events", "after": int(after), "wait_s": int() | float() as wait_s}:
                return await self._events(after, request.get("boot"), min(float(wait_s), LONGEST_WAIT_S))
            case {"do": "acknowledge", "camera": str(name)} if name in self.posts:
                self.posts[name].acknowledge(_release(request))
                return {}
            case {"do": "staff", "on": bool(on)}:
                return self._order({"staff": on})
            case {"do": "key", "public": str(public)} if _is_key(public):
                return self._order({"key": public})
            case {"do": "commission", "camera": str(name)} if name in self.posts:
                self.posts[name].order({"commission": True})
                return {}
            case {"do": "signs", "camera": str(name), "signs": list(signs), "for_s": int() | float() as for_s} if (
                name in self.posts and all(isinstance(each, str) for each in signs)
            ):
                self.posts[name].see(signs, float(for_s))
                return {}
        raise RequestError("do must be status, events, acknowledge, staff, key, commission or signs, with its fields.")

    def leave(self, client: object) -> None:
        """Nothing is kept of a client."""

    async def keep_going(self) -> None:
        """Keep every camera's process; end them all at the end."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._announce())
                for post in self.posts.values():
                    if post.name in self._told_unfit:
                        post.cannot(self._told_unfit[post.name])
                    else:
                        group.create_task(post.keep())
                        group.create_task(post.watch())
                group.create_task(self._renew())
        finally:
            for post in self.posts.values():
                await post.end()

    async def _renew(self) -> None:
        """Look again and again at floors that cannot be used; Renewed when one is mended."""
        while self._told_unfit:
            await asyncio.sleep(AGAIN_S)
            with suppress(FloorError):  # branch.toml contradicts what was mended: the cameras go on as they are
                if set(self._told_unfit) - set(self._now_unfit()):
                    raise Renewed

    async def _announce(self) -> None:
        """Wake whoever waits for news."""
        while True:
            await self._told.wait()
            self._told.clear()
            async with self._changed:
                self._changed.notify_all()

    async def _events(self, after: int, boot: object, wait_s: float) -> Reply:
        """News after that number; all that is kept, for a client of an earlier start."""
        known = after if boot == self.boot else 0
        with suppress(TimeoutError):
            async with asyncio.timeout(wait_s), self._changed:
                await self._changed.wait_for(lambda: self.n > known)
        news = [one for one in self.news if one["n"] > known]
        told = news[:MOST_NEWS]
        return {
            "boot": self.boot, "n": self.n if len(told) == len(news) else told[-1]["n"], "events": told,
            "standing": {name: post.standing().name for name, post in self.posts.items()},
            "faults": {name: sorted(post.faults) for name, post in self.posts.items()},
            "signs": {name: sorted(found) for name, post in self.posts.items() if (found := post.signs())},
        }  # fmt: skip

    def _order(self, order: Json) -> Reply:
        for post in self.posts.values():
            post.order(order)
        return {}


def _release(request: Reply) -> Release:
    try:
        return release_of(request)
    except ValueError as error:
        raise RequestError(str(error)) from None


def _is_key(text: str) -> bool:
    return len(text) == 64 and all(letter in "0123456789abcdef" for letter in text)


class Renewed(Exception):
    """A floor that could not be used can be now: whoever keeps this process starts it again with it."""


def run(roster: Callable[[], Roster], socket_path: Path, sources: Mapping[str, str]) -> int:
    """Be the guard process until SIGTERM or SIGINT (0), or until another roster holds (1); `sources` names the stream
    of a camera whose floor does not."""
    check_path(socket_path)

    async def work() -> None:
        first = roster()
        await serve(Guarding(first.argvs, sources, first.unfit, lambda: roster().unfit), socket_path)

    code = 0
    try:
        asyncio.run(until_told(work()))
    except* Renewed:
        code = 1
    finally:
        socket_path.unlink(missing_ok=True)
    return code
