"""The parsers of the parser campaign: for each its right messages, its noise, and what may come out of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any, Generic, TypeVar

from devices import krcu, nexo, payload, scale, scale_stream
from devices.bench.badge import Badge
from devices.bench.escpos_page import render
from devices.emrtd import clone, groups, infos, lds, mrz, tlv
from devices.emrtd.apdu import decode
from devices.emrtd.cipher import SUITES
from devices.emrtd.secure import Channel, SecureError
from devices.emrtd.signatures import AlgorithmUnknown
from devices.emrtd.sod import read_sod
from devices.emrtd.tlv import Node, TlvError, build
from devices.emrtd.trust import TrustError
from devices.escpos_status import observe
from devices.identity import Verdict
from devices.piv import badge
from devices.ports import DeviceFault, PaymentOutcome, PaymentState
from devices.presenter import slip_waits
from devices.wire import dig, parsed
from devices.zpl_status import errors_of, host_status
from tests.campaigns import noise
from tests.campaigns.parser_samples import (
    ANSWERS,
    BARCODES,
    CHIP_FILES,
    FRAMES,
    GROUPS,
    HOST_STATUS,
    NEXO,
    PAGES,
    SICS,
    STATUS,
    STREAM,
    TRUST,
    ZONES,
    believe,
    judged,
    protected,
)

T = TypeVar("T")
Noise = Callable[[Random], T]


@dataclass(frozen=True)
class Case(Generic[T]):
    """One parser: `read` returns a word for what it made of a message; `refusals` are the exceptions it may raise."""

    name: str
    right: Sequence[T]
    noise: Noise[T]
    read: Callable[[T], str]
    refusals: tuple[type[Exception], ...] = ()

    def outcome(self, message: T) -> str:
        """What became of one message; any exception that the parser does not document goes on."""
        try:
            return self.read(message)
        except self.refusals as refusal:
            return refusal.code if isinstance(refusal, DeviceFault) else type(refusal).__name__


def trusted(name: str) -> Case[bytes]:
    """A file of this name in the trust folder."""
    title = {"list.ml": "master-list", "more.cer": "csca", "list.crl": "revocations"}[name]
    return Case(title, TRUST[name], octets(TRUST[name]), partial(believe, name), (TrustError,))


def octets(samples: Sequence[bytes]) -> Noise[bytes]:
    """Noise around byte messages."""
    return lambda chance: noise.spoilt(chance, samples)


def texts(samples: Sequence[str]) -> Noise[str]:
    """Noise around text messages."""
    return lambda chance: noise.miswritten(chance, samples)


def walk(node: Node) -> int:
    """How many elements stand below; what is no template counts as one."""
    try:
        return 1 + sum(walk(child) for child in node.children())
    except TlvError:
        return 1


def elements(data: bytes) -> str:
    return "read" if sum(walk(node) for node in tlv.parse(data)) <= 2 * len(data) + 1 else "more elements than bytes"


def chip_words(data: bytes) -> str:
    """Every question that is asked of a file before anything of it is believed."""
    lds.signed_groups(data)
    for ask in (infos.pace_offers, infos.chip_keys, infos.offers_chip_key, lds.announced, lds.answer_limit):
        try:
            ask(data)
            return "read"
        except TlvError:
            continue
    raise TlvError("no such file")


def proving_key(data: bytes) -> str:
    """The kind of key that DG15 holds."""
    return type(clone.active_key(data)).__name__


def apdu(data: bytes) -> str:
    return "ok" if decode(data).ok else "an error status"


def security_object(data: bytes) -> str:
    return "intact" if read_sod(data).signed.intact else "signature broken"


def verdict(files: Mapping[int, bytes]) -> str:
    """The whole judgement; a group that differs from what was signed is never genuine."""
    found = judged(files)
    changed = any(files.get(number) != GROUPS[number] for number in (1, 2, 11, 14, 15) if number in files)
    assert not (changed and found.verdict is Verdict.GENUINE), "a changed group is called genuine"
    return found.verdict.value


def documents(chance: Random) -> dict[int, bytes]:
    """A whole document with one file changed; 0 is EF.SOD."""
    number = chance.choice((0, 1, 2, 11, 14, 15))
    return {**GROUPS, number: noise.spoilt(chance, [GROUPS[number]])}


def zone(text: str) -> str:
    return f"read, {mrz.parse(text).document_code[:1]}"


def group(data: bytes) -> str:
    """One data group as each of the three that are looked into."""
    asks: tuple[Callable[[bytes], object], ...] = (groups.portrait, groups.full_name, mrz.from_dg1)
    for ask in asks:
        try:
            ask(data)
            return "read"
        except (groups.GroupError, mrz.MrzError):
            continue
    return "refused"


def opened(message: tuple[int, bytes]) -> str:
    """One answer under the session's keys, which are its sender's too or not."""
    kind, data = message
    suite = SUITES[kind]
    channel = Channel(suite, suite.derive(b"session", 1), suite.derive(b"session", 2))
    return "vouched for" if channel.unwrap(data).ok else "an error status"


def sealed_noise(chance: Random) -> tuple[int, bytes]:
    """Half of the answers are changed on the way, half carry a right MAC over anything."""
    kind = chance.choice(tuple(SUITES))
    if chance.random() < 0.5:
        return kind, noise.spoilt(chance, [protected(kind, b"\x61\x03abc")])
    return kind, protected(kind, b"", noise.spoilt(chance, [build(0x87, b"\x01", bytes(16)), build(0x85, bytes(16))]))


def status_bytes(data: bytes) -> str:
    if data[:1] == b"\x10":
        return f"slip {slip_waits(data)}"
    return f"{len(observe(data).faults)} faults"


def page(data: bytes) -> str:
    return f"{min(len(render(data)), 3)} pages"


def streams(chance: Random) -> bytes:
    """Right commands one behind the other, with noise between most of them."""
    chosen = [chance.choice(PAGES) for _ in range(chance.randrange(1, 10))]
    if chance.random() < 0.8:
        chosen.insert(chance.randrange(len(chosen) + 1), noise.spoilt(chance, PAGES))
    return b"".join(chosen)


def label_status(text: str) -> str:
    frames = text.split("\x03")
    return f"{len(errors_of(text) if len(frames) == 1 else host_status(frames[:-1]))} faults"


def weight(text: str) -> str:
    reading = scale.parse(text)
    assert reading.fault or (reading.grams is None) == (not reading.decimal)
    return f"{len(reading.values)} values, {reading.fault}"


def frame(text: str) -> str:
    reading = scale_stream.parse(text, len(STREAM[0]))
    return f"{len(reading.values)} values, {reading.fault}" if reading else "no frame"


def board(data: bytes) -> str:
    """The same bytes as the answer of each generation of boards."""
    states = 0
    for profile in krcu.PROFILES.values():
        try:
            states += len(krcu.decode(profile, data, 0).locked)
        except krcu.FrameError:
            continue
    return "state" if states else "no frame"


def boards(chance: Random) -> bytes:
    """Half of the frames have a right sum over whatever they hold."""
    changed = noise.spoilt(chance, FRAMES)
    return krcu.sealed(changed[:-1]) if chance.random() < 0.5 else changed


def terminal(raw: bytes) -> str:
    """An answer as each of those that it could be: no approval without won, no card number in any word that is told."""
    body = nexo.body_of(parsed(raw), "Payment", "v-1", "branch")
    said = [told(partial(nexo.charge, "v-1"), body), told(partial(nexo.given_back, "v-1"), body)]
    said += [told(partial(nexo.status, "v-1", kind, "v-1", "branch"), body) for kind in ("Payment", "Reversal")]
    told(nexo.totals, body)
    for outcome in said:
        if outcome is not None and outcome.state in (PaymentState.APPROVED, PaymentState.REVERSED):
            assert type(outcome.won) is int, "an approval without won"
            assert outcome.won > 0, "an approval of nothing"
    return "/".join(outcome.state if outcome else "fault" for outcome in said)


def told(read: Callable[[Any], T], body: Any) -> T | None:
    """What was read, None for the documented fault; neither holds a card number, but for the terminal's own numbers."""
    found: T | None = None
    try:
        found = read(body)
        texts = [found.card, found.reason] if isinstance(found, PaymentOutcome) else []
    except DeviceFault as fault:
        texts = [str(fault)]
    assert not any(nexo.LONG_NUMBER.search(text) for text in texts), "a card number"
    return found


