"""The worked examples of ICAO 9303-11: appendix D (basic access control, 3DES) and G.1 (PACE, ECDH, AES-128)."""

from collections.abc import Callable, Iterator

from devices.emrtd.apdu import Command, Response, send
from devices.emrtd.bac import key_seed, mrz_information, open_bac
from devices.emrtd.cipher import AES_128, FOR_ENC, FOR_MAC, TRIPLE_DES, pad
from devices.emrtd.ec import BRAINPOOLP256R1 as CURVE
from devices.emrtd.ec import Curve
from devices.emrtd.infos import pace_offers
from devices.emrtd.pace import map_generator, open_pace, password_key
from devices.emrtd.secure import Channel
from devices.emrtd.session import Chip
from devices.identity import AccessKey

PAGE = AccessKey("L898902C", "690806", "940623")
PACE_PAGE = AccessKey("T22000129", "640812", "101031")


def h(text: str) -> bytes:
    return bytes.fromhex(text)


def script(*exchanges: tuple[str, str]) -> Callable[[bytes], bytes]:
    """A chip that knows these exchanges only, in this order."""
    left: Iterator[tuple[str, str]] = iter(exchanges)

    def transmit(apdu: bytes) -> bytes:
        asked, answer = next(left)
        assert apdu.hex().upper() == asked.replace(" ", "")
        return h(answer)

    return transmit


def asking(transmit: Callable[[bytes], bytes]) -> Callable[[Command], Response]:
    return lambda command: send(transmit, command)


def feeding(*values: str) -> Callable[[int], bytes]:
    left = iter(values)

    def random(size: int) -> bytes:
        value = h(next(left))
        assert len(value) == size
        return value

    return random


def test_document_keys_of_appendix_d() -> None:
    assert mrz_information(PAGE) == b"L898902C<369080619406236"
    assert key_seed(PAGE) == h("239AB9CB282DAF66231DC5A4DF6BFBAE")
    assert TRIPLE_DES.derive(key_seed(PAGE), FOR_ENC) == h("AB94FDECF2674FDFB9B391F85D7F76F2")
    assert TRIPLE_DES.derive(key_seed(PAGE), FOR_MAC) == h("7962D9ECE03D1ACD4C76089DCE131543")


BAC_EXCHANGES = (
    ("0084000008", "4608F91988702212 9000"),
    (
        "0082000028 72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F2 5F1448EEA8AD90A7 28",
        "46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F 2F2D235D074D7449 9000",
    ),
)
READ_EXCHANGES = (
    ("0CA4020C15 8709016375432908C044F6 8E08BF8B92D635FF24F8 00", "99029000 8E08FA855A5D4C50A8ED 9000"),
    ("0CB000000D 970104 8E08ED6705417E96BA55 00", "8709019FF0EC34F9922651 99029000 8E08AD55CC17140B2DED 9000"),
    (
        "0CB000040D 970112 8E082EA28A70F3C7B535 00",
        "871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A 99029000 8E08C8B2787EAEA07D74 9000",
    ),
)


def test_access_and_reading_of_appendix_d() -> None:
    transmit = script(*BAC_EXCHANGES, *READ_EXCHANGES)
    random = feeding("781723860C06C226", "0B795240CB7049B01C19B33E32804F0B")
    channel = open_bac(asking(transmit), PAGE, random)
    assert channel.enc == h("979EC13B1CBFE9DCD01AB0FED307EAE5")
    assert channel.mac == h("F1CB1F1FB5ADF208806B89DC579DC1F8")
    assert channel.counter == 0x887022120C06C226

    def ask(command: Command) -> Response:
        return channel.unwrap(transmit(channel.wrap(command)))

    assert ask(Command(0xA4, 2, 0x0C, h("011E"))).ok
    assert ask(Command(0xB0, 0, 0, ne=4)).data == h("60145F01")
    assert ask(Command(0xB0, 0, 4, ne=18)).data == h("04303130365F36063034303030305C026175")


