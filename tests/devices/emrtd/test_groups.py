"""Data groups: the portrait, the name in national characters, and the bench's own list of them."""

import io

import pytest
from PIL import Image

from devices.bench.passport import com, dg2
from devices.emrtd.groups import GroupError, full_name, portrait
from devices.emrtd.lds import announced
from devices.emrtd.tlv import build
from tests.devices.emrtd.utopia import passport


def test_the_portrait_is_a_picture_of_the_size_of_a_real_one() -> None:
    image = portrait(passport().files[0x0102])
    assert Image.open(io.BytesIO(image)).size == (240, 320)
    assert 12_000 < len(image) < 20_000


@pytest.mark.parametrize("head", ["ffd8ff", "0000000c6a5020200d0a870a", "ff4fff51"])
def test_jpeg_and_jpeg_2000_come_out_as_they_were_stored(head: str) -> None:
    image = bytes.fromhex(head) + bytes(range(200))
    assert portrait(dg2(image, 240, 320)) == image


def test_feature_points_before_the_image_are_passed_over() -> None:
    image = b"\xff\xd8\xff" + bytes(50)
    plain = dg2(image, 240, 320)
    at = plain.index(b"FAC\x00")
    block = plain[at:]
    points = bytes(8) * 3
    record = (20 + 24 + 12 + len(image)).to_bytes(4, "big") + b"\x00\x03" + block[20:34] + points + block[34:]
    whole = block[:8] + (14 + len(record)).to_bytes(4, "big") + block[12:14] + record
    wrapped = build(0x75, build(0x7F61, build(0x02, b"\x01"), build(0x7F60, build(0xA1), build(0x7F2E, whole))))
    assert portrait(wrapped) == image


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\x75\x00", build(0x61), build(0x75, build(0x7F61, build(0x7F60, build(0xA1)))),
        build(0x75, build(0x7F61, build(0x7F60, build(0x5F2E, b"FAC\x00")))),
        dg2(b"GIF89a" + bytes(50), 1, 1), dg2(b"\xff\xd8\xff" + bytes(250_000), 1, 1),
        dg2(b"\xff\xd8\xff" + bytes(50), 1, 1).replace(b"FAC\x00", b"FAK\x00"),
        dg2(b"\xff\xd8\xff" + bytes(50), 1, 1).replace((85).to_bytes(4, "big"), (86).to_bytes(4, "big")),
    ],
)  # fmt: skip
def test_what_holds_no_portrait_is_refused(content: bytes) -> None:
    with pytest.raises(GroupError, match="DG2"):
        portrait(content)


@pytest.mark.parametrize(
    ("stored", "name"),
    [("홍<<새벽", "홍 새벽"), ("ERIKSSON<<ANNA<MARIA", "ERIKSSON ANNA MARIA"), ("a\u202eb", ""), ("a\nb", "")],
)
def test_the_name_in_national_characters(stored: str, name: str) -> None:
    assert full_name(build(0x6B, build(0x5C, b"\x5f\x0e"), build(0x5F0E, stored.encode()))) == name


def test_a_name_that_is_not_there_or_is_no_text() -> None:
    assert full_name(build(0x6B, build(0x5C))) == ""
    for content in (b"", build(0x61), build(0x6B, build(0x5F0E, b"\xff\xfe"))):
        with pytest.raises(GroupError, match="DG11"):
            full_name(content)


# The EF.COM of the worked example of ICAO 9303-11 appendix D.
COM = bytes.fromhex("60145F0104303130365F36063034303030305C026175")


def test_the_list_of_the_standard() -> None:
    assert announced(COM) == {1, 2}
    assert announced(com((1, 2, 11, 14, 15))) == {1, 2, 11, 14, 15}
    assert com((1, 2)).hex() == COM.hex().lower().replace("30313036", "30313037")
