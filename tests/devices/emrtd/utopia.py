"""The made-up country of these tests: its authority, whom its operator believes, and one reading judged."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from devices.bench.authority import LDS_SECURITY_OBJECT, Authority, Holder
from devices.bench.passport import Passport, Variant, issue
from devices.emrtd.judge import judge
from devices.emrtd.lds import EF_SOD
from devices.emrtd.tlv import build, only
from devices.emrtd.trust import Anchors, load_anchors
from devices.identity import CloneCheck, IdDocument

TODAY = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@cache
def utopia(scheme: str = "ecdsa_sha256") -> Authority:
    return Authority(1, scheme, TODAY)


@cache
def believed(scheme: str = "ecdsa_sha256") -> Anchors:
    with TemporaryDirectory() as folder:
        utopia(scheme).write_trust(Path(folder))
        return load_anchors(Path(folder), TODAY)


@cache
def passport(variant: Variant = Variant.GENUINE, scheme: str = "ecdsa_sha256", aa: str = "ec") -> Passport:
    return issue(utopia(scheme), variant, aa=aa)


def with_files(document: Passport, files: Mapping[int, bytes]) -> Passport:
    return replace(document, files={**document.files, **files})


def content_of(document: Passport) -> bytes:
    """The LDS security object inside EF.SOD, taken out by hand."""
    signed = only(document.files[EF_SOD], 0x77).child(0x30).child(0xA0).child(0x30)
    return signed.child(0x30).child(0xA0).child(0x04).value


def resigned(document: Passport, content: bytes, signer: Holder | None = None) -> Passport:
    """The document with another security object under a real signature."""
    by = utopia()
    data = by.signed_data(signer or by.signer(500), LDS_SECURITY_OBJECT, content)
    return with_files(document, {EF_SOD: build(0x77, data)})


def judged(
    document: Passport, anchors: Anchors | None = None, clone: CloneCheck = CloneCheck.PASSED, now: datetime = TODAY
) -> IdDocument:  # fmt: skip
    trusted = believed() if anchors is None else anchors
    return judge(document.files.get(EF_SOD), document.groups(), document.key, "BAC", clone, trusted, now)
