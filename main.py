"""The hall: the only file that knows everyone. Each verb imports what it needs, and nothing happens on import."""

from __future__ import annotations

import asyncio
import logging
import os
import resource
import sys
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from devices.bench.attendant import Attendant
    from kiosk.config import Branch
    from kiosk.core import Core
    from kiosk.journal import Journal
    from kiosk.processes import Child

HOUSE = Path(__file__).parent
app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
journal_app = typer.Typer(help="Read the journal.", no_args_is_help=True)
app.add_typer(journal_app, name="journal")
staff_app = typer.Typer(help="Who may open the maintenance mode.", no_args_is_help=True)
app.add_typer(staff_app, name="staff")

ConfigFile = Annotated[Path, typer.Option("--config", help="branch.toml of this branch")]
RunDir = Annotated[Path | None, typer.Option("--run-dir", help="sockets of this run (a short path)")]
StateDir = Annotated[Path, typer.Option("--state", help="store and keys of this branch")]
CONFIG, STATE = HOUSE / "config" / "branch.toml", Path("var")
SCREENS = {path.parent.name: path for path in sorted((HOUSE / "kiosk" / "services").glob("*/screens"))}


@dataclass(frozen=True)
class Where:
    """The files and folders of one run."""

    config: Path
    run: Path
    state: Path

    @property
    def overlay(self) -> Path:
        """What the bench writes over branch.toml."""
        return self.run / "bench.toml"

    def load(self) -> Branch:
        """The configuration, under what the bench and this run's own `local.toml` say over it."""
        from kiosk.config import load

        return load(self.config, [path for path in (self.overlay, self.run / "local.toml") if path.exists()])

    def journal(self, branch: Branch) -> Journal:
        """The store, opened for reading by a command of this hall."""
        from kiosk import alert, care
        from kiosk.facts import FACTS
        from kiosk.journal import Journal
        from kiosk.menu import services
        from kiosk.processes import Refused
        from kiosk.vault import Vault, load_master

        path = self.state / "branch.db"
        if not path.exists():
            raise Refused(
                f"{path}: there is no journal here yet; start the branch first (make run) or name its --state."
            )
        own = (kind for service in services(branch, False) for kind in service.facts)
        kinds = (*FACTS, *care.FACTS, *alert.FACTS, *own)
        return Journal(path, Vault(load_master(self.state / "keys" / "db.key", branch.production)), kinds)


def where(config: Path, run_dir: Path | None, state: Path) -> Where:
    """The folders of a run, made where missing; AF_UNIX takes at most 107 bytes of path."""
    from kiosk.processes import Refused, made

    run = run_dir or Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()) / f"branch-{os.getuid()}"
    if len(str(run.absolute())) > 80:
        raise Refused(f"--run-dir {run}: longer than 80 characters, too long for sockets; choose a shorter folder.")
    return Where(config.absolute(), made("--run-dir", run), made("--state", state))


# The processes


@app.command()
def core(config: ConfigFile = CONFIG, run_dir: RunDir = None, state: StateDir = STATE) -> None:
    """The core process: desk, journal, devices, feed."""
    from devices.catalog import TableError
    from kiosk.feed import FeedRefused
    from kiosk.processes import Refused, until_told

    branch = (place := where(config, run_dir, state)).load()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # no crash leaves memory on the disk
    try:
        asyncio.run(until_told(build_core(place, branch).run))
    except (TableError, FeedRefused) as fault:
        raise Refused(f"{branch.at(fault.key)}: {fault}") from fault


