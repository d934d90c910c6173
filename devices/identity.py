"""What is asked of an ID reader and of the operator's verification back-end. Pure.

A chip is judged in four words, never by a boolean (ICAO 9303-11, -12); the reader keeps nothing of what it has read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from devices.ports import Device


class Verdict(StrEnum):
    """What the checks of a chip add up to."""

    GENUINE = "genuine"
    ALTERED = "altered"
    UNKNOWN_ISSUER = "unknown issuer"
    NOT_CHECKABLE = "not checkable"


class Finding(StrEnum):
    """Why a verdict is what it is; stable names, worst first."""

    HASH_MISMATCH = "hash_mismatch"
    SIGNATURE_BROKEN = "signature_broken"
    CLONE_SUSPECTED = "clone_suspected"
    SIGNER_REVOKED = "signer_revoked"
    SIGNER_EXPIRED = "signer_expired"
    ISSUER_EXPIRED = "issuer_expired"
    MRZ_MISMATCH = "mrz_mismatch"
    MRZ_UNREADABLE = "mrz_unreadable"
    STATE_DIFFERS = "state_differs"
    CLONE_CHECK_NOT_CARRIED = "clone_check_not_carried"
    ISSUER_UNKNOWN = "issuer_unknown"
    ALGORITHM_UNKNOWN = "algorithm_unknown"
    NO_SECURITY_OBJECT = "no_security_object"
    ACCESS_DIFFERS = "access_differs"
    WEAK_ALGORITHM = "weak_algorithm"
    SIGNED_LATER = "signed_later"
    CRL_MISSING = "crl_missing"
    CLONE_CHECK_NOT_OFFERED = "clone_check_not_offered"


class CloneCheck(StrEnum):
    """What active or chip authentication said. NOT_CARRIED: the chip has a key for it, and no answer came through."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CARRIED = "not carried"
    NOT_OFFERED = "not offered"


class CardState(StrEnum):
    """What lies on the reader."""

    ABSENT = "absent"
    PRESENT = "present"
    MUTE = "mute"
    COLLISION = "collision"


@dataclass(frozen=True)
class Mrz:
    """The machine-readable zone, its check digits verified; dates are those of ICAO 9303-3 (no century: see mrz)."""

    document_code: str
    issuer: str
    number: str = field(repr=False)
    birth: str = field(repr=False)
    expiry: str = field(repr=False)
    sex: str = field(default="", repr=False)
    nationality: str = field(default="", repr=False)
    surname: str = field(default="", repr=False)
    given_names: str = field(default="", repr=False)


@dataclass(frozen=True)
class AccessKey:
    """What opens the chip: number, birth and expiry (YYMMDD) of the MRZ, or the six digits of the CAN."""

    number: str = field(default="", repr=False)
    birth: str = field(default="", repr=False)
    expiry: str = field(default="", repr=False)
    can: str = field(default="", repr=False)


@dataclass(frozen=True)
class IdDocument:
    """One reading. `portrait` is the image of DG2 as stored there (JPEG or JPEG 2000), `names` come from DG11."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    access: str
    clone_check: CloneCheck
    mrz: Mrz = field(repr=False)
    portrait: bytes = field(default=b"", repr=False)
    full_name: str = field(default="", repr=False)
    issuer: str = ""
    signed_at: datetime | None = None
    groups: tuple[int, ...] = ()


class IdReader(Device, Protocol):
    """A contactless reader behind PC/SC. Faults: NO_SERVICE, NO_MEDIA, MEDIA_REMOVED, MEDIA_COLLISION, MEDIA_UNKNOWN,
    ACCESS_DENIED (wrong MRZ or CAN), TIME_OUT, PROTOCOL."""

    def card(self) -> CardState:
        """What the monitor last saw; never blocks."""

    async def read(self, key: AccessKey, timeout_s: float) -> IdDocument:
        """Open the chip that lies there, read it, judge it."""

    async def badge(self, timeout_s: float) -> str:
        """SHA-256 (hex) of the key that a staff badge (PIV, slot 9E) proves; MEDIA_UNKNOWN where it is none."""


class IdAnswer(StrEnum):
    """The four answers of the operator's verification back-end."""

    MATCH = "match"
    ISSUE_DATE_DIFFERS = "issue date differs"
    LOST = "lost"
    NO_SUCH_NUMBER = "no such number"


class IdCheck(Device, Protocol):
    """Resident cards and licences: no public chip specification, so the operator's back-end is asked."""

    async def verify(self, kind: str, name: str, number: str, issued: date, timeout_s: float) -> IdAnswer:
        """One of four answers; `kind` is resident_card or licence. Nothing else is learnt or kept."""
