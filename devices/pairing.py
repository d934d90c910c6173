"""Who may be trusted at the other end of a wire in production: a decision table. Pure.

A peer that moves money, doors or personal data is paired cryptographically (TLS with a pinned key, a message code of
its own protocol, a local socket whose peer the kernel names), or stands in the alarmed cabinet and is declared so in
branch.toml (`wired = "cabinet"`), which a public address never does. Any other such peer is barred: its device is
NOT_PAIRED and is never opened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit


class Pairing(StrEnum):
    """How far the other end is known to be the right one."""

    PAIRED = "paired"
    CABINET = "cabinet"
    OPEN = "open"


#: What a device of this name moves, and so has to be guarded; a name that is not here moves nothing.
MOVES: Mapping[str, str] = {
    "payment": "money",
    "hatch": "a door",
    "locker": "doors",
    "label_printer": "personal data",
    "receipt_printer": "personal data",
    "id_reader": "personal data",
    "id_check": "personal data",
    "bank_host": "money",
    "bank_desk": "personal data",
    "pin_pad": "cards and PINs",
    "document_camera": "pictures of documents",
    "officer": "an officer's word",
    "staff_call": "calls for help",
    "measurer": "pictures of people's parcels",
    "scanner": "pictures of people's parcels",
    "code_reader": "codes that open lockers",
    "signal_tower": "the alarm",
    "guard": "alarms and pictures of people",
}
#: How names end that only a local network knows (RFC 6762, RFC 8375, and those kept for private use).
PRIVATE = (".local", ".lan", ".internal", ".home.arpa")
#: Drivers over a Unix socket of this machine, whose peer is checked by the credentials the kernel gives.
LOCAL = frozenset({"measurer", "table_scanner", "table_glance", "guard"})
#: Drivers whose protocol authenticates every message: secure messaging of a chip (ICAO 9303-11 §9.8).
OWN_CODE = frozenset({"pcsc"})


@dataclass(frozen=True)
class Peer:
    """A `[devices.*]` table as far as it matters here: driver word, its options, and how it is wired."""

    driver: str
    options: Mapping[str, object] = field(default_factory=dict)
    wired: str | None = None


def pairing(peer: Peer) -> Pairing:
    """How this peer is tied to the branch."""
    url = peer.options.get("url")
    pinned = bool(peer.options.get("tls_pin")) and (url is None or str(url).startswith("https://"))
    if pinned or peer.driver in LOCAL | OWN_CODE:
        return Pairing.PAIRED
    return Pairing.CABINET if peer.wired == "cabinet" and at_hand(peer.options) else Pairing.OPEN


def at_hand(options: Mapping[str, object]) -> bool:
    """Whether the other end can stand in the cabinet: on a cable, or at an address that no public network has."""
    told = str(options.get("url") or options.get("host") or options.get("at") or "")
    if not told or told.startswith("/"):
        return True
    try:
        host = (urlsplit(told).hostname if "://" in told else told) or ""
    except ValueError:
        return False
    try:
        return not ip_address(host).is_global
    except ValueError:
        return bool(host) and ("." not in host or host.endswith(PRIVATE))


def barred(peers: Mapping[str, Peer], production: bool) -> dict[str, str]:
    """The devices that must not be opened, each with the sentence that says why and what to do."""
    if not production:
        return {}
    bare = [name for name, peer in peers.items() if name in MOVES and pairing(peer) is Pairing.OPEN]
    return {name: remedy(name, peers[name]) for name in bare}


def remedy(name: str, peer: Peer) -> str:
    """One sentence for the operator."""
    way = "give it tls_pin and https" if "url" in peer.options else "give it tls_pin where the device speaks TLS"
    return (
        f'[devices.{name}] moves {MOVES[name]} over an open line; {way}, or wire it in the cabinet: wired = "cabinet"'
    )