def attempted(read: Callable[[], T]) -> T | None:
    """What was read, None for the documented fault."""
    try:
        return read()
    except DeviceFault:
        return None


def code(raw: bytes) -> str:
    text = payload.decode(raw)
    if text is None:
        return "not let in"
    taken = [payload.parse(text, grammar) for grammar in payload.Grammar]
    assert all(each is None or each.value == text for each in taken)
    return "taken" if any(taken) else "no answer"


def barcodes(chance: Random) -> bytes:
    """Bytes of any kind, or mistyped characters; now and then longer than anything that is let in."""
    if chance.random() < 0.6:
        return noise.miswritten(chance, [raw.decode() for raw in BARCODES]).encode()
    return noise.spoilt(chance, BARCODES) * chance.choice((1, 1, 9))


def badge_read(message: tuple[int, bytes]) -> str:
    """A badge one of whose answers is another."""
    at, changed = message
    held, asked = Badge("campaign"), iter(range(at))
    badge(lambda command: held.respond(command) if next(asked, None) is not None else keep(held, command, changed))
    return "proved"


def keep(held: Badge, command: bytes, changed: bytes) -> bytes:
    """The badge's own answer where nothing is put in its place."""
    right = held.respond(command)
    return bytes(a ^ b for a, b in zip(right, changed.ljust(len(right), b"\0"), strict=False)) if changed else right


