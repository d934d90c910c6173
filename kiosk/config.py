"""config/*.toml as frozen values. An unknown key, a wrong type or a missing file refuses to start, naming the line."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, TypeGuard, TypeVar, get_args
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

from kiosk.tables import (
    BankTable,
    CentreTable,
    CounterTable,
    FeedTable,
    IdentityTable,
    OfficerTable,
    PanelTable,
    PatienceTable,
    UpkeepTable,
)
from kiosk.tables import Table as Table  # noqa: PLC0414  # who reads a configuration file finds both words here
from kiosk.tables import Text as Text  # noqa: PLC0414  # likewise

Number13 = Annotated[str, Field(pattern=r"^\d{13}$")]


class ConfigError(Exception):
    """One line for the operator: file, line, key, value, and what to do."""


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError("unknown time zone; write one like Asia/Seoul (and install the package tzdata)") from None
    return name


def _clock(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return time.fromisoformat(value)
    except ValueError:
        raise ValueError("not a time of day; write it like 16:00") from None


class BranchTable(Table):
    """[branch]: who this is."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,20}$")]
    name_ko: Text
    name_en: Text
    telephone: Annotated[str, Field(pattern=r"^\d{2,4}(-\d{3,4}){1,2}$")]
    hours_ko: Text
    hours_en: Text
    timezone: Annotated[str, AfterValidator(_zone)]
    keep_personal_days: Annotated[int, Field(ge=1, le=3650)]
    environment: Literal["development", "production"]
    version: Text

    @property
    def zone(self) -> ZoneInfo:
        """The branch's time zone."""
        return ZoneInfo(self.timezone)


class SendParcelTable(Table):
    """[send_parcel]: masses in grams, times in seconds, files relative to the folder of branch.toml."""

    next_day_cut_off: Annotated[time, BeforeValidator(_clock)]
    holidays: frozenset[date] = Field(default=frozenset(), strict=False)
    same_weight_g: Annotated[int, Field(ge=1, le=500)]
    minimum_load_g: Annotated[int, Field(ge=1, le=1000)]
    idle_s: Annotated[int, Field(ge=20, le=600)]
    pay_waits_s: Annotated[int, Field(ge=30, le=300)]
    tariff: Text
    addresses: Text


class Lease(Table):
    """A block of registered numbers, both ends included, usable through the day `expires`."""

    id: Text
    first: Number13
    last: Number13
    expires: date
    demonstration: bool

    @model_validator(mode="after")
    def _ordered(self) -> Lease:
        if self.first > self.last:
            raise ValueError("first is above last; write the lower number as first")
        return self


class NumbersTable(Table):
    """[numbers]: the leased blocks, used in this order."""

    lease: Annotated[tuple[Lease, ...], Field(min_length=1, strict=False)]

    @model_validator(mode="after")
    def _apart(self) -> NumbersTable:
        blocks = sorted(self.lease, key=lambda each: each.first)
        if any(one.last >= two.first for one, two in pairwise(blocks)):
            raise ValueError("two blocks overlap; each number may be leased once")
        return self


class ContactTable(Table):
    """[[guard.contacts]]: who is called next while nobody takes up an alarm; the call desk knows the id."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,40}$")]


class GuardTable(Table):
    """[guard]: the floors that are watched, one camera each; `lobby` names those seen by whoever uses the screen.

    `signs`: whether the fraud shield may hear what these see of the customer (a telephone at the ear); never recorded.
    """

    floors: Annotated[tuple[Text, ...], Field(strict=False, max_length=16)] = ()
    sources: dict[str, Text] = Field(default_factory=dict)
    lobby: Annotated[tuple[Text, ...], Field(strict=False)] = ()
    signs: bool = False
    contacts: Annotated[tuple[ContactTable, ...], Field(strict=False)] = ()
    acknowledge_s: Annotated[float, Field(ge=10, le=600, strict=False)] = 60.0
    siren_s: Annotated[float, Field(ge=0, le=3600, strict=False)] = 180.0
    keep_days: Annotated[int, Field(ge=1, le=365)] = 30
    keep_lobby_days: Annotated[int, Field(ge=1, le=365)] = 7


class DeviceTable(Table):
    """[devices.<name>]: the word of a driver in the catalogue, and whatever that driver takes."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)
    driver: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
    simulated: bool = False
    #: Wired inside the alarmed cabinet, where production asks for no cryptographic pairing.
    wired: Literal["cabinet"] | None = None
    #: Write the masked traffic of this device to a file of this name in the run directory.
    record: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,60}\.jsonl$")] | None = None

    @property
    def options(self) -> Mapping[str, Any]:
        """The free options, as read."""
        return self.model_extra or {}

    def table(self, run: Path) -> dict[str, object]:
        """The table of the catalogue; what is to be recorded goes into the run's folder."""
        record = {"record": str(run / self.record)} if self.record else {}
        return {"driver": self.driver, "simulated": self.simulated, **self.options, **record}


