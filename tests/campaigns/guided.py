"""Noise at the outside parsers that looks where it has got to: coverage-guided, by atheris, where that is installed.

The seeded noise of parsers.py can be repeated to the byte; this one finds what nobody thought of. Each parser has a
process of its own, which atheris ends: at the first exception that the parser does not document, at a message that
takes `SLOW_S` or at `MOST_MB` of memory. `python -m tests.campaigns.guided PARSER RUNS FOLDER` is one such process.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.branch import HOUSE, bound
from tests.campaigns.results import Results

RUNS, SLOW_S, MOST_MB, LONGEST = 20_000, 5, 1024, 4096
MISSING = (
    "guided: atheris is not installed, nothing was run; "
    "pip install --no-deps --target out/atheris atheris==3.0.0, then PYTHONPATH=out/atheris"
)


def message(case: Any, data: bytes) -> Any:
    """The message that these bytes stand for; where it has parts, the first byte chooses which of them is noise."""
    right, first, rest = case.right[0], data[:1] or b"\0", data[1:]
    if isinstance(right, bytes):
        return data
    if isinstance(right, str):
        return data.decode("latin-1")
    if isinstance(right, dict):
        keys = sorted(right)
        return {**right, keys[first[0] % len(keys)]: rest}
    kinds = sorted({each[0] for each in case.right})
    return (kinds[first[0] % len(kinds)] if len(kinds) > 1 else first[0] % 5, rest)


def seeds(case: Any) -> list[bytes]:
    """Bytes that stand for the right messages."""
    return [seed for right in case.right for seed in seeds_of(case, right)]


def seeds_of(case: Any, right: Any) -> list[bytes]:
    """Those of one right message; a document has one for each of its files."""
    if isinstance(right, bytes):
        return [right]
    if isinstance(right, str):
        return [right.encode("latin-1", "replace")]
    if isinstance(right, dict):
        return [bytes([at]) + right[key] for at, key in enumerate(sorted(right))]
    kinds = sorted({each[0] for each in case.right})
    return [bytes([kinds.index(right[0])]) + right[1]]


def target(case: Any) -> Callable[[bytes], None]:
    """What atheris calls: any exception that comes out is a finding."""

    def one(data: bytes) -> None:
        case.outcome(message(case, data))

    return one


def fuzz(name: str, runs: int, folder: Path) -> None:
    """One parser in this process, which ends in here."""
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["devices"]):
        cases = importlib.import_module("tests.campaigns.parser_cases").CASES
    case = next(each for each in cases if each.name == name)
    corpus = folder / "corpus" / name
    corpus.mkdir(parents=True, exist_ok=True)
    for at, seed in enumerate(seeds(case)):
        (corpus / f"right-{at}").write_bytes(seed)
    limits = (f"-runs={runs}", f"-max_len={LONGEST}", f"-timeout={SLOW_S}", f"-rss_limit_mb={MOST_MB}", "-seed=1")
    atheris.Setup([sys.argv[0], *limits, f"-artifact_prefix={folder}/{name}-", str(corpus)], target(case))
    atheris.Fuzz()


def run(name: str, runs: int, folder: Path) -> Mapping[str, Any]:
    """One parser in a process of its own, as one result."""
    begun = time.monotonic()
    words = [sys.executable, "-m", "tests.campaigns.guided", name, str(runs), str(folder)]
    ended = subprocess.run(bound(words), cwd=HOUSE, capture_output=True, text=True, errors="replace", check=False)
    done = re.search(r"Done (\d+) runs", ended.stderr)
    n, problems = int(done[1]) if done else 0, [] if done and not ended.returncode else [found(ended.stderr)]
    return {"case": name, "n": n, "outcome": [], "problems": problems, "seconds": round(time.monotonic() - begun, 1)}


def found(said: str) -> str:
    """The line that says what went wrong."""
    lines = [line for line in said.splitlines() if re.match(r"[\w.]*(?:Error|Exception|Warning)\b|ERROR|==\d+==", line)]
    return (lines or said.splitlines()[-1:] or ["ended without a word"])[0][:300]


def evidence(folder: Path, names: Sequence[str], runs: int, say: Callable[[str], object]) -> bool:
    """So many guided messages at each of these parsers, resumed; True when nothing was found or could be run."""
    if importlib.util.find_spec("atheris") is None:
        say(MISSING)
        return True
    results, place = Results(folder, "guided"), folder / "guided"
    for name in names:
        if name not in results.rows:
            row = dict(run(name, runs, place))
            results.add(row)
            say(f"{name}: n = {row['n']}: {'; '.join(row['problems']) or 'well'} ({row['seconds']:.0f} s)")
    n = sum(row["n"] for row in results.rows.values())
    say(f"guided: n = {n}, code {results.code}; parsers in which something was found: {len(results.bad)}")
    return not results.bad


if __name__ == "__main__":
    fuzz(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
