"""What may leave the branch: the messages of the feed as models, and the same as OpenMetrics.

No field here takes a name, number, address or free text of a customer. The schemas under docs/feed are made from these
models, and every message is validated by them before it is sent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Generic, Literal, TypeVar

from prometheus_client import CollectorRegistry
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    InfoMetricFamily,
    Metric,
    StateSetMetricFamily,
)
from prometheus_client.openmetrics.exposition import generate_latest
from prometheus_client.registry import Collector
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from devices.ports import CallState, DeviceState, FaultCode
from kiosk import alert as a
from kiosk import facts as f
from kiosk.banking import facts as b
from kiosk.officer import facts as o

Word = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,59}$")]
Hex = Annotated[str, Field(pattern=r"^[0-9a-f]{1,128}$")]
BranchId = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,20}$")]
Version = Annotated[str, Field(pattern=r"^[A-Za-z0-9.+-]{1,40}$")]
Office = Annotated[str, Field(min_length=1, max_length=200)]
Count = Annotated[int, Field(ge=0)]
#: A camera, or an id that a track has for as long as it lasts.
Camera = Annotated[str, Field(pattern=r"^[\w.:-]{1,40}$")]
#: A reading of a device: its name, and its value with its unit, in ASCII.
Reading = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_ ]{0,39}$")]
Value = Annotated[str, Field(pattern=r"^[A-Za-z0-9 .,:;%/()+_-]{0,80}$")]


class Told(BaseModel):
    """A message of the feed, or a part of one."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)


class Started(Told):
    """The branch came up."""

    version: Version


class Changed(Told):
    """A device's state or faults changed."""

    device: Word
    state: DeviceState
    faults: tuple[FaultCode, ...]
    simulated: bool


class TaskRaised(Told):
    """Something only a person can settle."""

    task: Hex
    reason: Word


class TaskAnswered(Told):
    """What the call desk has recorded for a task."""

    task: Hex
    state: CallState


class TaskClosed(Told):
    """A person has settled the task."""

    task: Hex


class LeftBehind(Told):
    """A load stayed on the scale without a visit; grams."""

    grams: Count


class Danger(Told):
    """The risk guard tells of a danger, or of a camera that does not tell the truth: metres and classes, no pixels."""

    alarm: Hex
    camera: Camera
    kind: Word
    urgency: Literal["advisory", "warning", "critical"]
    seen_at: AwareDatetime
    ids: tuple[Camera, ...]
    classes: tuple[Word, ...]
    separation_m: float | None
    ttc_s: float | None
    probability: float | None
    zone: Annotated[str, Field(max_length=60)]
    evidence: Annotated[str, Field(pattern=r"^[0-9a-f]{0,64}$")]


class Escalated(Told):
    """Nobody took an alarm up in time: this contact is called."""

    alarm: Hex
    contact: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,40}$")]


class Acknowledged(Told):
    """Staff have seen to an alarm."""

    alarm: Hex


class Clip(Told):
    """Evidence of an alarm is kept in the branch, sealed; the digest is that of the sealed box."""

    evidence: Hex
    camera: Camera
    size: Count
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{0,64}$")]


class Erased(Told):
    """Evidence is gone."""

    evidence: Hex
    why: Word


class Waits(Told):
    """A visitor waits for an officer: `call` names the call and nobody, `notes` are stable words."""

    call: Hex
    service: Word
    asked: Word
    won: Count
    notes: tuple[Annotated[str, Field(pattern=r"^[a-z]{1,20}:[A-Za-z0-9 _.-]{0,40}$")], ...]


class OfficerWord(Told):
    """An officer's signed answer to a call was believed."""

    call: Hex
    answer: Annotated[str, Field(pattern=r"^[a-z ]{1,40}$")]
    officer: BranchId


class Doubt(Told):
    """A reply of this device was put aside; nothing came of it."""

    device: Word
    why: Word


class Began(Told):
    """A customer chose a service."""

    service: Word


class Closed(Told):
    """A visit is over."""

    outcome: Word


K = TypeVar("K", bound=str)
D = TypeVar("D")


class CloudEvent(Told, Generic[K, D]):
    """A CloudEvents 1.0 envelope around one journal entry; `sequence` is its number in the journal."""

    specversion: Literal["1.0"]
    id: Hex
    source: Annotated[str, Field(pattern=r"^/branch/[A-Za-z0-9-]{1,20}$")]
    type: K
    time: AwareDatetime
    datacontenttype: Literal["application/json"]
    sequence: Annotated[str, Field(pattern=r"^[0-9]{1,19}$")]
    data: D


#: The facts that the feed tells of, and the only shape in which each may leave.
EVENTS: Mapping[type[f.Fact], type[CloudEvent[Any, Any]]] = {
    f.BranchStarted: CloudEvent[Literal["unmanned-branch.BranchStarted"], Started],
    f.DeviceChanged: CloudEvent[Literal["unmanned-branch.DeviceChanged"], Changed],
    f.StaffTaskRaised: CloudEvent[Literal["unmanned-branch.StaffTaskRaised"], TaskRaised],
    f.StaffAnswered: CloudEvent[Literal["unmanned-branch.StaffAnswered"], TaskAnswered],
    f.StaffTaskClosed: CloudEvent[Literal["unmanned-branch.StaffTaskClosed"], TaskClosed],
    f.ParcelLeftBehind: CloudEvent[Literal["unmanned-branch.ParcelLeftBehind"], LeftBehind],
    f.VisitStarted: CloudEvent[Literal["unmanned-branch.VisitStarted"], Began],
    f.VisitClosed: CloudEvent[Literal["unmanned-branch.VisitClosed"], Closed],
    o.OfficerCalled: CloudEvent[Literal["unmanned-branch.OfficerCalled"], Waits],
    o.OfficerAnswered: CloudEvent[Literal["unmanned-branch.OfficerAnswered"], OfficerWord],
    b.HostDoubted: CloudEvent[Literal["unmanned-branch.HostDoubted"], Doubt],
    a.AlarmRaised: CloudEvent[Literal["unmanned-branch.AlarmRaised"], Danger],
    a.AlarmEscalated: CloudEvent[Literal["unmanned-branch.AlarmEscalated"], Escalated],
    a.AlarmAcknowledged: CloudEvent[Literal["unmanned-branch.AlarmAcknowledged"], Acknowledged],
    a.EvidenceKept: CloudEvent[Literal["unmanned-branch.EvidenceKept"], Clip],
    a.EvidenceErased: CloudEvent[Literal["unmanned-branch.EvidenceErased"], Erased],
}


