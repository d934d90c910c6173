"""What `main.py guard-evidence` does: asks the running branch for its clips; nothing is opened without the journal."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Sequence
from getpass import getpass
from pathlib import Path
from typing import Annotated, Any, Protocol

import typer

from devices.ports import DeviceFault

ANSWER_S = 30.0


class Road(Protocol):
    """A client of the branch's evidence socket."""

    async def open(self) -> None:
        """Connect."""

    async def close(self) -> None:
        """Hang up."""

    async def ask(self, do: str, timeout_s: float, **fields: object) -> dict[str, Any]:
        """One request."""


Film = Callable[[Sequence[tuple[float, bytes]], Path], None]
RunDir = Annotated[Path | None, typer.Option("--run-dir", help="sockets of the running branch")]


def verbs(run_of: Callable[[Path | None], Path], road: Callable[[str], Road], film: Film) -> typer.Typer:
    """The verbs `list` and `open`."""
    app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)

    @app.command("list")
    def listed(run_dir: RunDir = None) -> None:
        """Every clip that is kept, oldest first."""
        clips = ask(road, run_of(run_dir), "list")["clips"]
        for clip in clips:
            typer.echo(f"{clip['evidence']}  {clip['kept_at']}  {clip['camera']}  {clip['frames']} frames")
        typer.echo(f"{len(clips)} clips")

    @app.command("open")
    def opened(
        evidence: Annotated[str, typer.Argument(help="the clip's id")],
        staff: Annotated[str, typer.Option(help="your id in branch.toml")],
        why: Annotated[str, typer.Option(help="for what the clip is needed; written into the journal")],
        out: Annotated[Path, typer.Option(help="the video to write")] = Path("evidence.mp4"),
        run_dir: RunDir = None,
    ) -> None:
        """Be handed one clip as a video; your PIN is asked, and the journal says who saw it and why."""
        if out.exists():
            raise ValueError(f"{out} exists already; name another file with --out.")
        answer = ask(road, run_of(run_dir), "open", evidence=evidence, staff=staff, pin=getpass("PIN: "), why=why)
        film([(float(t), base64.b64decode(jpeg)) for t, jpeg in answer["frames"]], out)
        typer.echo(f"{out}: {len(answer['frames'])} frames of camera {answer['camera']}")

    return app


def ask(road: Callable[[str], Road], run: Path, do: str, **fields: object) -> dict[str, Any]:
    """One answer of the running branch; ValueError in one sentence."""
    async def once() -> dict[str, Any]:
        client = road(str(run / "evidence.sock"))
        try:
            await client.open()
            return await client.ask(do, ANSWER_S, **fields)
        finally:
            await client.close()

    try:
        return asyncio.run(once())
    except DeviceFault as fault:
        if fault.code == "disconnected":
            raise ValueError(f"{run / 'evidence.sock'}: no branch answers; start it, or name its --run-dir.") from None
        raise ValueError(fault.detail) from None
