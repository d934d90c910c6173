"""The curves and their point maths, against OpenSSL's."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec as openssl

from devices.emrtd.ec import CURVES, Curve, PointError

REFERENCE: dict[int, openssl.EllipticCurve] = {
    8: openssl.SECP192R1(),
    10: openssl.SECP224R1(),
    12: openssl.SECP256R1(),
    13: openssl.BrainpoolP256R1(),
    15: openssl.SECP384R1(),
    16: openssl.BrainpoolP384R1(),
    17: openssl.BrainpoolP512R1(),
    18: openssl.SECP521R1(),
}


@pytest.mark.parametrize("curve", CURVES.values(), ids=lambda curve: curve.name)
def test_the_generator_lies_on_its_curve_and_has_its_order(curve: Curve) -> None:
    assert curve.holds(curve.generator)
    x, y = curve.generator
    assert curve.multiply(curve.n - 1, curve.generator) == (x, curve.p - y)
    with pytest.raises(PointError, match="infinity"):
        curve.add(curve.multiply(curve.n - 1, curve.generator), curve.generator)
    with pytest.raises(PointError, match="infinity"):
        curve.multiply(0, curve.generator)


@pytest.mark.parametrize(("parameter", "reference"), REFERENCE.items(), ids=lambda value: str(value)[:4])
def test_multiples_are_those_of_openssl(parameter: int, reference: openssl.EllipticCurve) -> None:
    curve = CURVES[parameter]
    for seed in (1, 2, 3, 16, 0xDEADBEEF, curve.n // 3, curve.n - 2):
        numbers = openssl.derive_private_key(seed, reference).public_key().public_numbers()
        assert curve.multiply(seed, curve.generator) == (numbers.x, numbers.y)


@pytest.mark.parametrize("curve", CURVES.values(), ids=lambda curve: curve.name)
def test_addition_agrees_with_multiplication(curve: Curve) -> None:
    g = curve.generator
    assert curve.add(curve.multiply(1234567, g), curve.multiply(7654321, g)) == curve.multiply(8888888, g)
    assert curve.add(g, g) == curve.multiply(2, g)


def test_only_points_of_the_curve_are_taken() -> None:
    curve = CURVES[12]
    good = curve.encode(curve.generator)
    assert curve.decode(good) == curve.generator
    off = (curve.generator[0], curve.generator[1] ^ 1)
    for bad in (b"", b"\x00", good[:-1], good + b"\0", b"\x02" + good[1:], curve.encode(off), b"\x04" + b"\xff" * 64):
        with pytest.raises(PointError):
            curve.decode(bad)
