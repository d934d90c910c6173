"""What of a device's traffic may be written to a file: framing, states, weights, amounts; nothing about a person.

A mask keeps the length of bytes and the shape of JSON, so that a recording still replays. What no rule names is hidden:
letters become x, digits 0, any other printable byte a full stop; control characters are framing and stay. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from devices.guarding import CLASSES, KINDS, SIGNS, Urgency
from devices.identity import IdAnswer

#: Bytes to and from a device (`to` is True on the way there) -> the same number of bytes.
Mask = Callable[[bytes, bool], bytes]

_HIDDEN = bytes(
    byte if byte < 0x20 or byte == 0x7F else 0x30 if chr(byte).isdigit() and byte < 0x80
    else 0x78 if chr(byte).isalpha() or byte >= 0x80 else 0x2E
    for byte in range(256)
)  # fmt: skip


def hide(data: bytes, to: bool = True) -> bytes:
    """Everything but control characters."""
    return data.translate(_HIDDEN)


def _keeping(pattern: re.Pattern[bytes], data: bytes) -> bytes:
    """What the pattern finds stays, all between is hidden; groups named `hide` are hidden, `zero` become zero bytes."""
    out, end = bytearray(), 0
    for found in pattern.finditer(data):
        out += hide(data[end : found.start()]) + _grouped(found)
        end = found.end()
    return bytes(out + hide(data[end:]))


def _grouped(found: re.Match[bytes]) -> bytes:
    groups = found.groupdict()
    name = next((each for each in ("hide", "zero") if groups.get(each) is not None), "")
    if not name:
        return found[0]
    secret = hide(found[name]) if name == "hide" else bytes(len(found[name]))
    at = found.start(name) - found.start()
    return found[0][:at] + secret + found[0][at + len(secret) :]


_KEY = re.compile(r"[A-Za-z][A-Za-z_]{0,40}")
#: A word of a protocol; more digits in a row than a version has are none, for they could be a card's.
_WORD = re.compile(r"(?!.*[0-9]{7})[A-Za-z_.0-9]{1,24}")
#: Amounts in won go no further.
_MOST = 1_000_000_000


# Scales: commands, weights and the instrument's own number

_SICS = re.compile(
    rb"(?m)^(?:S[IRU]?|Z|ZI|I4|ES|EL|T|TA|TAC)\r\n|"
    rb"^(?:[SZT]|TAC?) [-+IADSL](?: +-?\d{1,6}(?:\.\d{1,6})? k?g)?(?:\r\n)?$"
)
_SICS_SERIAL = re.compile(rb'^I4 A "(?P<hide>[ -~]{1,40})"(?:\r\n)?$')
_STREAM = re.compile(rb"(?:ST|US|OL|QT),(?:GS|NT)?,?[ +-]*\d[\d. ]{0,11} ?k?g(?:\r\n)?")


def scale(data: bytes, to: bool) -> bytes:
    """MT-SICS and the continuous format: weights and commands stay."""
    if (found := _SICS_SERIAL.search(data)) is not None and not to:
        return _grouped(found)
    return _keeping(_STREAM if _STREAM.search(data) else _SICS, data)


# Printers: commands and states stay, what is drawn does not

_ESCPOS = re.compile(
    rb"\x10\x04[\x01-\x08]|\x10\x14[\x01-\x08][\x00-\x08]{0,6}|\x1b[@d2-4]\x01?|\x1dV[\x41\x42]?.|\x1d[ra].", re.DOTALL
)
_RASTER = b"\x1dv0"
_ZPL = re.compile(
    rb"\^GF[A-C],\d{1,7},\d{1,7},\d{1,5},(?P<zero>[^\^~]*)|\^F[DVX](?P<hide>[^\^~]*)|"
    rb'! U1 getvar "[a-z._]{1,60}"\r\n|[\^~][A-Z][A-Z0-9@](?:\d{1,6}(?!\d))?(?:,[A-Z]?(?:\d{1,6}(?!\d))?){0,8}'
)
_ZPL_STATES = re.compile(
    rb"(?s)[ \r\n\x02\x03]*(?:PRINTER STATUS|ERRORS:|WARNINGS:)[ \r\n]*|[01] [0-9A-F]{8} [0-9A-F]{8}|"
    rb'\x02[\d, ]{1,60}\x03(?:\r\n)?|"\d{1,9}"|^(?:\r\n)?"$|^\d{1,9}"$'
)


def escpos(data: bytes, to: bool) -> bytes:
    """Commands and their parameters stay; raster rows become white; a printer's status bytes hold no text."""
    if not to:
        return data if len(data) <= 16 and not re.search(rb"[A-Za-z0-9 ]{3}", data) else hide(data)
    out = bytearray()
    while (at := data.find(_RASTER)) >= 0 and len(data) >= at + 8:
        rows = int.from_bytes(data[at + 4 : at + 6], "little") * int.from_bytes(data[at + 6 : at + 8], "little")
        held = data[at + 8 : at + 8 + rows]
        out += _keeping(_ESCPOS, data[:at]) + data[at : at + 8] + bytes(len(held))
        data = data[at + 8 + len(held) :]
    return bytes(out + _keeping(_ESCPOS, data))


