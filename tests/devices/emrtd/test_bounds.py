"""Absurd ASN.1 is refused before anything is computed from it: within 10 ms and 10 MB."""

import base64
import re
import time
import tracemalloc
from collections.abc import Callable
from functools import partial, reduce
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import pytest

from devices.emrtd.apdu import OK, Response
from devices.emrtd.asn1 import CHIP_FILE, Asn1Error, screen
from devices.emrtd.certificates import read_certificate
from devices.emrtd.cipher import SUITES
from devices.emrtd.clone import KeyUnknown, active_key
from devices.emrtd.cms import read_signed
from devices.emrtd.groups import GroupError, full_name, portrait
from devices.emrtd.infos import PACE_ECDH_GM, chip_keys, offers_chip_key, pace_info, pace_infos, pace_offers
from devices.emrtd.lds import EF_SOD, announced, answer_limit, signed_groups
from devices.emrtd.mrz import MrzError, from_dg1
from devices.emrtd.pace import open_pace
from devices.emrtd.secure import Channel, SecureError
from devices.emrtd.session import Chip, fresh_scalar
from devices.emrtd.signatures import AlgorithmUnknown, public_key
from devices.emrtd.sod import LDS_SECURITY_OBJECT, read_sod
from devices.emrtd.tlv import TlvError, build, only
from devices.emrtd.trust import Anchors, TrustError, load_anchors
from devices.piv import badge
from devices.ports import DeviceFault
from devices.tls import OtherKey, key_digest
from tests.devices.emrtd.documents import PAGE
from tests.devices.emrtd.utopia import TODAY, passport
from tests.house.tree import ROOT

T = TypeVar("T")


def nested(levels: int, tag: int = 0x30) -> bytes:
    content = b""
    for _ in range(levels):
        content = build(tag, content)
    return content


ABSURD = {
    "4 GiB": b"\x30\x84\xff\xff\xff\xff" + bytes(100),
    "a length of 126 bytes": b"\x30\xfe" + b"\xff" * 126,
    "indefinite": b"\x30\x80" * 30_000,
    "nested": nested(2000),
    "nested in context tags": nested(2000, 0xA0),
    "wide": build(0x30, b"\x05\x00" * 30_000),
    "many sets": build(0x30, b"\x31\x00" * 30_000),
    "a long identifier": build(0x30, build(0x06, b"\xff" * 60_000 + b"\x01")),
    "a long identifier inside": build(0x30, build(0x30, build(0x06, b"\xff" * 120_000 + b"\x01")), b"\x03\x01\0"),
    "a long number": build(0x30, build(0x02, b"\x7f" * 60_000)),
    "too large": build(0x30, bytes(70_000)),
    "ten megabytes": bytes(10_000_000),
    "a tag without end": b"\x3f" + b"\xff" * 60_000,
    "a child beyond its parent": b"\x30\x04\x04\x82\xff\xff",
}


#: What a reading may refuse with.
REFUSALS = (
    TlvError, AlgorithmUnknown, GroupError, MrzError, KeyUnknown, SecureError, TrustError, DeviceFault, OtherKey,
)  # fmt: skip


def told(value: T) -> T:
    """What is told of bytes; nothing at all counts as refused."""
    if not value:
        raise TlvError("nothing is told")
    return value


def trusted(name: str, raw: bytes) -> Anchors:
    """A trust folder with this file in it."""
    folder = Path(BESIDE.name)
    (folder / name).write_bytes(raw)
    try:
        return load_anchors(folder, TODAY)
    finally:
        (folder / name).unlink()


def in_pem(kind: str, raw: bytes) -> bytes:
    return b"-----BEGIN %b-----\n%b-----END %b-----\n" % (kind.encode(), base64.encodebytes(raw), kind.encode())


def answered(raw: bytes) -> str:
    """A badge that answers its first question well and the next with this."""
    answers = iter([b"\x90\0"])
    return badge(lambda _: next(answers, raw[:65_000] + b"\x90\0"))


def paced(raw: bytes) -> Channel:
    """A chip that takes PACE and answers its first step with this."""
    answers = iter([Response(b"", OK)])
    offer = pace_offers(build(0x31, pace_info(PACE_ECDH_GM + b"\x02", 13)))[0]
    return open_pace(lambda _: next(answers, Response(raw, OK)), offer, PAGE, fresh_scalar)


def visited(raw: bytes) -> str:
    """A chip that answers every command with this."""
    return Chip(lambda _: raw[:65_000] + b"\x90\0").open_access(PAGE)


BESIDE = TemporaryDirectory(prefix="trust-")
Wrap = Callable[[bytes], bytes]
Read = Callable[[bytes], object]


def under(*tags: int) -> Wrap:
    """What is read, below these tags, the innermost first."""
    return lambda raw: reduce(lambda inner, tag: build(tag, inner), tags, raw)


