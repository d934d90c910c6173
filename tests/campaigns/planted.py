"""Made-up people show made-up documents, move money and apply while the core is killed with SIGKILL; then every byte it
left is searched, at the instant of the kill and again at the end of the visit.

National numbers, licence numbers, names, telephones, accounts, card numbers, PINs, signatures, and the numbers and
machine-readable zones of passports that are read by their chip (through pcscd and vpcd, where the machine can have
them) are planted. They may stand nowhere: not in the store, its write-ahead log, the logs, temporary files, the run
directory, the feed, a memory dump; and on paper only masked. The store is then opened with its own key: what is sealed
to a visit may hold the account that was paid, its owner and a telephone, and nothing else of it may stand anywhere. The
bench's own books, which are not the product's, are left out. What a printer drew is compared by its dots with what the
core laid out, and that by its words.
"""

from __future__ import annotations

import json
import random
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from devices.bench.authority import Authority
from devices.bench.bank import CARDS, HOLDERS
from devices.bench.client import BenchClient
from tests import pcsc
from tests.branch import Branch, until
from tests.campaigns import planted_search as search
from tests.campaigns.planted_people import Person, made_up
from tests.campaigns.planted_store import in_store, opened
from tests.campaigns.planted_visit import ERRANDS, Hand, Visitor
from tests.campaigns.results import Results

Json = dict[str, Any]
LOCAL = """[identity]
tries_a_number = 20
tries_an_hour = 500
commissioner = "welfare"
commissioner_ko = "보기복지관"
commissioner_en = "Example Welfare Office"

[devices.id_reader]
driver = "pcsc"
simulated = true
reader = "{reader}"
trust = "{trust}"
"""
#: Secrets that the bench itself brings.
STANDING = [*(card.pan for card in CARDS), *(card.pin for card in CARDS), *(each.number for each in HOLDERS)]
#: Of them, what may not even stand under a visit's key.
CARD_SECRETS = [*(card.pan for card in CARDS), *(card.pin for card in CARDS)]
#: Every so many visits everything planted so far is searched for, not this visit's alone.
WHOLE_EVERY = 20
#: Every so many visits the core is ended by a signal that dumps memory, too.
DUMP_EVERY = 10
READER_S = 30.0


class Planted(Branch):
    """A branch whose menu has the check for an intake too, with a reader that pcscd may come and go behind."""

    def __init__(self) -> None:
        super().__init__(measurer=False)
        self.authority = Authority(seed=7)
        self.authority.write_trust(self.run / "trust")
        (self.run / "tmp").mkdir()
        with (self.run / "local.toml").open("a", encoding="utf-8") as file:
            file.write(LOCAL.format(reader=pcsc.READER, trust=self.run / "trust"))
        self._dumps = resource.getrlimit(resource.RLIMIT_CORE)

    def __enter__(self) -> Planted:
        """Whoever starts the core lets it dump all it wants; it forbids that itself."""
        resource.setrlimit(resource.RLIMIT_CORE, (self._dumps[1], self._dumps[1]))
        super().__enter__()
        return self

    def __exit__(self, *why: object) -> None:
        super().__exit__(*why)
        resource.setrlimit(resource.RLIMIT_CORE, self._dumps)

    def command_line(self, name: str) -> list[str]:
        """The core by tests/campaigns/planted_core.py, its temporary files in the run directory."""
        if name != "core":
            return super().command_line(name)
        own = [f"TMPDIR={self.run / 'tmp'}", f"PAPER_NOTE={self.run / search.PAPER}"]
        return ["env", *own, sys.executable, "-m", "tests.campaigns.planted_core", name]


@contextmanager
def reader(wanted: bool) -> Iterator[int]:
    """The port of a slot behind a real pcscd, 0 where none is wanted or can be had."""
    if not wanted or pcsc.missing():
        yield 0
        return
    with pcsc.Daemon() as daemon:
        yield daemon.port


