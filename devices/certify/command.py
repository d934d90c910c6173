"""What `main.py devices` does: list, probe, certify. Of the branch it knows what the hall tells it."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Protocol

import typer

from devices.certify import reports
from devices.certify.hands import Command, Nobody, Person, keyboard
from devices.certify.suite import KINDS, Subject, certify, device_of
from devices.certify.terms import Grade, Hands, Report
from devices.certify.where import FORMS, chosen, parameters, placed
from devices.pairing import Peer, barred, pairing
from devices.ports import Device, Status
from devices.supervisor import Supervisor


class Attended(Hands, Protocol):
    """Hands that bring their own peer."""

    async def start(self) -> dict[str, object]:
        """Start the peer; the options that lead to it."""

    async def stop(self) -> None:
        """Stop it."""


class Table(Protocol):
    """One `[devices.*]` table as the branch's configuration holds it."""

    @property
    def driver(self) -> str:
        """The word in the catalogue."""

    @property
    def simulated(self) -> bool:
        """Whether a peer of the bench stands there."""

    @property
    def wired(self) -> str | None:
        """`cabinet`, or nothing."""

    @property
    def options(self) -> Mapping[str, object]:
        """What the driver takes."""


class Configuration(Protocol):
    """branch.toml, under its overlays."""

    @property
    def devices(self) -> Mapping[str, Table]:
        """The tables by name."""

    @property
    def production(self) -> bool:
        """Whether open lines are barred."""


class Place(Protocol):
    """The folders of a run."""

    @property
    def run(self) -> Path:
        """Where a running branch has its sockets."""

    def load(self) -> Configuration:
        """The configuration, overlays included."""


@dataclass(frozen=True)
class Hall:
    """What main.py knows: a branch's file and folders, a fault and its remedy in words, the bench's attendants."""

    config: Path
    place: Callable[[Path, Path | None], Place]
    words: Callable[[str], tuple[str, str]]
    attendant: Callable[[str, str, Path], Attended]


class Branch:
    """The devices of one branch: tables as the catalogue takes them, who stands behind each, and who holds them."""

    def __init__(self, place: Place) -> None:
        branch = place.load()
        self.tables = {
            name: {"driver": each.driver, "simulated": each.simulated, **each.options}
            for name, each in branch.devices.items()
        }
        self.peers = {name: Peer(each.driver, each.options, each.wired) for name, each in branch.devices.items()}
        self.production = branch.production
        self.running = str(place.run / "link.sock") in Path("/proc/net/unix").read_text(encoding="utf-8")


ConfigFile = Annotated[Path | None, typer.Option("--config", help="branch.toml of this branch")]
RunDir = Annotated[Path | None, typer.Option("--run-dir", help="the folder of a running branch or bench")]
AsJson = Annotated[bool, typer.Option("--json", help="one JSON object")]


def verbs_of(hall: Hall) -> typer.Typer:
    """The verbs of `main.py devices`."""
    verbs = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)

    @verbs.command("list")
    def list_devices(
        config: ConfigFile = None, run_dir: RunDir = None, as_json: AsJson = False,
        drivers: Annotated[bool, typer.Option("--drivers", help="every driver of the catalogue instead")] = False,
    ) -> None:  # fmt: skip
        """The devices of this branch, or every driver that there is."""
        rows = reports.drivers() if drivers else listed(Branch(hall.place(config or hall.config, run_dir)))
        typer.echo(json.dumps(rows, ensure_ascii=False) if as_json else reports.table(rows))

    @verbs.command("probe")
    def probe_devices(
        name: Annotated[str, typer.Argument(help="one device; all without a name")] = "",
        config: ConfigFile = None, run_dir: RunDir = None, as_json: AsJson = False,
    ) -> None:  # fmt: skip
        """Open each device once, ask it for its state, close it; exit code 1 where one cannot be used."""
        found = asyncio.run(probed(Branch(hall.place(config or hall.config, run_dir)), name))
        probes = [reports.probe(each, status, hall.words) for each, status in found.items()]
        shown = [reports.row(each) for each in probes]
        typer.echo(json.dumps(probes, ensure_ascii=False) if as_json else reports.table(shown))
        raise SystemExit(0 if all(status.usable for status in found.values()) else 1)

    add_certify(verbs, hall)
    return verbs