def zpl(data: bytes, to: bool) -> bytes:
    """Command words and short numbers stay; graphics become zero bytes, fields are hidden; so are unknown answers."""
    return _keeping(_ZPL if to else _ZPL_STATES, data)


# Chip cards

#: Application identifiers of ICAO 9303-10 §3.1.1; every other name that is selected is hidden.
_AIDS = (b"\xa0\x00\x00\x02\x47\x10\x01",)


def apdu(data: bytes, to: bool) -> bytes:
    """Header, lengths and status words stay (ISO 7816-4); of data only the name of a standard application."""
    if not to:
        return bytes(max(0, len(data) - 2)) + data[-2:]
    head = 7 if len(data) > 7 and data[4] == 0 else 5
    held = int.from_bytes(data[5:7], "big") if head == 7 else int.from_bytes(data[4:5], "big")
    body = data[head : head + held]
    if len(data) <= head or (data[1] == 0xA4 and body in _AIDS):
        return data
    return data[:head] + bytes(len(body)) + data[head + len(body) :]


# Boards: bits, levels and door numbers, nothing else


def modbus(data: bytes, _: bool) -> bytes:
    """A frame of Modbus holds no text; what is too long for one is none (Modbus application protocol 1.1b3 §4.1)."""
    return data if len(data) <= 260 else hide(data)


def kr_cu(data: bytes, _: bool) -> bytes:
    """A whole frame with a right sum stays."""
    framed = len(data) > 4 and (data[0], data[-2]) == (2, 3) and sum(data[:-1]) % 256 == data[-1]
    return data if framed and len(data) <= 70 else hide(data)


def scanner(data: bytes, to: bool) -> bytes:
    """What is asked is the branch's own setting; what is read may be about anybody."""
    return data if to else hide(data)


# Lines of JSON, byte for byte

_TOKEN = re.compile(rb'"((?:[^"\\]|\\.)*)"(\s*:)?|-?\d[-+.eE\d]*|true|false|null|[{}\[\],:\s]+')
_HEX = re.compile(r"(?:[0-9a-f]{2}){4,}")
_NAMED = re.compile(r"[A-Za-z][A-Za-z_]{0,40}[0-9]{0,3}")


def json_lines(data: bytes, says: frozenset[str], words: frozenset[str]) -> bytes:
    """Keys stay, the values of the keys in `says` and the words of the protocol; a long hex number becomes noughts,
    another number one nought, any other text is hidden. What is no JSON is hidden too."""
    out, end, key = bytearray(), 0, ""
    for found in _TOKEN.finditer(data):
        out += hide(data[end : found.start()])
        end, whole = found.end(), found[0]
        if found[1] is not None:
            text = found[1].decode("utf-8", "replace")
            key = text if found[2] else key
            plain = _NAMED.fullmatch(text) if found[2] else text in words or (key in says and _WORD.fullmatch(text))
            out += whole if plain else b'"' + _blank(text, found[1]) + b'"' + (found[2] or b"")
        elif whole[:1] in b"-0123456789" and key not in says:
            out += b"0".ljust(len(whole))
        else:
            out += whole
    return bytes(out + hide(data[end:]))


def _blank(text: str, data: bytes) -> bytes:
    return b"0" * len(data) if _HEX.fullmatch(text) else hide(data).translate(_NO_CONTROLS)


