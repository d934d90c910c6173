"""What `main.py guard` does: a video, a stream or a recorded track log; events as JSON lines or as sentences."""
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Annotated

import typer

from vision.guard.floor import load_floor
from vision.guard.records import Event, read_log
from vision.guard.risk import Guard
from vision.guard.video import interruptible, watch
from vision.guard.zones import Plane


class GuardError(ValueError):
    """The command line asks for nothing that can be watched; the text is one sentence."""


def verb(models: Path) -> typer.Typer:
    """The verb `main.py guard`; models is where the nets lie unless another folder is named."""
    verbs = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

    @verbs.command()
    def guard(
        video: Annotated[str | None, typer.Argument(help="a video file, or a stream's address")] = None,
        tracks: Annotated[Path | None, typer.Option(help="a recorded track log, one JSON object a line")] = None,
        floor: Annotated[Path | None, typer.Option(help="floor.toml of the guarded floor; needed")] = None,
        jsonl: Annotated[bool, typer.Option("--jsonl", help="one JSON object per event")] = False,
        picture: Annotated[Path | None, typer.Option(help="a film with boxes and the floor map, for people")] = None,
        models: Annotated[Path, typer.Option(help="folder of the nets and their manifest")] = models,
    ) -> None:
        """What the guard says of a video or a recorded track log. A warning and evidence aid, no safety component."""
        if floor is None:
            raise GuardError("Name the floor file of the guarded floor with --floor.")
        if (tracks is None) == (video is None):
            raise GuardError("Name either a video or, with --tracks, a recorded track log.")
        if tracks is not None and picture is not None:
            raise GuardError("A track log holds no pictures; leave --picture out, or name a video.")
        known = load_floor(floor)

        def tell(event: Event) -> None:
            typer.echo(event.line() if jsonl else sentence(event, UTC if video else known.plane.timezone))

        if video is not None:
            with interruptible():
                watch(video, known, models, tell, picture)
            return
        for event in events_of(tracks or Path(), known.plane):
            tell(event)

    return verbs


def events_of(tracks: Path, plane: Plane) -> list[Event]:
    """Every event of a track log that is good to its end; GuardError or RecordError when it is not."""
    guard = Guard(plane)
    try:
        with tracks.open(encoding="utf-8") as lines:
            return [event for frame in read_log(lines) for event in guard.step(frame)]
    except FileNotFoundError:
        raise GuardError(f"{tracks} does not exist; name a recorded track log.") from None
    except OSError as error:
        raise GuardError(f"{tracks} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise GuardError(f"{tracks} is not a track log: it is no UTF-8 text; record it with one JSON object a line.") \
            from None


def sentence(event: Event, timezone: tzinfo) -> str:
    """An event for people, in the floor's local time."""
    when = Plane((), timezone).local(event.t).strftime("%H:%M:%S.%f")[:-5]
    who = " + ".join(f"{kind} {number}" for kind, number in zip(event.classes, event.ids, strict=True))
    told = [f"{event.separation_m:.1f} m apart" if event.separation_m is not None else "",
            f"{event.ttc_s:.1f} s to danger" if event.ttc_s is not None else "",
            f"probability {event.probability:.2f}" if event.probability is not None else "",
            f"zone {event.zone}" if event.zone is not None else ""]
    return f"{when} {event.level.name} {event.kind}: " + ", ".join(part for part in (who, *told) if part)
