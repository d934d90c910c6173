"""Where a planted secret could have been left: files, write-ahead log, logs, feed, memory dumps, paper."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import re
import socket
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from urllib.request import urlopen

import numpy as np
import numpy.typing as npt
from PIL import Image

from devices.bench.client import BenchClient
from tests.branch import HOUSE, Branch

Json = dict[str, Any]
#: Files of the run directory that are the bench's, or this campaign's own note of what was laid out.
PAPER = "paper.jsonl"
BENCH = {
    "bank-book.jsonl", "intake-book.jsonl", "terminal-book.jsonl", "bench.toml", "bank-switch.key", "local.toml", PAPER,
}  # fmt: skip
#: What the feed offers at rest.
PAGES = ("status.json", "metrics", "")


def spelt(secret: str) -> list[bytes]:
    """The ways in which a text could have been left behind."""
    raw = secret.encode()
    bases = [base64.b64encode(raw[shift:])[:-4].rstrip(b"=") for shift in range(3)]
    grouped = [sign.join(secret[at : at + 4] for at in range(0, len(secret), 4)).encode() for sign in "- "]
    escaped = [json.dumps(secret)[1:-1].encode(), quote(secret).encode()]
    found = [raw, secret.encode("utf-16-le"), raw.hex().encode(), raw.hex().upper().encode(), *escaped]
    found += grouped if secret.isdigit() and len(secret) > 6 else []
    return list(dict.fromkeys([*found, *(each for each in bases if len(each) >= 8)]))


def needles(secrets: Iterable[str]) -> list[bytes]:
    """Every spelling of every secret."""
    return [each for secret in secrets for each in spelt(secret)]


def on_disk(branch: Branch) -> Iterator[tuple[str, bytes]]:
    """Every file under the run directory (store, write-ahead log, logs, temporary files) that is not the bench's."""
    for path in sorted(branch.run.rglob("*")):
        if path.is_file() and path.name not in BENCH:
            with contextlib.suppress(OSError):
                yield path.relative_to(branch.run).as_posix(), path.read_bytes()


def on_the_feed(branch: Branch, pages: Iterable[str] = PAGES) -> Iterator[tuple[str, bytes]]:
    """What the branch tells whoever watches it: these of its pages."""
    address = feed(branch)
    for page in pages:
        with urlopen(f"{address.rstrip('/')}/{page}", timeout=5) as answer:  # noqa: S310  # the branch's own address
            yield f"feed /{page}", answer.read()


def feed(branch: Branch) -> str:
    """Where the branch tells how it is."""
    return (branch.run / "feed").read_text(encoding="utf-8").strip()


def events(address: str) -> bytes:
    """What the event stream tells from its beginning."""
    where, heard = urlsplit(address), b""
    with socket.create_connection((where.hostname or "", where.port or 0), 5) as line:
        line.sendall(b"GET /events HTTP/1.1\r\nHost: branch\r\nLast-Event-ID: 0\r\n\r\n")
        line.settimeout(0.4)
        with contextlib.suppress(TimeoutError):
            while data := line.recv(65536):
                heard += data
    return heard


def dumps(*folders: Path) -> list[Path]:
    """Memory dumps in these folders, as the kernel names them (core, core.123)."""
    return [path for folder in folders for path in folder.glob("core*") if re.fullmatch(r"core(\.\d+)?", path.name)]


def dumped() -> Iterator[tuple[str, bytes]]:
    """A dump of a process of this house, read and taken away."""
    for path in dumps(HOUSE):
        if path.is_file():
            yield f"a dump, {path.name}", path.read_bytes()
            path.unlink()


def standing(secrets: Iterable[str], places: Iterable[tuple[str, bytes]]) -> list[str]:
    """Where a secret stands; the report names the place, never the secret."""
    sought = needles(secrets)
    return [f"a planted secret stands in {name}" for name, data in places if any(each in data for each in sought)]


# Paper


def ink(dots: npt.NDArray[np.bool_]) -> str:
    """What is printed, by hash, without the white around it."""
    black = np.argwhere(dots)
    if not len(black):
        return ""
    (top, left), (bottom, right) = black.min(axis=0), black.max(axis=0) + 1
    cut = np.ascontiguousarray(dots[top:bottom, left:right])
    return hashlib.sha256(f"{cut.shape}".encode() + np.packbits(cut).tobytes()).hexdigest()


def pages(bench: BenchClient) -> Iterator[tuple[str, str]]:
    """Every page that came out of the bench's printers: its place, and what is printed on it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.png"
        for printer, sizes in bench.do("state")["pages"].items():
            for index in range(len(sizes)):
                bench.do("page", printer=printer, index=index, path=str(path))
                with Image.open(path) as image:
                    yield f"{printer}, page {index + 1}", ink(np.asarray(image.convert("L")) < 128)


def laid_out(branch: Branch) -> dict[str, str]:
    """The text of every picture that the core laid out, by what is printed."""
    path = branch.run / PAPER
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {row["ink"]: row["text"] for row in map(json.loads, lines)}


def on_paper(branch: Branch, bench: BenchClient, secrets: Iterable[str], since: int = 0) -> tuple[list[str], int]:
    """Where a secret stands on paper other than masked, and pages whose text nobody knows; how many pages there are.

    Text is compared without blanks and hyphens, so that a number broken over lines or groups is found too.
    """
    known, problems, count = laid_out(branch), list[str](), 0
    plain = [bare(secret) for secret in secrets]
    for place, printed in list(pages(bench))[since:]:
        count += 1
        if printed not in known:
            problems.append(f"{place}: printed, and no layout is known that drew it")
        elif any(secret in bare(known[printed]) for secret in plain):
            problems.append(f"a planted secret stands on paper: {place}")
    return problems, since + count


def bare(text: str) -> str:
    """Letters and digits alone."""
    return re.sub(r"[\s\-·:]", "", text)