_NO_CONTROLS = bytes(byte if byte >= 0x20 else 0x2E for byte in range(256))
_EYES = frozenset({
    "id", "do", "on", "camera", "step", "wait_s", "after", "n", "state", "age_ms", "fps", "idle", "rig_residual_px",
    "model", "length_mm", "width_mm", "height_mm", "uncertainty_mm", "kind", "elapsed_ms", "views", "cells", "hint",
    "residual_px", "format", "t", "at", "level", "ids", "separation_m", "ttc_s", "probability", "frames", "bytes",
})  # fmt: skip
_GUARD = frozenset({"evidence_kept", *KINDS, *SIGNS, *CLASSES, *(each.upper() for each in Urgency)})


def vision(data: bytes, _: bool) -> bytes:
    """What the measurer and the guard say: figures, states, cameras; no code that was read, no free text."""
    return json_lines(data, _EYES, _GUARD)


MASKS: Mapping[str, Mask] = {
    "mt_sics": scale, "ad_stream": scale, "escpos": escpos, "zpl": zpl, "pcsc": apdu, "serial_scanner": scanner,
    "modbus_hatch": modbus, "modbus_locker": modbus, "modbus_tower": modbus, "kr_cu": kr_cu,
    "measurer": vision, "table_scanner": vision, "table_glance": vision, "guard": vision,
}  # fmt: skip


# JSON

#: Keys whose values are states, kinds and amounts, by driver.
SAYS: Mapping[str, frozenset[str]] = {
    "nexo": frozenset({
        "ProtocolVersion", "MessageClass", "MessageType", "MessageCategory", "Result", "ErrorCondition",
        "GlobalStatus", "Currency", "RequestedAmount", "AuthorizedAmount", "ReversedAmount", "ReversalReason",
        "AbortReason", "OperatorLanguage", "TransactionType", "TransactionCount", "TransactionAmount",
        "PaymentCurrency", "ReconciliationType",
    }),
    "call_desk": frozenset({"state", "open"}), "verification_desk": frozenset({"answer", "kind"}),
}  # fmt: skip
#: Drivers of whose traffic nothing is recorded: their messages are signed, sealed or pictures, so that a masked one
#: would be no message any more.
UNRECORDED = frozenset({"iso8583", "open_banking", "bank_desk", "xfs_pin_pad", "glass_camera", "officer_queue"})
Path = tuple[str, ...]


def json_value(value: Any, says: frozenset[str] = frozenset(), known: Mapping[str, Path] | None = None) -> Any:
    """The value with every text and every number hidden, but for the keys in `says`.

    A text that also stands in the request (`known`: text -> where) becomes {"$same": where}, which a replay fills in.
    """
    match value:
        case dict():
            return {_key(key): _leaf(key, each, says, known) for key, each in value.items()}
        case list():
            return [json_value(each, says, known) for each in value]
        case str():
            same = (known or {}).get(value)
            return {"$same": list(same)} if same else _hidden(value)
        case bool() | None:
            return value
    return 0


def _leaf(key: str, value: Any, says: frozenset[str], known: Mapping[str, Path] | None) -> Any:
    amount = isinstance(value, int | float) and abs(value) < _MOST
    plain = amount or (isinstance(value, str) and (_WORD.fullmatch(value) or value in tuple(IdAnswer)))
    return value if key in says and plain else json_value(value, says, known)


def _key(key: str) -> str:
    return key if _KEY.fullmatch(key) else _hidden(key)


def _hidden(text: str) -> str:
    """Letters and digits alike, so that an identifier drawn at random looks the same each time."""
    return "".join("x" if each.isalnum() else "." for each in text)


def leaves(value: Any, at: Path = ()) -> dict[str, Path]:
    """Every text of four characters or more in a JSON object, and the keys that lead to it."""
    if isinstance(value, str):
        return {value: at} if len(value) > 3 else {}
    pairs = value.items() if isinstance(value, dict) else ()
    return {text: where for key, each in pairs for text, where in leaves(each, (*at, key)).items()}


def http_path(path: str) -> str:
    """The first part of a path; what follows is hidden."""
    first, *rest = path.removeprefix("/").split("/")
    plain = first if _KEY.fullmatch(first) else _hidden(first)
    return "/" + "/".join([plain, *map(_hidden, rest)])
