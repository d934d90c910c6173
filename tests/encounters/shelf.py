"""Results that were computed already, one JSON line a seed: a campaign that was interrupted goes on where it stopped.

They lie in a folder named by the rules, the tracker and the simulator that made them, so that none outlives a change.
"""
import hashlib
import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from multiprocessing import Pool
from pathlib import Path
from typing import Any, TypeVar

from tests.encounters.hours import Spell
from tests.encounters.score import Score

#: Where results come from; of these packages what is only shown or kept, and what watches places, changes none.
SOURCES = ("vision.guard", "tests.encounters")
ASIDE = ("tables", "pictures", "shelf", "presence", "places", "zones", "latch")
Result = TypeVar("Result", Score, Spell)


def fingerprint() -> str:
    """Of every source that is imported and that a result depends on."""
    paths = {Path(module.__file__ or "") for name, module in list(sys.modules.items())
             if name.startswith(SOURCES) and name.rpartition(".")[2] not in ASIDE}
    digest = hashlib.sha256()
    for path in sorted({*paths, Path(__file__).with_name("__main__.py")}):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def shelf(folder: Path, name: str) -> Path:
    """The file of these results."""
    path = folder / fingerprint() / f"{name}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def kept(path: Path, kind: type[Result]) -> dict[int, Result]:
    """The results there are; a line cut short by an interruption counts for nothing."""
    found: dict[int, Result] = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        try:
            row: dict[str, Any] = json.loads(line)
        except ValueError:
            continue
        found[row["seed"]] = kind(**row["result"])
    return found


def everyone(work: Callable[[int], Result], kind: type[Result], seeds: Iterable[int], path: Path, jobs: int
             ) -> list[Result]:
    """The results of all seeds in their order, each computed once, in this process or in several."""
    wanted, found = list(seeds), kept(path, kind)
    missing = [seed for seed in wanted if seed not in found]
    with path.open("a", encoding="utf-8") as file:
        file.write("\n")  # what was cut short stays a line of its own
        for seed, result in _computed(work, missing, jobs):
            found[seed] = result
            file.write(json.dumps({"seed": seed, "result": asdict(result)}) + "\n")
            file.flush()
    return [found[seed] for seed in wanted]


def _computed(work: Callable[[int], Result], seeds: list[int], jobs: int) -> Iterable[tuple[int, Result]]:
    if jobs == 1:
        yield from ((seed, work(seed)) for seed in seeds)
        return
    with Pool(jobs) as pool:
        yield from zip(seeds, pool.imap(work, seeds, chunksize=5), strict=True)