class Gap(Told):
    """Entries between these two numbers were not replayed, because there are too many; ask /status.json."""

    after: Count
    first: Count


class Device(Told):
    """A device now: state and faults, since when, and when it last really answered (null: never)."""

    state: DeviceState
    usable: bool
    simulated: bool
    since: AwareDatetime
    observed_at: AwareDatetime | None
    faults: tuple[FaultCode, ...]
    values: dict[Reading, Value]


class Reason(Told):
    """Why a service is not to be had: a device (or `table`, `numbers`) and its fault or state."""

    device: Word
    code: Word


class Service(Told):
    """Whether a service can be had now (degraded: something it wants is missing), and what to bring to mend it."""

    state: Literal["available", "degraded", "unavailable"]
    reasons: tuple[Reason, ...]
    bring: tuple[Word, ...]


class Task(Told):
    """An open staff task; `state` is null until the call desk has said something, `raised_at` when long ago."""

    task: Hex
    reason: Word
    state: CallState | None
    raised_at: AwareDatetime | None


class Head(Told):
    """The end of the journal's chain, signed (Ed25519 over sequence as u64 big-endian and hash)."""

    seq: Count
    hash: Hex
    signature: Hex
    public_key: Hex


class Report(Told):
    """/status.json: the whole branch at one moment."""

    branch: BranchId
    name_ko: Office
    name_en: Office
    environment: Literal["development", "production"]
    version: Version
    at: AwareDatetime
    started_at: AwareDatetime
    demo: bool
    simulated: bool
    devices: dict[Word, Device]
    services: dict[Word, Service]
    tasks: tuple[Task, ...]
    counts: dict[Word, Count]
    visits_open: Count
    numbers_left: Count
    head: Head


# As OpenMetrics


def metrics(report: Report) -> bytes:
    """The report as OpenMetrics text."""
    registry = CollectorRegistry()
    registry.register(_Families(report))
    return bytes(generate_latest(registry))  # type: ignore[no-untyped-call]  # this function has no types


class _Families(Collector):
    """The report as metric families."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def collect(self) -> Iterator[Metric]:
        """Every family once."""
        report = self._report
        info = {"branch": report.branch, "version": report.version, "environment": report.environment}
        yield InfoMetricFamily("branch", "Who this is", value=info)
        yield one("branch_started_time_seconds", "When the core process came up", report.started_at.timestamp())
        yield one("branch_simulated", "1 while a device is a simulator", report.simulated)
        yield one("branch_visits_open", "Visits that are not over", report.visits_open)
        yield one("branch_numbers_left", "Registered numbers that may still be issued", report.numbers_left)
        yield one("branch_journal_seq", "Entries of the journal", report.head.seq)
        visits = CounterMetricFamily("branch_visits", "Visits that are over, since the start", labels=["outcome"])
        for outcome, count in report.counts.items():
            visits.add_metric([outcome], count)
        yield visits
        yield from self._devices()
        yield self._states("branch_service_state", "service", ("available", "degraded", "unavailable"), report.services)
        yield self._tasks()

    def _devices(self) -> Iterator[Metric]:
        devices = self._report.devices
        yield self._states("branch_device_state", "device", tuple(DeviceState), devices)
        usable = GaugeMetricFamily("branch_device_usable", "1 while it may be relied on", labels=["device"])
        seen = GaugeMetricFamily("branch_device_observed_time_seconds", "When it last answered", labels=["device"])
        faults = GaugeMetricFamily("branch_device_fault", "1 for every fault it reports", labels=["device", "fault"])
        for name, found in devices.items():
            usable.add_metric([name], found.usable)
            if found.observed_at:
                seen.add_metric([name], found.observed_at.timestamp())
            for code in found.faults:
                faults.add_metric([name, code], 1)
        yield from (usable, seen, faults)

    def _states(self, name: str, label: str, states: Sequence[str], found: Mapping[str, Device | Service]) -> Metric:
        family = StateSetMetricFamily(name, f"The state of each {label}", labels=[label])
        for key, value in found.items():
            family.add_metric([key], {state: state == value.state for state in states})
        return family

    def _tasks(self) -> Metric:
        """Open tasks by reason and by what has become of the call."""
        family = GaugeMetricFamily("branch_staff_tasks", "Open staff tasks", labels=["reason", "call"])
        for (reason, call), count in Counter((t.reason, t.state or "unknown") for t in self._report.tasks).items():
            family.add_metric([reason, call], count)
        return family


def one(name: str, what: str, value: float) -> Metric:
    """A gauge without labels."""
    return GaugeMetricFamily(name, what, value=value)
