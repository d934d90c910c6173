"""Whatever bytes come, a parser answers or raises its own exception, and no changed document is ever genuine."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from devices.bench.passport import Person, mrz_td1, mrz_td3
from devices.emrtd.asn1 import Asn1Error
from devices.emrtd.certificates import read_certificate
from devices.emrtd.groups import GroupError, full_name, portrait
from devices.emrtd.lds import EF_SOD
from devices.emrtd.mrz import MrzError, birth_date, expiry_date, from_dg1, parse
from devices.emrtd.signatures import AlgorithmUnknown
from devices.emrtd.sod import read_sod
from devices.emrtd.trust import TrustError, load_anchors
from devices.identity import Mrz, Verdict
from tests.devices.emrtd.utopia import TODAY, judged, passport, utopia, with_files

SAMPLE = settings(
    derandomize=True, max_examples=300, deadline=None, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)  # fmt: skip
ACTS = ["flip", "set", "cut", "double", "stuff", "zero"]
MRZ_TEXT = st.text("ABCXYZ<0123456789 \n가٣", max_size=100)


def mutated(*wholes: bytes) -> st.SearchStrategy[bytes]:
    """Real bytes with a few places changed, cut, doubled or stuffed; and plain noise."""
    spot = st.tuples(st.integers(0, 10**6), st.sampled_from(ACTS), st.integers(0, 255))
    real = st.tuples(st.sampled_from(wholes), st.lists(spot, max_size=4)).map(lambda pair: changed(*pair))
    return st.one_of(real, st.binary(max_size=300))


def changed(whole: bytes, spots: list[tuple[int, str, int]]) -> bytes:
    for place, act, value in spots:
        at = place % max(1, len(whole))
        head, middle, tail = whole[:at], whole[at : at + 1], whole[at + 1 :]
        acts = {
            "flip": head + bytes(byte ^ 1 << value % 8 for byte in middle) + tail,
            "set": head + bytes([value]) + tail,
            "cut": head + tail[value:],
            "double": head + 2 * whole[at : at + value] + whole[at + value :],
            "stuff": head + bytes([value]) * value + middle + tail,
            "zero": head + bytes(min(value, len(tail))) + tail[value:],
        }
        whole = acts[act]
    return whole


def answers(reader: Callable[[bytes], object], raw: bytes, *refusals: type[Exception]) -> object:
    try:
        return reader(raw)
    except refusals:
        return None


FILES = passport().files


@SAMPLE
@given(
    MRZ_TEXT | mutated(mrz_td3(Person()).encode(), mrz_td1(Person()).encode()).map(lambda raw: raw.decode("latin-1"))
)
def test_any_text_for_an_mrz(text: str) -> None:
    try:
        found = parse(text)
    except MrzError as error:
        told = str(error)
    else:
        told = ""
        birth_date(found, TODAY.date())
        expiry_date(found, TODAY.date())
    assert "\n" not in told


@SAMPLE
@given(mutated(FILES[0x0101]))
def test_any_dg1(raw: bytes) -> None:
    found = answers(from_dg1, raw, MrzError)
    assert found is None or isinstance(found, Mrz)


@SAMPLE
@given(mutated(FILES[0x0102][:300] + FILES[0x0102][-40:], FILES[0x0102]))
def test_any_dg2(raw: bytes) -> None:
    answers(portrait, raw, GroupError)


@SAMPLE
@given(mutated(FILES[0x010B]))
def test_any_dg11(raw: bytes) -> None:
    answers(full_name, raw, GroupError)


@SAMPLE
@given(mutated(utopia().csca.der, utopia().signer(3).der, passport(scheme="pss_sha256").files[EF_SOD][-900:]))
def test_any_certificate(raw: bytes) -> None:
    answers(read_certificate, raw, Asn1Error)


@SAMPLE
@given(mutated(FILES[EF_SOD], passport(scheme="pss_sha256").files[EF_SOD]))
def test_any_security_object(raw: bytes) -> None:
    answers(read_sod, raw, Asn1Error, AlgorithmUnknown)


@SAMPLE
@given(mutated(FILES[EF_SOD]), mutated(FILES[0x0101]), mutated(FILES[0x010B]))
@example(FILES[EF_SOD], FILES[0x0101], FILES[0x010B])
def test_a_document_is_genuine_only_with_every_signed_byte_in_its_place(sod: bytes, dg1: bytes, dg11: bytes) -> None:
    document = judged(with_files(passport(), {EF_SOD: sod, 0x0101: dg1, 0x010B: dg11}))
    as_issued = (dg1, dg11) == (FILES[0x0101], FILES[0x010B])
    assert document.verdict is not Verdict.GENUINE or as_issued
    assert as_issued or document.verdict in (Verdict.ALTERED, Verdict.NOT_CHECKABLE)


TRUSTED = utopia().master_list([utopia().csca.der])


@SAMPLE
@given(mutated(TRUSTED, utopia().crl(), utopia().csca.der), st.sampled_from(["x.ml", "x.cer", "x.pem", "x.crl"]))
def test_any_file_of_the_trust_folder(raw: bytes, name: str) -> None:
    with TemporaryDirectory() as folder:
        (Path(folder) / "a.cer").write_bytes(utopia().csca.der)
        (Path(folder) / name).write_bytes(raw)
        try:
            told = f"{name} in the trust folder: {len(load_anchors(Path(folder), TODAY))} believed"
        except TrustError as error:
            told = str(error)
    assert told.startswith(f"{name} in the trust folder: ")
    assert "\n" not in told