def build_core(place: Where, branch: Branch) -> Core:
    """The ring of this branch with its real drivers."""
    from devices.catalog import assemble
    from devices.pairing import Peer, barred
    from devices.supervisor import Supervisor
    from kiosk.core import Core, Crew, Places
    from kiosk.hands import Patience
    from kiosk.menu import maintenance, services
    from kiosk.vault import Vault, load_master
    from vision.measure.rig import known_rig

    tables = {name: each.table(place.run) for name, each in branch.devices.items()}
    devices = assemble(tables)
    peers = {name: Peer(each.driver, each.options, each.wired) for name, each in branch.devices.items()}
    keeper = Supervisor(devices.all(), barred=barred(peers, branch.production))
    crew = Crew(**{name: vars(devices)[name] for name in tables}, supervisor=keeper)
    menu = services(branch, (rig := known_rig(place.config.parent / "rig.toml")) is not None and rig.approved())
    vault = Vault(load_master(place.state / "keys" / "db.key", branch.production))
    places = Places(place.state / "branch.db", place.run / "link.sock", place.run / "feed")
    patience = Patience(pay=branch.send_parcel.pay_waits_s, **branch.patience.model_dump())
    printers = {name: (each.width_dots, each.dpi) for name, each in
                (("label_printer", devices.label_printer), ("receipt_printer", devices.receipt_printer))}  # fmt: skip
    box, doors = branch.upkeep.reference_mm, devices.locker.doors if devices.locker else 0
    return Core(branch, crew, menu, vault, places, patience, maintenance(printers, doors, rig.eyes if rig else (), box))


@app.command()
def measurer(config: ConfigFile = CONFIG, run_dir: RunDir = None, state: StateDir = STATE) -> None:
    """The measurer process: table cameras, tags, model, codes, preview."""
    from vision.measure import worker

    place = where(config, run_dir, state)
    worker.run(
        place.config.parent / "rig.toml", dict(place.load().cameras), place.run / "measurer.sock",
        place.run / "preview", HOUSE / "models", place.state / "rig-upkeep.json",
    )  # fmt: skip


@app.command("guard-process")
def guard_process(config: ConfigFile = CONFIG, run_dir: RunDir = None, state: StateDir = STATE) -> None:
    """The guard process: one process per floor camera, their alarms behind one socket."""
    from vision.guard import roster, worker

    place = where(config, run_dir, state)
    table = place.load().guard
    cameras = partial(roster.roster, table, place.config.parent, HOUSE / "models", place.state / "guard")
    sys.exit(worker.run(cameras, place.run / "guard.sock", table.sources))


@app.command()
def bench(run_dir: RunDir = None, state: StateDir = STATE, seed: int = 0, id_reader: bool = False) -> None:
    """The peers at the other end of every wire; everything they do is simulated."""
    from devices.bench import process

    place = where(CONFIG, run_dir, state)
    rig, book = HOUSE / "config" / "rig.toml", place.state / "terminal-book.jsonl"
    asyncio.run(process.run(place.run, seed, rig, book, id_reader))


@app.command()
def screen(config: ConfigFile = CONFIG, run_dir: RunDir = None, state: StateDir = STATE, full: bool = True) -> None:
    """The screen process: shows the view it is sent, sends back what the customer asks for."""
    from kiosk.ui.camera import PreviewFile
    from kiosk.ui.screen import run

    place = where(config, run_dir, state)
    look, panel = PreviewFile(place.run / "preview").newest, place.load().panel
    sys.exit(run(place.run / "link.sock", SCREENS, look, panel.px_per_mm, full, panel.earphones))


@app.command("bench-window")
def bench_window(run_dir: RunDir = None, state: StateDir = STATE) -> None:
    """The window beside the kiosk: put parcels, pay, tear off paper, order faults."""
    from devices.bench import window

    sys.exit(window.run(where(CONFIG, run_dir, state).run, HOUSE / "kiosk" / "ui" / "fonts"))


# The devices


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True}, add_help_option=False)
def devices(context: typer.Context) -> None:
    """List, probe or certify devices; `devices --help` tells how."""
    from devices.certify.command import Hall, verbs_of
    from kiosk.words import Words

    say, place = Words("en").say, partial(where, state=STATE)
    hall = Hall(CONFIG, place, lambda code: (say(f"fault.{code}"), say(f"remedy.{code}")), _attendant)
    verbs_of(hall)(context.args, prog_name="main.py devices")


def _attendant(kind: str, word: str, folder: Path) -> Attendant:
    from devices.bench.attendants import attendant

    return attendant(kind, word, folder)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True}, add_help_option=False)