#: Everything that takes ASN.1 or TLV from outside: what stands around it there, and who reads it.
READERS: dict[str, tuple[Wrap, Read]] = {
    "CMS": (under(), lambda raw: read_signed(raw, LDS_SECURITY_OBJECT, CHIP_FILE)),
    "SOD": (under(0x77), read_sod),
    "SOD by its groups": (under(0x77), lambda raw: told(signed_groups(raw))),
    "COM": (under(0x60), announced),
    "CardAccess": (under(), pace_offers),
    "CardAccess inside": (under(0x31), lambda raw: told(pace_offers(raw))),
    "ATR": (under(0x7F66), lambda raw: told(answer_limit(raw) != 256)),
    "DG1": (under(0x61), from_dg1),
    "DG2": (under(0x75), portrait),
    "DG11": (under(0x6B), lambda raw: told(full_name(raw))),
    "DG14": (under(0x31, 0x6E), lambda raw: told(chip_keys(raw))),
    "DG14 by its offers": (under(0x31, 0x6E), lambda raw: told(offers_chip_key(raw))),
    "DG14 by its PACE": (under(0x31, 0x6E), lambda raw: told(pace_infos(only(raw, 0x6E).child(0x31)))),
    "DG15": (under(0x6F), active_key),
    "PACE": (under(), paced),
    "a whole chip": (under(), visited),
    "secure messaging": (lambda raw: raw[:65_000] + b"\x90\0", Channel(SUITES[2], bytes(16), bytes(16)).unwrap),
    "a certificate": (under(), read_certificate),
    "a public key": (under(), public_key),
    "a badge": (under(), answered),
    "a badge's certificate": (under(0x70, 0x53), answered),
    "a TLS peer's certificate": (under(), key_digest),
    "a .cer": (under(), partial(trusted, "more.cer")),
    "a .pem": (partial(in_pem, "CERTIFICATE"), partial(trusted, "more.pem")),
    "a .crl": (under(), partial(trusted, "more.crl")),
    "a .crl in PEM": (partial(in_pem, "X509 CRL"), partial(trusted, "more.crl")),
    "a .ml": (under(), partial(trusted, "more.ml")),
}  # fmt: skip


def fate(call: Callable[[], object]) -> tuple[float, int]:
    """Milliseconds of this thread (the best of five) and bytes at the most that the refusal took."""
    times = []
    for _ in range(5):
        begun = time.thread_time()
        with pytest.raises(REFUSALS):
            call()
        times.append(1000 * (time.thread_time() - begun))
    tracemalloc.start()
    with pytest.raises(REFUSALS):
        call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return min(times), peak


@pytest.mark.parametrize("content", ABSURD.values(), ids=ABSURD)
@pytest.mark.parametrize(("wrap", "read"), READERS.values(), ids=READERS)
def test_absurd_lengths_are_refused_within_10_ms_and_10_mb(content: bytes, wrap: Wrap, read: Read) -> None:
    given = wrap(content)
    milliseconds, peak = fate(lambda: read(given))
    assert milliseconds < 10
    assert peak < 10 * 2**20


#: Modules that take such bytes apart, each with the reader above that reaches it.
REACHED = {
    "devices/emrtd/asn1.py": "CMS", "devices/emrtd/certificates.py": "a certificate", "devices/emrtd/clone.py": "DG15",
    "devices/emrtd/cms.py": "CMS", "devices/emrtd/groups.py": "DG2", "devices/emrtd/infos.py": "DG14",
    "devices/emrtd/judge.py": "DG14 by its PACE", "devices/emrtd/lds.py": "COM", "devices/emrtd/mrz.py": "DG1",
    "devices/emrtd/pace.py": "PACE", "devices/emrtd/secure.py": "secure messaging",
    "devices/emrtd/session.py": "a whole chip", "devices/emrtd/signatures.py": "a public key",
    "devices/emrtd/sod.py": "SOD", "devices/emrtd/trust.py": "a .crl", "devices/piv.py": "a badge's certificate",
    "devices/tls.py": "a TLS peer's certificate",
}  # fmt: skip
TAKES_APART = re.compile(r"asn1crypto|load_der_|emrtd\.tlv import|emrtd import .*\btlv\b|emrtd\.asn1 import")


def test_every_module_that_takes_asn1_apart_is_among_the_readers() -> None:
    sources = [path for folder in ("kiosk", "devices", "vision") for path in (ROOT / folder).rglob("*.py")]
    names = {str(path.relative_to(ROOT)) for path in sources if TAKES_APART.search(path.read_text(encoding="utf-8"))}
    assert {name for name in names if not name.startswith("devices/bench/")} == set(REACHED)
    assert set(REACHED.values()) <= set(READERS)


def test_a_real_security_object_passes_quickly() -> None:
    raw = passport().files[EF_SOD][4:]
    begun = time.thread_time()
    for _ in range(20):
        screen(raw)
    assert (time.thread_time() - begun) / 20 < 0.005


@pytest.mark.parametrize(
    "content",
    [b"", b"\x30", b"\x30\x81", b"\x30\x81\x05" + bytes(5), b"\x30\x00\x30\x00", b"\x30\x82\x00\x80" + bytes(128),
     b"\x1f\x81", b"\x04\x05ab"],
)  # fmt: skip
def test_what_is_not_one_der_element_is_refused(content: bytes) -> None:
    with pytest.raises(Asn1Error):
        screen(content)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (nested(24), "nested more than 24 deep"),
        (build(0x30, bytes(65_536)), "65541 bytes where at most 65536 are taken"),
        (build(0x30, b"\x05\x00" * 2048), "too many"),
        (build(0x30, build(0x06, b"\x2a" * 65)), "absurdly long number or identifier"),
        (build(0x30, build(0x02, b"\x7f" * 1033)), "absurdly long number or identifier"),
        (b"\x30\x81\x05" + bytes(5), "more bytes than DER allows"),
        (b"\x30\x05\x04\x04ab", "beyond its parent"),
    ],
)
def test_each_bound_says_which_it_is(content: bytes, says: str) -> None:
    with pytest.raises(Asn1Error, match=says):
        screen(content)


@pytest.mark.parametrize("content", [b"\x30\x00", b"\x04\x02ab", b"\x30\x04\x04\x02ab", b"\x5f\x1f\x01a", nested(20)])
def test_what_is_one_der_element_passes(content: bytes) -> None:
    screen(content)