def badges(chance: Random) -> tuple[int, bytes]:
    mask = chance.choice((b"", bytes(chance.randrange(40)) + bytes([chance.randrange(256)])))
    return chance.randrange(5), mask


def back_end(raw: bytes) -> str:
    """What any JSON peer answers, and one value dug out of it."""
    return type(dig(parsed(raw), "SaleToPOIResponse", "MessageHeader")).__name__


CASES: tuple[Case[Any], ...] = (
    Case("tlv", CHIP_FILES, octets(CHIP_FILES), elements, (TlvError,)),
    Case("apdu", ANSWERS, octets(ANSWERS), apdu, (DeviceFault,)),
    Case("card-access-and-chip-keys", CHIP_FILES, octets(CHIP_FILES), chip_words, (TlvError,)),
    Case("active-key", [GROUPS[15]], octets([GROUPS[15]]), proving_key, (clone.KeyUnknown, TlvError)),
    Case("sod-cms", [GROUPS[0]], octets([GROUPS[0]]), security_object, (TlvError, AlgorithmUnknown)),
    Case("document-judged", [GROUPS], documents, verdict),
    *(trusted(name) for name in TRUST),
    Case("mrz", ZONES, texts(ZONES), zone, (mrz.MrzError,)),
    Case("data-groups", [GROUPS[1], GROUPS[2], GROUPS[11]], octets([GROUPS[1], GROUPS[2][-900:], GROUPS[11]]), group),
    Case("secure-messaging", [(kind, protected(kind, b"abc")) for kind in SUITES], sealed_noise, opened,
         (SecureError, DeviceFault)),
    Case("escpos-status", STATUS, octets(STATUS), status_bytes, (DeviceFault,)),
    Case("escpos-pages", [b"".join(PAGES)], streams, page, (ValueError,)),
    Case("zpl-status", HOST_STATUS, texts(HOST_STATUS), label_status, (DeviceFault,)),
    Case("mt-sics", SICS, texts(SICS), weight),
    Case("stream-scale", STREAM, texts(STREAM), frame),
    Case("kr-cu", FRAMES, boards, board),
    Case("nexo-json", [text.encode() for text in NEXO], partial(noise.answer, samples=NEXO), terminal, (DeviceFault,)),
    Case("json-peers", [b"{}"], partial(noise.answer, samples=NEXO), back_end, (DeviceFault,)),
    Case("barcode", BARCODES, barcodes, code),
    Case("badge-piv", [(5, b"")], badges, badge_read, (DeviceFault,)),
)  # fmt: skip

