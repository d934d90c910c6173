"""PACE version 2 with ECDH and generic mapping (ICAO 9303-11 §4.4): a short password opens a strong session."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable

from devices.emrtd.apdu import Command, Response
from devices.emrtd.bac import REFUSALS, Ask, mrz_information
from devices.emrtd.cipher import FOR_ENC, FOR_MAC, FOR_PACE, Suite
from devices.emrtd.ec import Curve, Point, PointError
from devices.emrtd.infos import PaceInfo
from devices.emrtd.secure import Channel
from devices.emrtd.tlv import TlvError, build, only
from devices.identity import AccessKey
from devices.ports import DeviceFault, FaultCode

MSE, GENERAL_AUTHENTICATE = 0x22, 0x86
CHAINED = 0x10
BY_MRZ, BY_CAN = 1, 2
DYNAMIC_DATA, PUBLIC_KEY = 0x7C, 0x7F49
NONCE, MAP_OURS, MAP_THEIRS, KEY_OURS, KEY_THEIRS, TOKEN_OURS, TOKEN_THEIRS = 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86
NONCE_BYTES = (16, 32)

#: A fresh secret number for a key on this curve, from 1 to n - 1.
Scalar = Callable[[Curve], int]


def password_key(suite: Suite, key: AccessKey) -> bytes:
    """K_pi, from the CAN where it is given, else from the MRZ."""
    secret = hashlib.sha1(mrz_information(key), usedforsecurity=False).digest()
    return suite.derive(key.can.encode("ascii") if key.can else secret, FOR_PACE)


def map_generator(curve: Curve, nonce: bytes, shared: Point) -> Point:
    """Generic mapping: s times the generator, plus the point that both sides agreed on."""
    return curve.add(curve.multiply(int.from_bytes(nonce, "big"), curve.generator), shared)


def token(info: PaceInfo, mac: bytes, public: Point) -> bytes:
    """What proves the session key: the MAC over the other side's public key."""
    data = build(PUBLIC_KEY, build(0x06, info.protocol), build(0x86, info.curve.encode(public)))
    return info.suite.mac(mac, data)


def session(suite: Suite, shared: bytes) -> Channel:
    """The session that a shared secret makes; its counter starts at zero."""
    return Channel(suite, suite.derive(shared, FOR_ENC), suite.derive(shared, FOR_MAC))


def open_pace(ask: Ask, info: PaceInfo, key: AccessKey, scalar: Scalar, ambiguous: bool = False) -> Channel:
    """Run PACE; ACCESS_DENIED for a wrong password, PROTOCOL for a chip that does not keep to it."""
    parameter = build(0x84, bytes([info.parameter])) if ambiguous else b""
    reference = build(0x83, bytes([BY_CAN if key.can else BY_MRZ]))
    _accepted(ask(Command(MSE, 0xC1, 0xA4, build(0x80, info.protocol) + reference + parameter)), "MSE")
    try:
        return _run(ask, info, key, scalar)
    except PointError as error:
        raise DeviceFault(FaultCode.PROTOCOL, f"PACE: {error}") from error


def _run(ask: Ask, info: PaceInfo, key: AccessKey, scalar: Scalar) -> Channel:
    curve = info.curve
    generator = _mapped(ask, info, _nonce(ask, info, key), scalar)
    secret = scalar(curve)
    ours = curve.multiply(secret, generator)
    theirs = curve.decode(_step(ask, KEY_OURS, curve.encode(ours), KEY_THEIRS))
    if theirs == ours:
        raise DeviceFault(FaultCode.PROTOCOL, "PACE: the chip sent our own key back")
    channel = session(info.suite, curve.octets(curve.multiply(secret, theirs)[0]))
    proof = _step(ask, TOKEN_OURS, token(info, channel.mac, theirs), TOKEN_THEIRS, last=True)
    if not hmac.compare_digest(proof, token(info, channel.mac, ours)):
        raise DeviceFault(FaultCode.PROTOCOL, "PACE: the chip does not hold the session key")
    return channel


def _nonce(ask: Ask, info: PaceInfo, key: AccessKey) -> bytes:
    sealed = _step(ask, None, b"", NONCE)
    if len(sealed) not in NONCE_BYTES:
        raise DeviceFault(FaultCode.PROTOCOL, f"PACE: a nonce of {len(sealed)} bytes")
    return info.suite.decrypt(password_key(info.suite, key), sealed)


def _mapped(ask: Ask, info: PaceInfo, nonce: bytes, scalar: Scalar) -> Point:
    curve, secret = info.curve, scalar(info.curve)
    ours = curve.encode(curve.multiply(secret, curve.generator))
    theirs = curve.decode(_step(ask, MAP_OURS, ours, MAP_THEIRS))
    return map_generator(curve, nonce, curve.multiply(secret, theirs))


def _step(ask: Ask, tag: int | None, value: bytes, wanted: int, last: bool = False) -> bytes:
    """One GENERAL AUTHENTICATE: what we say under `tag`, what the chip says under `wanted`."""
    data = build(DYNAMIC_DATA, build(tag, value) if tag else b"")
    answer = ask(Command(GENERAL_AUTHENTICATE, data=data, ne=256, cla=0 if last else CHAINED))
    _accepted(answer, "GENERAL AUTHENTICATE")
    try:
        return only(answer.data, DYNAMIC_DATA).child(wanted).value
    except TlvError as error:
        raise DeviceFault(FaultCode.PROTOCOL, f"PACE: {error}") from error


def _accepted(answer: Response, what: str) -> None:
    """A counter of tries left may come with MSE; it is no refusal there."""
    if answer.ok or (what == "MSE" and answer.sw >> 4 == 0x63C):
        return
    denied = answer.sw >> 8 in REFUSALS and what != "MSE"
    code = FaultCode.ACCESS_DENIED if denied else FaultCode.UNSUPPORTED if what == "MSE" else FaultCode.PROTOCOL
    raise DeviceFault(code, f"PACE: {what} answered {answer.sw:04X}")
