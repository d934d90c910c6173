"""Where the files of an eMRTD lie and what they say of each other (ICAO 9303-10)."""

from __future__ import annotations

from contextlib import suppress

from devices.emrtd.tlv import TlvError, build, only, parse, pick

EF_CARD_ACCESS, EF_ATR, EF_COM, EF_SOD = 0x011C, 0x2F01, 0x011E, 0x011D
#: Number of each data group that is read, and its file.
DATA_GROUPS = {1: 0x0101, 2: 0x0102, 11: 0x010B, 14: 0x010E, 15: 0x010F}
#: The tag that opens each data group, by its number.
GROUP_TAGS = {
    1: 0x61, 2: 0x75, 3: 0x63, 4: 0x76, 5: 0x65, 6: 0x66, 7: 0x67, 8: 0x68,
    9: 0x69, 10: 0x6A, 11: 0x6B, 12: 0x6C, 13: 0x6D, 14: 0x6E, 15: 0x6F, 16: 0x70,
}  # fmt: skip
COM_TAG, TAG_LIST, SOD_TAG = 0x60, 0x5C, 0x77
LENGTH_INFORMATION = 0x7F66


def announced(com: bytes) -> frozenset[int]:
    """The data groups that EF.COM lists; TlvError for a broken file. EF.COM is not signed."""
    tags = only(com, COM_TAG).child(TAG_LIST).value
    return frozenset(number for number, tag in GROUP_TAGS.items() if tag in tags)


def signed_groups(sod: bytes) -> frozenset[int]:
    """The data groups whose hashes EF.SOD holds; empty where it cannot be read so far (its judge will say so)."""
    with suppress(TlvError):
        signed = only(sod, SOD_TAG).child(0x30).child(0xA0).child(0x30)
        content = signed.child(0x30).child(0xA0).child(0x04).value
        hashes = only(content, 0x30).children()[2].children() if len(only(content, 0x30).children()) > 2 else ()
        return frozenset(int.from_bytes(pick(entry.children(), 0x02).value, "big") for entry in hashes)
    return frozenset()


def answer_limit(atr_info: bytes) -> int:
    """The longest answer in bytes that EF.ATR/INFO allows (9303-10 §3.11.2), 256 where it says nothing; TlvError."""
    lengths = [node for node in parse(atr_info) if node.tag == LENGTH_INFORMATION] if atr_info else []
    if not lengths or len(numbers := lengths[0].children()) < 2:
        return 256
    return int.from_bytes(numbers[1].value[:4], "big")


def length_information(command: int, response: int) -> bytes:
    """EF.ATR/INFO that tells the longest command and response."""
    numbers = (build(0x02, number.to_bytes(4, "big")) for number in (command, response))
    return build(LENGTH_INFORMATION, *numbers)
