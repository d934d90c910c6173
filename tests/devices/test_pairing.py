"""Pairing: the decision table, and real TLS peers with the right key, another key, or none."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from devices.bench.call_desk import CallDeskPeer
from devices.bench.escpos import EscPosPeer
from devices.pairing import MOVES, Pairing, Peer, barred, pairing
from devices.ports import DeviceFault, FaultCode
from devices.tcp import Wire
from devices.tls import OtherKey, PinnedContext, key_digest, pin_of
from devices.wire import JsonHttp
from tests.devices.keys import before, holder, self_signed

PIN = "sha256:" + "0" * 64
PAIRED, CABINET, OPEN = Pairing.PAIRED, Pairing.CABINET, Pairing.OPEN


@pytest.mark.parametrize(
    ("driver", "options", "wired", "found"),
    [
        ("nexo", {"url": "https://10.0.0.7", "tls_pin": PIN}, None, PAIRED),
        ("nexo", {"url": "https://10.0.0.7"}, None, OPEN),
        ("nexo", {"url": "http://10.0.0.7"}, None, OPEN),
        ("nexo", {"url": "http://10.0.0.7", "tls_pin": PIN}, None, OPEN),
        ("nexo", {"url": "http://10.0.0.7"}, "cabinet", CABINET),
        ("nexo", {"url": "http://10.0.0.7"}, "wall", OPEN),
        ("nexo", {"url": "https://9.9.9.9"}, "cabinet", OPEN), ("nexo", {"url": "http://8.8.8.8"}, "cabinet", OPEN),
        ("nexo", {"url": "https://pay.example.com"}, "cabinet", OPEN),
        ("nexo", {"url": "https://pay.example.com", "tls_pin": PIN}, "cabinet", PAIRED),
        ("nexo", {"url": "http://terminal.local:8080"}, "cabinet", CABINET),
        ("nexo", {"url": "http://terminal"}, "cabinet", CABINET), ("nexo", {"url": "http://["}, "cabinet", OPEN),
        ("zpl", {"host": "printer.example.org", "port": 9100}, "cabinet", OPEN),
        ("zpl", {"host": "fe80::1", "port": 9100}, "cabinet", CABINET),
        ("modbus_locker", {"at": "tcp://1.1.1.1:502"}, "cabinet", OPEN),
        ("modbus_locker", {"at": "/dev/ttyUSB0"}, "cabinet", CABINET),
        ("kr_cu", {"port": "/dev/ttyS1"}, "cabinet", CABINET),
        ("call_desk", {"url": "https://desk", "tls_pin": PIN}, None, PAIRED),
        ("escpos", {"host": "10.0.0.8", "port": 9100}, None, OPEN),
        ("escpos", {"host": "10.0.0.8", "port": 9100, "tls_pin": PIN}, None, PAIRED),
        ("escpos", {"host": "10.0.0.8", "port": 9100, "tls_pin": ""}, None, OPEN),
        ("zpl", {"host": "10.0.0.8", "port": 9100}, "cabinet", CABINET),
        ("modbus_hatch", {"host": "10.0.0.9"}, None, OPEN),
        ("modbus_hatch", {"host": "10.0.0.9"}, "cabinet", CABINET),
        ("measurer", {"socket": "run/measurer.sock"}, None, PAIRED),
        ("table_scanner", {"socket": "run/measurer.sock"}, None, PAIRED),
        ("pcsc", {"reader": "Reader 00 00"}, None, PAIRED),
        ("a_driver_of_tomorrow", {}, None, OPEN),
    ],
)
def test_how_a_peer_is_tied_to_the_branch(
    driver: str, options: dict[str, object], wired: str | None, found: Pairing
) -> None:
    peer = Peer(driver, options, wired)
    assert pairing(peer) is found
    assert bool(barred({"payment": peer}, production=True)) == (found is OPEN)


def test_only_what_moves_something_is_barred_and_only_in_production() -> None:
    bare = {name: Peer("any") for name in (*MOVES, "scale", "signal_tower")}
    assert set(barred(bare, production=True)) == set(MOVES)
    assert barred(bare, production=False) == {}


def test_why_a_device_is_barred_names_the_table_and_what_to_write() -> None:
    (why,) = barred({"payment": Peer("nexo", {"url": "http://10.0.0.7"})}, production=True).values()
    assert why == (
        "[devices.payment] moves money over an open line; give it tls_pin and https, or wire it in the cabinet: "
        'wired = "cabinet"'
    )


@pytest.mark.parametrize("days", [1, -1])
def test_an_https_peer_with_the_pinned_key_is_spoken_to_whatever_the_date_of_its_certificate(
    tmp_path: Path, days: int
) -> None:
    async def story() -> None:
        context, pin = holder(tmp_path, days)
        peer = CallDeskPeer()
        async with before(await peer.start(), context) as (port, heard):
            http = JsonHttp(f"https://127.0.0.1:{port}", pin)
            assert await http.ask("GET", "/calls", None, 2) == (200, {"open": 0})
            assert b"GET /calls" in b"".join(heard)
        await peer.stop()

    asyncio.run(story())


def test_an_https_peer_with_another_key_hears_not_one_byte_of_the_request(tmp_path: Path) -> None:
    async def story() -> None:
        context, _ = holder(tmp_path)
        _, other = holder(tmp_path)
        peer = CallDeskPeer()
        async with before(await peer.start(), context) as (port, heard):
            http = JsonHttp(f"https://127.0.0.1:{port}", other)
            with pytest.raises(DeviceFault) as refused:
                await http.ask("POST", "/calls", {"task": "t", "reason": "r"}, 2)
            await asyncio.sleep(0.1)
            assert refused.value.code is FaultCode.NOT_PAIRED
            assert heard == []
            assert peer.calls == {}
        await peer.stop()

    asyncio.run(story())


def test_a_peer_without_tls_is_not_paired_and_one_that_is_away_is_disconnected(tmp_path: Path) -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(5)
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    async def code(http: JsonHttp) -> FaultCode:
        with pytest.raises(DeviceFault) as refused:
            await http.ask("GET", "/calls", None, 2)
        return refused.value.code

    async def story() -> list[FaultCode]:
        server = await asyncio.start_server(plain, "127.0.0.1", 0)
        http = JsonHttp(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}", holder(tmp_path)[1])
        first = await code(http)
        server.close()
        await server.wait_closed()
        return [first, await code(http)]

    assert asyncio.run(story()) == [FaultCode.NOT_PAIRED, FaultCode.DISCONNECTED]


def test_a_printer_s_wire_over_tls(tmp_path: Path) -> None:
    async def story() -> None:
        context, pin = holder(tmp_path)
        _, other = holder(tmp_path)
        peer = EscPosPeer()
        async with before(await peer.start(), context) as (port, heard):
            wrong, right = Wire("127.0.0.1", port, other), Wire("127.0.0.1", port, pin)
            with pytest.raises(DeviceFault) as refused:
                async with wrong.turn(1):
                    await wrong.send(b"\x10\x04\x01", 1)
            assert refused.value.code is FaultCode.NOT_PAIRED
            await asyncio.sleep(0.1)
            assert heard == []
            async with right.turn(1):
                await right.send(b"\x10\x04\x01", 1)
                assert (await right.receive(1, 1))[0] & 0x93 == 0x12
            await right.close()
        await peer.stop()

    asyncio.run(story())


def test_a_bad_pin_is_one_sentence() -> None:
    with pytest.raises(ValueError, match="write sha256: and 64 small hex digits"):
        PinnedContext("sha1:abc")
    with pytest.raises(ValueError, match="with tls_pin write https"):
        JsonHttp("http://10.0.0.7", PIN)


def test_a_pin_is_of_the_key_and_outlives_its_certificate() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    first, renewed = (self_signed(key).public_bytes(Encoding.DER) for _ in range(2))
    assert first != renewed
    assert pin_of(first) == pin_of(renewed)
    assert PinnedContext(pin_of(first)).holds(renewed)
    assert not PinnedContext(pin_of(first)).holds(None)
    strange = first.replace(bytes.fromhex("06082a8648ce3d030107"), bytes.fromhex("06082a8648ce3d03017f"))
    for unreadable in (b"no certificate", strange):
        with pytest.raises(OtherKey):
            key_digest(unreadable)
    assert PinnedContext(PIN).minimum_version is ssl.TLSVersion.TLSv1_2