class StaffTable(Table):
    """[[staff]]: who may open the maintenance mode. `main.py staff add` makes such a table."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,20}$")]
    role: Literal["technician", "officer"]
    card: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    pin: Annotated[str, Field(pattern=r"^\$argon2id\$[A-Za-z0-9+/=,$]{20,200}$")]
    demonstration: bool = False


def _each_once(staff: tuple[StaffTable, ...]) -> tuple[StaffTable, ...]:
    if len({each.id for each in staff}) < len(staff) or len({each.card for each in staff}) < len(staff):
        raise ValueError("two entries share an id or a badge; the journal could not say who it was")
    return staff


class Branch(Table):
    """The whole configuration of a branch."""

    branch: BranchTable
    send_parcel: SendParcelTable
    patience: PatienceTable = Field(default_factory=PatienceTable)
    upkeep: UpkeepTable = Field(default_factory=UpkeepTable)
    feed: FeedTable
    panel: PanelTable
    numbers: NumbersTable
    devices: dict[str, DeviceTable] = Field(default_factory=dict)
    cameras: dict[str, str] = Field(default_factory=dict)
    guard: GuardTable = Field(default_factory=GuardTable)
    staff: Annotated[tuple[StaffTable, ...], Field(strict=False), AfterValidator(_each_once)] = ()
    identity: IdentityTable = Field(default_factory=IdentityTable)
    centre: CentreTable = Field(default_factory=CentreTable)
    bank: CounterTable | None = None
    banks: dict[str, BankTable] = Field(default_factory=dict)
    officers: Annotated[tuple[OfficerTable, ...], Field(strict=False)] = ()
    _folder: Path = PrivateAttr(default=Path())
    _sources: Sequence[Any] = PrivateAttr(default=())

    def path(self, name: str) -> Path:
        """A file named in the configuration, relative to the folder of branch.toml."""
        return self._folder / name

    def at(self, key: str) -> str:
        """file:line where a dotted key stands, or as much of it as any file has."""
        return _place(tuple(key.split(".")), self._sources)

    @property
    def production(self) -> bool:
        """Whether nothing simulated may take part."""
        return self.branch.environment == "production"


def load(path: Path, overlays: Sequence[Path] = ()) -> Branch:
    """branch.toml with the overlays merged on top, table by table; ConfigError with one line for any mistake."""
    sources = [_read(each) for each in (path, *overlays)]
    merged: dict[str, Any] = {}
    for source in sources:
        merged = _merge(merged, source.data)
    branch = _validate(merged, Branch, sources)
    branch._folder, branch._sources = path.parent, sources
    if branch.production:
        _refuse_demonstration(branch, sources)
    return branch


T = TypeVar("T", bound=Table)


def read_table(path: Path, kind: type[T]) -> T:
    """One file as one table; ConfigError with one line for any mistake."""
    source = _read(path)
    return _validate(source.data, kind, [source])


@dataclass(frozen=True)
class _Source:
    path: Path
    text: str
    data: dict[str, Any]


def _read(path: Path) -> _Source:
    try:
        text = path.read_text(encoding="utf-8")
        return _Source(path, text, tomllib.loads(text))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file; create it or name another one") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read ({_one_line(error)}); make it a readable UTF-8 file") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(_bad_toml(path, error)) from None


def _bad_toml(path: Path, error: Exception) -> str:
    at = re.search(r"^(.*) \(at (?:line (\d+), column \d+|end of document)\)$", str(error), re.DOTALL)
    reason, line = (at[1], at[2]) if at else (str(error), None)
    return f"{path}:{line or 'end'}: not TOML: {_one_line(reason)}; mend this line"


def _merge(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Tables are merged; anything else is replaced."""
    merged = dict(under)
    for key, value in over.items():
        old = merged.get(key)
        merged[key] = _merge(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


def _validate(data: Mapping[str, Any], kind: type[T], sources: Sequence[_Source]) -> T:
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        first = min(errors, key=lambda each: each["type"] != "extra_forbidden")  # a misspelt key is also a missing one
        raise ConfigError(_complaint(first, data, kind, sources)) from None


def _refuse_demonstration(branch: Branch, sources: Sequence[_Source]) -> None:
    for name, device in branch.devices.items():
        if device.simulated:
            advice = "production takes no simulated device; remove it or set branch.environment"
            raise ConfigError(_line(("devices", name, "simulated"), "true", advice, sources))
        if device.options.get("watchdog") is False:
            advice = "production takes no alarm relay that holds though the branch is dead; wire its board's watchdog"
            raise ConfigError(_line(("devices", name, "watchdog"), "false", advice, sources))
    for index, lease in enumerate(branch.numbers.lease):
        if lease.demonstration:
            advice = "production takes no demonstration numbers; enter a leased block"
            raise ConfigError(_line(("numbers", "lease", index, "demonstration"), "true", advice, sources))
    keys: list[tuple[Loc, BankTable | OfficerTable]] = [(("banks", code), one) for code, one in branch.banks.items()]
    for loc, each in [*keys, *((("officers", index), one) for index, one in enumerate(branch.officers))]:
        if each.demonstration:
            advice = "production takes no key that everybody can make; enter the one you were given"
            raise ConfigError(_line((*loc, "demonstration"), "true", advice, sources))
    for index, member in enumerate(branch.staff):
        if member.demonstration:
            advice = "production takes nobody whose PIN is in the handbook; enter your staff with `main.py staff add`"
            raise ConfigError(_line(("staff", index, "demonstration"), "true", advice, sources))


Loc = tuple[int | str, ...]


def _complaint(first: ErrorDetails, data: Mapping[str, Any], kind: type[Table], sources: Sequence[_Source]) -> str:
    loc = first["loc"]
    match first["type"]:
        case "missing":
            return _line(loc, None, "missing; add it", sources)
        case "extra_forbidden":
            return _line(loc, None, f"unknown key; {_known(loc, data, kind)}", sources)
        case "value_error":
            return _line(loc, _shown(first["input"]), str(first["ctx"]["error"]), sources)
        case _:
            advice = first["msg"][0].lower() + first["msg"][1:]
            return _line(loc, _shown(first["input"]), f"{advice}; correct the value", sources)


def _known(loc: Loc, data: Mapping[str, Any], kind: type[Table]) -> str:
    """What could be meant instead of an unknown key."""
    known = _keys(loc[:-1], kind)
    near = difflib.get_close_matches(str(loc[-1]), known, 1)
    if near:
        return f"did you mean {near[0]}?"
    return f"remove it; known here: {', '.join(known)}" if known else "remove it"


def _keys(loc: Loc, kind: type[Table]) -> list[str]:
    """The keys that a table takes, following the models down; nothing where a table is free."""
    fields = kind.model_fields
    if not loc:
        return sorted(fields)
    inner = fields[str(loc[0])].annotation if str(loc[0]) in fields else None
    if _is_table(inner):
        return _keys(loc[1:], inner)
    found = [each for each in get_args(inner) if _is_table(each)]
    return _keys(loc[2:], found[0]) if found else []


def _is_table(annotation: object) -> TypeGuard[type[Table]]:
    return isinstance(annotation, type) and issubclass(annotation, Table)


def _line(loc: Loc, value: str | None, advice: str, sources: Sequence[_Source]) -> str:
    """file:line: key = value: advice."""
    key = ".".join(str(part) for part in loc) or "the file"
    said = f"{key} = {value}" if value is not None else key
    return f"{_place(loc, sources)}: {said}: {_one_line(advice)}"


def _place(loc: Loc, sources: Sequence[_Source]) -> str:
    """file:line where the last file that has the key (or its table) says it; the first file where none does."""
    found = [_find(source.text, loc) for source in sources]
    best = max(range(len(sources)), key=lambda index: (found[index][0], index if found[index][0] else -index))
    return f"{sources[best].path}:{found[best][1]}"


def _find(text: str, loc: Loc) -> tuple[int, int]:
    """How many parts of a key were found in a TOML text, and on which line (1 where none)."""
    best, counts = (0, 1), dict[Loc, int]()
    header: Loc = ()
    for index, line in enumerate(text.splitlines(), 1):
        if table := re.match(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]", line):
            header = _parts(table[2])
            if table[1] == "[[":
                counts[header] = counts.get(header, -1) + 1
                header = (*header, counts[header])
            here: Loc = header
        elif pair := re.match(r"\s*((?:[\w-]+|\"[^\"]*\")(?:\s*\.\s*(?:[\w-]+|\"[^\"]*\"))*)\s*=", line):
            here = (*header, *_parts(pair[1]))
        else:
            continue
        if len(here) > best[0] and here == loc[: len(here)]:
            best = (len(here), index)
    return best


def _parts(key: str) -> Loc:
    return tuple(part.strip().strip('"') for part in key.split("."))


def _shown(value: object) -> str:
    return repr(value) if len(repr(value)) <= 60 else repr(value)[:57] + "..."


def _one_line(text: object) -> str:
    return " ".join(str(text).split())