def measure(context: typer.Context) -> None:
    """Measure a parcel from its pictures, or a folder of them; `measure --help` tells how."""
    from vision.measure.command import verb as measuring
    measuring(HOUSE / "models")(context.args, prog_name="main.py measure")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True}, add_help_option=False)
def guard(context: typer.Context) -> None:
    """Watch a floor in a video, a stream or a recorded track log; `guard --help` tells how."""
    from vision.guard.command import verb as guarding
    guarding(HOUSE / "models")(context.args, prog_name="main.py guard")


@app.command("guard-evidence", context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
             add_help_option=False)  # fmt: skip
def guard_evidence(context: typer.Context) -> None:
    """List the clips of the guard, or be handed one; `guard-evidence --help` tells how."""
    from devices.worker import Worker
    from kiosk.evidence_command import verbs
    from vision.guard.film import write_film

    clips = verbs(lambda run_dir: where(CONFIG, run_dir, STATE).run, Worker, write_film)
    clips(context.args, prog_name="main.py guard-evidence")


# The ID reader


@app.command("read-id")
def read_id(
    reader: Annotated[str, typer.Option(help="how the reader's PC/SC name begins")],
    trust: Annotated[Path, typer.Option(help="folder of CSCA certificates and master lists")],
    mrz: Annotated[str | None, typer.Option(help="better `-`, standard input: a command line is seen by all")] = None,
    can: Annotated[str | None, typer.Option(help="the six digits on the front")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,
    show_personal: Annotated[bool, typer.Option("--show-personal", help="names, numbers and dates too")] = False,
    within_s: Annotated[float, typer.Option(help="seconds for the card to come, and again for the reading")] = 20.0,
) -> None:
    """Read one document by its chip and say what the checks add up to; nothing is stored."""
    from devices.emrtd.report import access_key, sentence, text
    from devices.id_reader import PcscIdReader, read_once
    from devices.ports import DeviceFault
    from kiosk.processes import Refused

    key = access_key(sys.stdin.read(1000) if mrz == "-" else mrz, can)
    try:
        document = asyncio.run(read_once(PcscIdReader("id_reader", reader, str(trust)), key, within_s, within_s))
    except DeviceFault as fault:
        raise Refused(sentence(fault)) from fault
    typer.echo(text(document, as_json, show_personal))


@staff_app.command("add")
def staff_add(
    person: Annotated[str, typer.Option("--id", help="how the journal names this person")],
    role: Annotated[str, typer.Option(help="technician or officer")],
    reader: Annotated[str | None, typer.Option(help="how the reader's PC/SC name begins")] = None,
    card: Annotated[str | None, typer.Option(help="the badge's key instead of a reader, 64 hex digits")] = None,
    config: ConfigFile = CONFIG,
) -> None:
    """Print one person's [[staff]] table for branch.toml; asks the PIN twice and writes nothing."""
    from getpass import getpass

    from devices.id_reader import badge_on
    from kiosk import staffbook
    from kiosk.config import load

    known = load(config).staff
    staffbook.person(person, role, known)
    key = staffbook.badge(asyncio.run(badge_on(reader, 20.0)) if reader and not card else card or "", known)
    typer.echo(staffbook.entry(person, role, key, staffbook.pin_twice(getpass)))


# The journal


@journal_app.command("verify")
def journal_verify(config: ConfigFile = CONFIG, state: StateDir = STATE) -> None:
    """Walk the whole chain."""
    place = where(config, None, state)
    journal = place.journal(place.load())
    head = journal.verify()
    typer.echo(f"{head.seq} entries, chain whole, head {head.hash.hex()[-8:]}")


@journal_app.command("tail")
def journal_tail(config: ConfigFile = CONFIG, state: StateDir = STATE, n: int = 20) -> None:
    """The newest entries, without personal fields."""
    from kiosk.journal import jsonl

    place = where(config, None, state)
    journal = place.journal(place.load())
    for line in jsonl(journal.entries(max(0, journal.head.seq - n))):
        typer.echo(line)


# The supervisor


def verb(name: str, place: Where, *more: str, needs: Path | None = None) -> Child:
    """A verb of this file as a process of its own."""
    from kiosk.processes import Child

    config = [] if name in ("bench", "bench-window") else ["--config", str(place.config)]
    folders = ["--run-dir", str(place.run), "--state", str(place.state)]
    return Child(name, [sys.executable, str(HOUSE / "main.py"), name, *config, *folders, *more], needs=needs)


def household(place: Where, window: bool) -> list[Child]:
    """Every process of a branch, each waiting for what it needs; the bench stands in where no devices are named."""
    from kiosk.config import load

    branch_file = load(place.config)
    simulated = not branch_file.devices and not branch_file.production
    peers = [verb("bench", place, *(["--id-reader"] if window else []))] if simulated else []
    overlay = place.overlay if simulated else None
    eyes = [verb("guard-process", place, needs=overlay)] if branch_file.guard.floors or (simulated and window) else []
    branch = [*peers, verb("measurer", place, needs=overlay), *eyes, verb("core", place, needs=overlay)]
    if not window:
        return branch
    shown = [verb("screen", place, "--no-full", needs=place.run / "link.sock")]
    hands = [verb("bench-window", place, needs=place.run / "bench.sock")] if simulated else []
    return [*branch, *shown, *hands]


@app.command()
def run(config: ConfigFile = CONFIG, run_dir: RunDir = None, state: StateDir = STATE) -> None:
    """Open the branch; without a display walk one parcel through it and leave pictures."""
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        tour(config)
        return
    from kiosk.processes import supervise

    place = where(config, run_dir, state)
    for left in ("bench.toml", "link.sock", "bench.sock", "feed"):
        (place.run / left).unlink(missing_ok=True)
    sys.exit(asyncio.run(supervise(household(place, True))))


@app.command()
def tour(config: ConfigFile = CONFIG, out: Path = Path("out/tour"), docs: Path | None = None) -> None:
    """A scripted customer offscreen: pictures of every screen, receipt, label, and the journal; small for `docs`."""
    from devices.bench.client import BenchClient
    from kiosk.processes import Household
    from kiosk.ui.tour import Stage, shrink, walk_through

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("QT_QUICK_BACKEND", "software")
    with tempfile.TemporaryDirectory(prefix="tour-") as folder:
        place = where(config, Path(folder), Path(folder) / "var")
        with Household(household(place, False)) as running:
            running.wait_for(place.run / "link.sock")
            with BenchClient(place.run / "bench.sock") as peers:
                walk_through(Stage(SCREENS, place.run, place.load().panel.px_per_mm), peers.do, out)
            address = (place.run / "feed").read_text(encoding="utf-8").strip()
            _leave_journal(place, out)
    if docs is not None:
        shrink(out.glob("*.png"), docs)
    typer.echo(f"one parcel went through; the pictures lie in {out}/, the feed was at {address}")
    typer.echo("with a display, make run opens the branch and its bench in two windows")


def _leave_journal(place: Where, out: Path) -> None:
    from kiosk.journal import jsonl

    journal = place.journal(place.load())
    (out / "journal.jsonl").write_text("\n".join(jsonl(journal.entries())) + "\n", encoding="utf-8")
    journal.close()


def main() -> None:
    """Run a verb; what the operator must mend is one line on standard error and exit code 2."""
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s", stream=sys.stderr)
    try:
        app()
    except Exception as fault:
        if not _to_mend(fault):
            raise
        sys.stderr.write(f"{fault}\n")
        sys.exit(2)


def _to_mend(fault: Exception) -> bool:
    """Whether a fault is the operator's to mend: a plain ValueError is a wrong word of a command, but a process's own
    defect, which starts it again. Asked late, so that no verb waits for what it does not use."""
    from kiosk.config import ConfigError
    from kiosk.journal import ChainBroken, StoreRefused
    from kiosk.processes import NAMES, Refused
    from kiosk.vault import KeyRefused

    named = type(fault).__module__.partition(".")[0] in ("kiosk", "devices", "vision")
    wrong = isinstance(fault, ValueError) and (named or not {*sys.argv[1:2]} & {*NAMES})
    return wrong or isinstance(fault, Refused | ConfigError | KeyRefused | StoreRefused | ChainBroken)


if __name__ == "__main__":
    main()
