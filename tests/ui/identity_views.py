"""Example views of the screens on which an ID is shown. Names and numbers are made up."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
STEP = ("back", "cancel")
KINDS = ["passport", "residence_permit", "resident_card", "licence"]
ROWS = [
    {"field": "name", "text": "홍*벽"}, {"field": "number", "text": "900000-2******"},
    {"field": "issued", "text": "2021-03-04"},
]  # fmt: skip
LONG = [
    {"field": "number", "text": "******678"}, {"field": "birth", "text": "1990-**-**"},
    {"field": "expiry", "text": "2031-**-**"},
]  # fmt: skip
RESULT: Json = {
    "state": "checked", "ways": [], "tries_left": 2, "kind": "resident_card", "until": "", "purpose": "check",
    "sent": False,
}  # fmt: skip
NONE = {"letters": False, "hidden": False, "date": False}


def consent(purpose: str, required: list[str], optional: list[str]) -> Json:
    """A consent's values."""
    authority = "보기복지관" if purpose == "commission" else ""
    return {
        "consent": purpose, "version": "2026-11-3", "required": required, "optional": optional, "authority": authority,
    }  # fmt: skip


#: Where a screen stands among the five, as kiosk/identification/views.py has it; the rest comes last.
POSITION_OF = {"Consent": 1, "Choose": 2, "Glass": 3, "Field": 3, "Confirm": 4, "Lay": 4, "Working": 4}

SHOWN: list[tuple[str, str, Json, tuple[str, ...]]] = [
    ("consent", "Consent", consent("check", ["use", "check", "keep"], []), ("consent", "cancel")),
    ("consent-intake", "Consent", consent("intake", ["use", "check", "bank", "keep"], ["contact"]),
     ("consent", "cancel")),
    ("consent-contract", "Consent", consent("contract", ["use", "check", "bank", "keep"], []), ("consent", "cancel")),
    (
        "consent-commission",
        "Consent",
        consent("commission", ["use", "check", "authority"], ["print"]),
        ("consent", "cancel"),
    ),
    ("choose", "Choose", {"kinds": KINDS}, ("choose_document", *STEP)),
    ("choose-cards", "Choose", {"kinds": KINDS[2:]}, ("choose_document", *STEP)),
    ("glass", "Glass", {"kind": "resident_card", "camera": True}, ("read", "type", *STEP)),
    ("glass-typing", "Glass", {"kind": "licence", "camera": False}, ("type", *STEP)),
    (
        "field-name",
        "Field",
        {**NONE, "kind": "licence", "field": "name", "letters": True, "max": 40},
        ("set_field", *STEP),
    ),
    (
        "field-number",
        "Field",
        {**NONE, "kind": "resident_card", "field": "number", "max": 13, "hidden": True},
        ("set_field", *STEP),
    ),
    (
        "field-passport",
        "Field",
        {**NONE, "kind": "passport", "field": "number", "letters": True, "max": 9},
        ("set_field", *STEP),
    ),
    *(
        (
            f"field-{name}",
            "Field",
            {**NONE, "kind": "licence" if name == "issued" else "passport", "field": name, "max": 8, "date": True},
            ("set_field", *STEP),
        )
        for name in ("issued", "birth", "expiry")
    ),
    (
        "confirm",
        "Confirm",
        {"kind": "resident_card", "rows": ROWS, "read": ["name"], "doubt": False},
        ("confirm", "edit", *STEP),
    ),
    (
        "confirm-doubt",
        "Confirm",
        {"kind": "resident_card", "rows": ROWS, "read": [], "doubt": True},
        ("confirm", "edit", *STEP),
    ),
    ("confirm-chip", "Confirm", {"kind": "passport", "rows": LONG, "read": ["number"], "doubt": False},
     ("confirm", "edit", *STEP)),
    ("lay", "Lay", {"kind": "passport"}, STEP),
    *(
        (f"working-{what}", "Working", {"what": what, "kind": "licence"}, ())
        for what in ("reading", "counting", "checking", "comparing", "sealing", "print")
    ),
    ("working-chip", "Working", {"what": "checking", "kind": "passport"}, ()),
    ("lay-card", "Lay", {"kind": "residence_permit"}, STEP),
    ("field-permit", "Field", {**NONE, "kind": "residence_permit", "field": "birth", "max": 8, "date": True},
     ("set_field", *STEP)),
    ("result-officer", "Result", {**RESULT, "ways": ["officer"], "purpose": "intake"}, ("prove", "confirm", "cancel")),
    ("result-checked", "Result", RESULT, ("confirm", "cancel")),
    (
        "result-holder",
        "Result",
        {**RESULT, "ways": ["officer", "card"], "purpose": "intake"},
        ("prove", "confirm", "cancel"),
    ),
    ("result-sent", "Result", {**RESULT, "purpose": "commission", "sent": True}, ("confirm", "cancel")),
    ("result-proven", "Result", {**RESULT, "state": "proven", "purpose": "intake"}, ("confirm", "cancel")),
    (
        "result-not-checked",
        "Result",
        {**RESULT, "state": "not_checked", "ways": ["officer"], "next": "both"},
        ("retry", "prove", "confirm", "cancel"),
    ),
    ("result-again", "Result", {**RESULT, "state": "not_checked", "next": "again"}, ("retry", "confirm", "cancel")),
    ("result-neither", "Result", {**RESULT, "state": "not_checked", "next": "neither"}, ("confirm", "cancel")),
    ("result-limited", "Result", {**RESULT, "state": "limited", "until": "15:42"}, ("confirm", "cancel")),
    *(
        (f"result-{state}", "Result", {**RESULT, "state": state}, ("confirm", "cancel"))
        for state in ("differs", "held")
    ),
    *(
        (f"officer-{state}", "Officer", {"state": state, "place": 2, "text": ""}, STEP)
        for state in ("calling", "waiting", "no_answer", "unknown")
    ),
    (
        "officer-taken",
        "Officer",
        {"state": "taken", "place": 0, "text": "안녕하세요. 잠시만 기다려 주세요. 서류를 보고 있습니다."},
        STEP,
    ),
    ("card", "Card", {}, STEP),
    ("end", "End", {"printed": True, "purpose": "commission"}, ("confirm",)),
    ("end-failed", "End", {"printed": False, "purpose": "commission"}, ("confirm",)),
]  # fmt: skip
