"""What a seeing customer reads on a private screen and needs to decide, as the voice has to say it to one person."""

from __future__ import annotations

from typing import Any

from kiosk.words import write

Json = dict[str, Any]
#: Per screen: the values that are owed, and how each is said.
OWED: dict[str, tuple[tuple[str, str], ...]] = {
    "Account": (("card", "tail"),),
    "Balance": (("won", "won"), ("available_won", "won")),
    "Amount": (("name", "masked"), ("account", "tail")),
    "Confirm": (("name", "masked"), ("account", "tail"), ("won", "won")),
    "Unsure": (("won", "won"), ("key", "spelled"), ("telephone", "")),
    "ContractDoubt": (("key", "spelled"), ("telephone", "")),
    "Doubt": (("key", "spelled"), ("telephone", "")),
    "Sent": (("name", "masked"), ("account", "tail"), ("won", "won"), ("reference", "spelled")),
    "TakenBack": (("name", "masked"), ("account", "tail"), ("won", "won"), ("reference", "spelled")),
    "Received": (("reference", "spelled"),),
    "Review": (("won", "won"), ("phone", "tail")),
    "Contract": (("bank", ""),),
    "Clause": (("title", ""), ("body", "")),
    "ContractSure": (("product", ""), ("won", "won")),
    "Signed": (("number", "spelled"),),
    "Decision": (("reference", "spelled"), ("telephone", "")),
}


def owed(screen: str, values: Json, language: str = "ko") -> list[str]:
    """What has to be heard of a view."""
    name = screen.removeprefix("bank/")
    if name == "Contract" and not values["n"]:
        return []  # there is none to believe
    said = [write(values[key], kind, language) for key, kind in OWED.get(name, ()) if values[key] not in ("", None)]
    for entry in values["entries"] if name == "Entries" else ():
        said += [write(entry[key], "won", language) for key in ("won", "balance_won")]
    if name == "Stop" and values["part"] == 1 and values["reason"] == "shield.F1":
        said += [write(values["won"], "won", language), values["from"]]
    return said