class Campaign:
    """One branch and its bench over many visits."""

    def __init__(self, branch: Planted, bench: BenchClient) -> None:
        self.branch, self.bench = branch, bench
        self.every, self.nowhere, self.pages, self.read = list[str](), list[str](), 0, 0

    def run(self, seed: int) -> Json:
        """One visit with one kill, searched twice."""
        begun, dice, problems = time.monotonic(), random.Random(seed), list[str]()
        person, errand, begun_at = made_up(dice), list(ERRANDS)[seed % len(ERRANDS)], self.read
        secrets, nowhere = [*person.secrets(), *STANDING], person.nowhere(errand)
        self.every += person.secrets()
        self.nowhere += nowhere
        self._introduce(person, seed)
        with reader(wanted=seed % 4 == 3 and errand != "account") as slot:
            visitor = Visitor(
                self.branch, self.bench, person, errand, dice, lambda: self._look(secrets, nowhere, problems)
            )
            try:
                if slot:
                    until(self._reader_answers, READER_S, "the branch has found its reader")
                    visitor.hand = Hand(slot, person.chip(self.branch.authority))
                visitor.go()
            except (TimeoutError, AssertionError) as error:
                problems.append(str(error))
            finally:
                visitor.close()
        dumped = seed % DUMP_EVERY == 0 and self._crash()
        whole = seed % WHOLE_EVERY == WHOLE_EVERY - 1
        pages = self._search([*self.every, *STANDING] if whole else secrets, problems)
        self.read = 0 if whole else self.read
        sought = ([*self.every, *STANDING], self.nowhere) if whole else (secrets, nowhere)
        entries = self._open(*sought, problems) - begun_at
        return {
            "case": str(seed), "errand": errand, "chip": visitor.hand.spoken if visitor.hand else 0,
            "seen": visitor.seen, "pages": pages, "entries": entries, "kills": visitor.kills, "crashed": dumped,
            "problems": problems, "s": round(time.monotonic() - begun, 1),
        }  # fmt: skip

    def _introduce(self, person: Person, seed: int) -> None:
        """The bank has the payee's account; every other person is known to the operator."""
        self.bench.do("open_account", bank="990", number=person.payee, name=person.payee_name)
        issued = f"{person.issued[:4]}-{person.issued[4:6]}-{person.issued[6:]}"
        for kind, number in (("resident_card", person.resident), ("licence", person.licence)):
            if seed % 2:
                self.bench.do("register", kind=kind, number=number, name=person.name, issued=issued)

    def _reader_answers(self) -> bool:
        """Whether the branch relies on its reader."""
        told = json.loads(dict(search.on_the_feed(self.branch, ("status.json",)))["feed /status.json"])
        return told["devices"]["id_reader"]["usable"] is True

    def _look(self, secrets: list[str], nowhere: list[str], problems: list[str]) -> None:
        """The disk at the instant of a kill, nothing runs but the bench; then the store, opened."""
        problems += search.standing(secrets, search.on_disk(self.branch))
        self._open(secrets, nowhere, problems)

    def _open(self, secrets: list[str], nowhere: list[str], problems: list[str]) -> int:
        """The store with its own key, its journal from the last entry that was read on; its newest entry."""
        store = opened(self.branch.state, self.read)
        problems += in_store(store, secrets, [*nowhere, *CARD_SECRETS])
        self.read = store.last
        return store.last

    def _crash(self) -> bool:
        """A signal that makes the kernel dump memory, with every limit of the shell lifted; then it starts again."""
        self.branch.stop("core", signal.SIGABRT)
        self.branch.start("core", self.branch.run / "link.sock")
        return True

    def _search(self, secrets: list[str], problems: list[str]) -> int:
        """Disk, feed, dumps and paper; how many pages are new."""
        stream = ("feed /events", search.events(search.feed(self.branch)))
        places = [*search.on_disk(self.branch), *search.on_the_feed(self.branch), stream]
        dumps = list(search.dumped())
        problems += [f"the core left {name}" for name, _ in dumps]
        problems += search.standing(secrets, [*places, *dumps])
        found, count = search.on_paper(self.branch, self.bench, secrets, self.pages)
        problems += found
        new, self.pages = count - self.pages, count
        return new


def evidence(folder: Path, count: int, say: Callable[[str], None]) -> bool:
    """The campaign in full, resumed where it stopped; True when nothing was found."""
    results = Results(folder, "planted")
    todo = [seed for seed in range(count) if str(seed) not in results.rows]
    if todo:
        with Planted() as branch, branch.bench() as bench:
            campaign = Campaign(branch, bench)
            for seed in todo:
                results.add(campaign.run(seed))
                say(f"planted {seed + 1}/{count}")
    rows = results.rows.values()
    kills, chips = sum(row["kills"] for row in rows), sum(row["chip"] > 0 for row in rows)
    pages, crashes = sum(row["pages"] for row in rows), sum(row["crashed"] for row in rows)
    entries = sum(row["entries"] for row in rows)
    say(f"planted: {len(rows)} visits ({chips} with a chip read), {kills} kills, {crashes} dumps provoked, {pages} "
        f"pages, {entries} entries of the opened store, {len(results.bad)} with something found or open")  # fmt: skip
    for row in results.bad[:20]:
        say(f"  {row['case']}: {row['problems'][:3]}")
    return not results.bad