Z = "95A3A016522EE98D01E76CB6B98B42C3"
NONCE = h("3F00C4D39D153F2B2A214A078D899B22")
MAP_SECRET = 0x7F4EF07B9EA82FD78AD689B38D0BC78CF21F249D953BC46F4C6E19259C010F99
MAP_OURS = "7ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E" + (
    "544552DCB6725218799115B55C9BAA6D9F6BC3A9618E70C25AF71777A9C4922D"
)
MAP_THEIRS = "824FBA91C9CBE26BEF53A0EBE7342A3BF178CEA9F45DE0B70AA601651FBA3F57" + (
    "30D8C879AAA9C9F73991E61B58F4D52EB87A0A0C709A49DC63719363CCD13C54"
)
SHARED_POINT = (
    0x60332EF2450B5D247EF6D3868397D398852ED6E8CAF6FFEEF6BF85CA57057FD5,
    0x0840CA7415BAF3E43BD414D35AA4608B93A2CAF3A4E3EA4E82C9C13D03EB7181,
)
MAPPED = (
    0x8CED63C91426D4F0EB1435E7CB1D74A46723A0AF21C89634F65A9AE87A9265E2,
    0x8C879506743F8611AC33645C5B985C80B5F09A0B83407C1B6A4D857AE76FE522,
)
KEY_SECRET = 0xA73FB703AC1436A18E0CFA5ABB3F7BEC7A070E7A6788486BEE230C4A22762595
KEY_OURS = "2DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD301C" + (
    "3556F3B3B186DF10B857B58F6A7EB80F20BA5DC7BE1D43D9BF850149FBB36462"
)
KEY_THEIRS = "9E880F842905B8B3181F7AF7CAA9F0EFB743847F44A306D2D28C1D9EC65DF6DB" + (
    "7764B22277A2EDDC3C265A9F018F9CB852E111B768B326904B59A0193776F094"
)
PACE_EXCHANGES = (
    ("0022C1A40F 800A04007F00070202040202 830101", "9000"),
    ("10860000 02 7C00 00", f"7C128010{Z}9000"),
    (f"10860000 45 7C438141 04{MAP_OURS} 00", f"7C438241 04{MAP_THEIRS} 9000"),
    (f"10860000 45 7C438341 04{KEY_OURS} 00", f"7C438441 04{KEY_THEIRS} 9000"),
    ("00860000 0C 7C0A8508 C2B0BD78D94BA866 00", "7C0A8608 3ABB9674BCE93C08 9000"),
)
CARD_ACCESS = "31143012060A04007F0007020204020202010202010D"


def secrets_of_g1() -> Callable[[Curve], int]:
    left = iter((MAP_SECRET, KEY_SECRET))
    return lambda curve: next(left)


def test_the_offer_of_appendix_g1() -> None:
    (offer,) = pace_offers(h(CARD_ACCESS))
    assert (offer.suite, offer.parameter, offer.curve) == (AES_128, 13, CURVE)
    assert offer.protocol == h("04007F00070202040202")


def test_password_nonce_and_generator_of_appendix_g1() -> None:
    assert mrz_information(PACE_PAGE) == b"T22000129364081251010318"
    assert password_key(AES_128, PACE_PAGE) == h("89DED1B26624EC1E634C1989302849DD")
    assert AES_128.decrypt(password_key(AES_128, PACE_PAGE), h(Z)) == NONCE
    chip = CURVE.decode(h("04" + MAP_THEIRS))
    assert CURVE.multiply(MAP_SECRET, chip) == SHARED_POINT
    assert map_generator(CURVE, NONCE, SHARED_POINT) == MAPPED


def test_the_run_of_appendix_g1() -> None:
    (offer,) = pace_offers(h(CARD_ACCESS))
    channel = open_pace(asking(script(*PACE_EXCHANGES)), offer, PACE_PAGE, secrets_of_g1())
    assert channel.enc == h("F5F0E35C0D7161EE6724EE513A0D9A7F")
    assert channel.mac == h("FE251C7858B356B24514B3BD5F4297D1")
    assert channel.counter == 0


def test_a_chip_that_offers_pace_is_opened_by_it() -> None:
    select = Channel(AES_128, h("F5F0E35C0D7161EE6724EE513A0D9A7F"), h("FE251C7858B356B24514B3BD5F4297D1"))
    asked = select.wrap(Command(0xA4, 4, 0x0C, h("A0000002471001")))
    status = h("99029000")
    counter = (2).to_bytes(16, "big")
    code = AES_128.mac(select.mac, pad(counter + status, 16))
    transmit = script(
        ("00A4000C023F00", "9000"),
        ("00B09C0000", CARD_ACCESS + "6282"),
        *PACE_EXCHANGES,
        (asked.hex().upper(), (status + h("8E08") + code).hex() + "9000"),
    )
    assert Chip(transmit, extended=False, scalar=secrets_of_g1()).open_access(PACE_PAGE) == "pace"