def add_certify(verbs: typer.Typer, hall: Hall) -> None:
    """The verb with the most to say."""

    @verbs.command("certify")
    def certify_device(  # noqa: PLR0913, PLR0917  # each option of a command line is a parameter
        kind: Annotated[str, typer.Argument(help=", ".join(KINDS))],
        at: Annotated[str, typer.Option(help=FORMS)] = "",
        driver: Annotated[str, typer.Option(help="the catalogue's word; see list --drivers")] = "",
        option: Annotated[list[str] | None, typer.Option(help="key=value for the driver, as often as needed")] = None,
        as_json: AsJson = False,
        report: Annotated[Path | None, typer.Option(help="write the report as JSON to this file, too")] = None,
        assist: Annotated[str, typer.Option(help="a program that does what a person would be asked to do")] = "",
        bench: Annotated[bool, typer.Option("--bench", help="against the bench's own peer")] = False,
        rule: Annotated[list[str] | None, typer.Option(help="this rule only, as often as needed")] = None,
    ) -> None:  # fmt: skip
        """Run the contract suite of a kind and print a graded report; exit code 1 where it is not certified."""
        asked = Asked(kind, driver, at, tuple(option or ()), assist, bench, frozenset(rule or ()), as_json)
        raise SystemExit(0 if examine(hall, asked, report) is not Grade.NOT else 1)


def listed(branch: Branch) -> list[dict[str, str]]:
    """One row for each device."""
    return [
        {
            "name": name, "kind": name if name in KINDS else "?", "driver": peer.driver,
            "transport": reports.transport(peer.options), "simulated": reports.yes(branch.tables[name]["simulated"]),
            "line": pairing(peer).value,
        }
        for name, peer in branch.peers.items()
    ]  # fmt: skip


async def probed(branch: Branch, name: str) -> dict[str, Status]:
    """What each device (or one) says of itself now; ValueError where the running branch holds its line."""
    if name and name not in branch.tables:
        raise ValueError(f"{name}: no device of this branch; it has {', '.join(branch.tables) or 'none'}")
    names = [name] if name else list(branch.tables)
    for each in names:
        if branch.running and reports.exclusive(branch.peers[each].options):
            raise ValueError(
                f"[devices.{each}] is held by the running branch, and a serial port has one holder; stop the branch "
                "first, or read its state on the status page"
            )
    devices: list[Device] = [device_of(each, branch.tables[each]) for each in names]
    keeper = Supervisor(devices, barred=barred(branch.peers, branch.production))
    try:
        return dict(zip(names, await asyncio.gather(*(keeper.ready(each) for each in names)), strict=True))
    finally:
        await keeper.stop()


@dataclass(frozen=True)
class Asked:
    """What was written on the command line."""

    kind: str
    driver: str
    at: str
    options: tuple[str, ...]
    assist: str
    bench: bool
    rules: frozenset[str]
    as_json: bool

    def check(self) -> None:
        """ValueError in one sentence for what cannot be done."""
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind}: no kind of device; use one of {', '.join(KINDS)}")
        if self.word not in KINDS[self.kind].drivers:
            known = ", ".join(KINDS[self.kind].drivers)
            raise ValueError(f"--driver {self.word}: no driver of a {self.kind}; use one of {known}")
        if bool(self.at) == self.bench:
            raise ValueError(f"certify needs either --at ({FORMS}) or --bench")
        unknown = self.rules - {rule.id for rule in KINDS[self.kind].rules}
        if unknown:
            raise ValueError(f"--rule {min(unknown)}: no rule of a {self.kind}")

    @property
    def word(self) -> str:
        """The driver that is meant."""
        return self.driver or KINDS[self.kind].word


def examine(hall: Hall, asked: Asked, file: Path | None) -> Grade:
    """Certify, print, write."""
    asked.check()
    logging.getLogger("pymodbus").setLevel(logging.CRITICAL)  # it tells of every frame that this suite spoils
    found = asyncio.run(_certified(hall, asked))
    whole = json.dumps(reports.as_json(found), ensure_ascii=False, indent=2)
    if file is not None:
        file.write_text(whole + "\n", encoding="utf-8")
    typer.echo(whole if asked.as_json else reports.summary(found))
    return found.grade


async def _certified(hall: Hall, asked: Asked) -> Report:
    takes = parameters(KINDS[asked.kind].drivers[asked.word])
    more = chosen(asked.options, takes)
    told = reports.silent if asked.as_json else reports.line
    async with _other_end(hall, asked) as (hands, options, baud):
        at = asked.at or "the bench"
        subject = Subject(asked.kind, asked.word, {**options, **more}, at, baud)
        return await certify(subject, hands, told, asked.rules, patient=isinstance(hands, Person))


@asynccontextmanager
async def _other_end(hall: Hall, asked: Asked) -> AsyncIterator[tuple[Hands, dict[str, object], int]]:
    """Who stands there, and how to get there."""
    if not asked.bench:
        options, baud = placed(asked.at, parameters(KINDS[asked.kind].drivers[asked.word]))
        present = sys.stdin.isatty() and not asked.as_json
        yield Command(asked.assist) if asked.assist else Person(keyboard) if present else Nobody(), options, baud
        return
    with tempfile.TemporaryDirectory(prefix="certify-") as folder:
        try:
            peer = hall.attendant(asked.kind, asked.word, Path(folder))
        except ModuleNotFoundError:
            raise ValueError("--bench: this package holds no bench; name a device with --at") from None
        try:
            yield peer, {**await peer.start(), "simulated": True}, 9600
        finally:
            await peer.stop()
