"""What is taken out of data groups (ICAO 9303-10): the portrait of DG2, the name of DG11."""

from __future__ import annotations

from devices.emrtd.tlv import Node, TlvError, only
from devices.wire import printable

DG2_TAG, INSTANCES, INSTANCE, NUMBER = 0x75, 0x7F61, 0x7F60, 0x02
BIOMETRIC_BLOCKS = (0x5F2E, 0x7F2E)
DG11_TAG, FULL_NAME = 0x6B, 0x5F0E

#: ISO/IEC 19794-5:2005: general header, facial information, one feature point, image information; bytes.
HEADER, FACE, POINT, IMAGE = 14, 20, 8, 12
JPEG = b"\xff\xd8\xff"
JPEG_2000 = (bytes.fromhex("0000000c6a5020200d0a870a"), bytes.fromhex("ff4fff51"))
MOST_PORTRAIT = 200_000


class GroupError(ValueError):
    """A data group that is not built as ICAO 9303-10 says; the message holds nothing of it."""


def portrait(dg2: bytes) -> bytes:
    """The first facial image of EF.DG2 as stored, JPEG or JPEG 2000; GroupError for anything else."""
    try:
        instance = only(dg2, DG2_TAG).child(INSTANCES).child(INSTANCE)
        return _image(_block(instance))
    except TlvError as error:
        raise GroupError(f"DG2: {error}") from None


def full_name(dg11: bytes) -> str:
    """The holder's name in national characters (5F0E, UTF-8), fillers as blanks; '' where DG11 has none."""
    try:
        found = [node for node in only(dg11, DG11_TAG).children() if node.tag == FULL_NAME]
    except TlvError as error:
        raise GroupError(f"DG11: {error}") from None
    text = found[0].value.decode("utf-8", "replace") if found else ""
    if "\ufffd" in text:
        raise GroupError("DG11: a name that is no UTF-8")
    return " ".join(printable(text, 300).replace("<", " ").split())


def _block(instance: Node) -> bytes:
    for node in instance.children():
        if node.tag in BIOMETRIC_BLOCKS:
            return node.value
    raise GroupError("DG2: no biometric data block")


def _image(block: bytes) -> bytes:
    """ISO/IEC 19794-5: FAC, header, then the first face with its feature points, then the image."""
    if len(block) < HEADER + FACE or not block.startswith(b"FAC\x00"):
        raise GroupError("DG2: no facial record of ISO/IEC 19794-5")
    length = int.from_bytes(block[HEADER : HEADER + 4], "big")
    points = int.from_bytes(block[HEADER + 4 : HEADER + 6], "big")
    start = HEADER + FACE + POINT * points + IMAGE
    image = block[start : HEADER + length]
    if HEADER + length > len(block) or len(image) > MOST_PORTRAIT:
        raise GroupError("DG2: a facial record of absurd length")
    if not image.startswith((JPEG, *JPEG_2000)):
        raise GroupError("DG2: a picture that is neither JPEG nor JPEG 2000")
    return image
