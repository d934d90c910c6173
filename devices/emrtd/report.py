"""What `main.py read-id` takes and prints. Personal fields are masked unless they are asked for; nothing is written."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from devices.emrtd import mrz as zone
from devices.identity import AccessKey, IdDocument
from devices.ports import DeviceFault, FaultCode

MASK = "***"

#: What the person at the reader can do about a fault.
REMEDIES: Mapping[FaultCode, str] = {
    FaultCode.NO_MEDIA: "put the document on the reader and try again",
    FaultCode.MEDIA_REMOVED: "leave the document on the reader until it is read",
    FaultCode.MEDIA_COLLISION: "leave one document alone on the reader",
    FaultCode.MEDIA_UNKNOWN: "only passports and residence documents of ICAO 9303 can be read",
    FaultCode.ACCESS_DENIED: "compare what was given with the document",
    FaultCode.TIME_OUT: "lay it down flat and still, or allow more with --within-s",
    FaultCode.PROTOCOL: "try again; if it stays so, the chip or the reader is damaged",
    FaultCode.NO_SERVICE: "build pyscard with make setup and start pcscd",
    FaultCode.DISCONNECTED: "name a reader that is plugged in",
    FaultCode.BUSY: "end the other program and try again",
}


def access_key(mrz: str | None, can: str | None) -> AccessKey:
    """The key from one of the two; ValueError in one sentence that holds nothing of either."""
    if (mrz is None) == (can is None):
        raise ValueError("give either --mrz - (and the MRZ on standard input) or --can with the six digits")
    if mrz is not None:
        return zone.access_key(zone.parse(mrz))
    if not re.fullmatch(r"[0-9]{6}", can or ""):
        raise ValueError("--can: a CAN has exactly six digits; read them again on the front of the document")
    return AccessKey(can=can or "")


def sentence(fault: DeviceFault) -> str:
    """What went wrong and what to do."""
    remedy = REMEDIES.get(fault.code)
    words = fault.detail or str(fault.code)
    return f"{words} ({fault.code}); {remedy}." if remedy else f"{words}."


def fields(document: IdDocument, personal: bool) -> dict[str, object]:
    """One reading for printing; the portrait only as its size. `expired` is None where the MRZ holds no date."""
    mrz, today = document.mrz, datetime.now(UTC).date()
    expiry = zone.expiry_date(mrz, today)
    private = {
        "number": mrz.number, "birth": mrz.birth, "expiry": expiry.isoformat() if expiry else "", "sex": mrz.sex,
        "nationality": mrz.nationality, "surname": mrz.surname, "given_names": mrz.given_names,
        "full_name": document.full_name,
    }  # fmt: skip
    return {
        "verdict": document.verdict.value,
        "findings": [finding.value for finding in document.findings],
        "access": document.access,
        "clone_check": document.clone_check.value,
        "issuer": document.issuer,
        "document_code": mrz.document_code,
        "state": mrz.issuer,
        "expired": expiry < today if expiry else None,
        "signed_at": document.signed_at.isoformat() if document.signed_at else "",
        "groups": list(document.groups),
        "portrait_bytes": len(document.portrait),
        **(private if personal else {name: MASK if value else "" for name, value in private.items()}),
    }


def text(document: IdDocument, as_json: bool, personal: bool) -> str:
    """The printed reading: one JSON object, or a line for each field."""
    shown = fields(document, personal)
    if as_json:
        return json.dumps(shown, ensure_ascii=False)
    return "\n".join(f"{name}: {_plain(value)}" for name, value in shown.items())


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
