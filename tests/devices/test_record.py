"""What is recorded replays to the same results, and nothing about a person is in it."""

from __future__ import annotations

import asyncio
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices import krcu, masks, record
from devices.bench.call_desk import CallDeskPeer
from devices.bench.replay import chip, filled, load
from devices.catalog import PRINTERS, build
from devices.certify.suite import KINDS
from devices.label_printer import encode as label_job
from devices.ports import FaultCode, Picture
from devices.receipt_printer import encode as receipt_job
from devices.record import Tap, listening, recorded
from devices.wire import JsonHttp
from tests.devices import takes
from tests.devices.takes import FOLDER, SECRETS, TAKES


def said_in(text: str) -> list[str]:
    """Which secrets stand in a recording: as text, as escaped text, or as the hex of bytes in either encoding."""
    found = []
    for secret in SECRETS:
        forms = [secret, json.dumps(secret)[1:-1], *(secret.encode(code).hex() for code in ("utf-8", "euc-kr"))]
        found += [secret] if any(form.lower() in text.lower() for form in forms) else []
    return found


@pytest.mark.parametrize("name", TAKES)
def test_a_driver_gets_from_the_recording_what_it_got_from_the_device(name: str, tmp_path: Path) -> None:
    take, file = TAKES[name], tmp_path / "now.jsonl"
    live = takes.record(name, file, tmp_path)
    session = load(file)
    assert asyncio.run(takes.played(take, take.replay(session, tmp_path))) == live
    assert session.errors == []
    assert session.over
    assert said_in(file.read_text(encoding="utf-8")) == []
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", takes.KEPT)
def test_a_kept_recording_replays_to_what_the_device_says_today(name: str, tmp_path: Path) -> None:
    take, session = TAKES[name], load(FOLDER / f"{name}.jsonl")
    live = asyncio.run(takes.played(take, take.peer(tmp_path)))
    assert asyncio.run(takes.played(take, take.replay(session, tmp_path))) == live, "python -m tests.devices.takes"
    assert (session.errors, session.over) == ([], True)


def test_a_chip_s_session_replays(tmp_path: Path) -> None:
    session = load(FOLDER / "chip.jsonl")
    assert takes.opened(takes.closed_chip) == FaultCode.ACCESS_DENIED
    assert takes.opened(chip(session)) == FaultCode.ACCESS_DENIED
    assert session.errors == []
    assert takes.opened(chip(session)) == FaultCode.MEDIA_REMOVED
    assert takes.record_chip(tmp_path / "chip.jsonl") == FaultCode.ACCESS_DENIED
    assert said_in((tmp_path / "chip.jsonl").read_text()) == []


def test_a_driver_that_asks_something_else_is_noticed(tmp_path: Path) -> None:
    take, session = TAKES["tcp_receipt"], load(FOLDER / "tcp_receipt.jsonl")
    session.lines[0]["to"] = session.lines[0]["to"].replace("1004", "1005", 1)
    asyncio.run(takes.played(take, take.replay(session, tmp_path)))
    assert session.errors == ["line 2 of the recording is not what was sent"]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.jsonl")), ids=lambda path: path.stem)
def test_no_name_number_or_address_is_in_a_kept_recording(path: Path) -> None:
    assert said_in(path.read_text(encoding="utf-8")) == []


def test_the_search_for_secrets_finds_them() -> None:
    assert said_in("x 홍길동") == ["홍길동"]
    assert said_in(f"00{'세종대로'.encode('euc-kr').hex()}ff") == ["세종대로"]
    assert said_in(b"hong".hex()) == []
    assert said_in(b"HONG".hex()) == ["HONG"]


# Masks


@given(st.binary(max_size=400), st.sampled_from(sorted(masks.MASKS)), st.booleans())
def test_a_mask_keeps_the_length_of_whatever_passes(data: bytes, driver: str, to: bool) -> None:
    assert len(masks.MASKS[driver](data, to)) == len(data)


@given(
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ<", min_size=6, max_size=30).filter(lambda name: name.strip("<") != ""),
    st.binary(max_size=40), st.binary(max_size=40), st.sampled_from(["mt_sics", "ad_stream", "escpos", "pcsc"]),
    st.booleans(),
)  # fmt: skip
def test_no_run_of_letters_survives(name: str, before: bytes, after: bytes, driver: str, to: bool) -> None:
    data = b"\x00\xb0\x00\x00" + bytes([min(255, len(before) + len(name) + len(after))]) + before
    masked = masks.MASKS[driver](data + name.encode() + after, to)
    assert name.encode() not in masked


@pytest.mark.parametrize(
    "data",
    [
        "^XA^FO10,10^A0N,30,30^FD홍길동 01012345678^FS^XZ".encode(),
        "^XA^CI28^FV세종대로 209^FS^FDHONG GILDONG^XZ".encode(),
        "홍길동\r\n900815\r\n".encode("euc-kr"),
        b"^FX HONG^FS HONG 900815 ~HS",
        b"^FO01012345678,1",
        b"L898902C3<HONG<<GILDONG",
    ],
)
def test_what_stands_in_a_label_s_fields_or_between_commands_is_hidden(data: bytes) -> None:
    assert said_in(masks.zpl(data, True).hex()) == []
    assert said_in(masks.zpl(data, False).hex()) == []
    assert said_in(masks.hide(data).hex()) == []


@pytest.mark.parametrize(("job", "mask"), [(receipt_job, masks.escpos), (label_job, masks.zpl)])
def test_a_printed_picture_is_blank_in_the_recording(job: Any, mask: Any) -> None:
    picture, width = takes.drawn(), 832
    blank = Picture(picture.width, picture.height, picture.dpi, bytes(len(picture.rows)))
    masked, white = mask(job(picture, width), True), job(blank, width)
    assert masked != job(picture, width)
    assert len(masked) == len(job(picture, width))
    if mask is masks.escpos:
        assert masked == white
    else:
        assert not set(masked[masked.index(b",") + 40 : -60]) - {0}


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        (b"S S      2.400 kg\r\n", True), (b"S D      2.400 kg", True), (b"S +\r\n", True), (b"Z A", True),
        (b"SI\r\n", True), (b"ST,GS,+  2.400 kg\r\n", True), (b'I4 A "B0471239"\r\n', False), (b"HONG", False),
        (b"S S 01012345678 kg", False),
    ],
)  # fmt: skip
def test_a_scale_s_weights_stay_and_nothing_else(line: bytes, kept: bool) -> None:
    assert (masks.scale(line, False) == line) == kept
    assert masks.scale(b'I4 A "B0471239"\r\n', False) == b'I4 A "x0000000"\r\n'


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.sampled_from(SECRETS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "홍길동", "a b"]), inner),
)


@given(JSON)
def test_no_text_of_an_unknown_json_message_survives(value: Any) -> None:
    assert said_in(json.dumps(masks.json_value(value), ensure_ascii=False)) == []


def test_only_named_keys_of_json_keep_their_values_and_only_plain_words() -> None:
    says = frozenset({"state"})
    assert masks.json_value({"state": "calling", "note": "calling"}, says) == {"state": "calling", "note": "xxxxxxx"}
    assert masks.json_value({"state": "홍길동"}, says) == {"state": "xxx"}
    assert masks.json_value({"state": {"name": "HONG"}}, says) == {"state": {"name": "xxxx"}}
    numbers = {"phone": 1012345678, "birth": 900815, "pin": 1357, "rate": 1.5, "won": 4500, "there": True, "gone": None}
    kept = {"phone": 0, "birth": 0, "pin": 0, "rate": 0, "won": 4500, "there": True, "gone": None}
    assert masks.json_value(numbers, frozenset({"won"})) == kept
    assert masks.json_value({"won": 4111111111111111, "word": "4111111111111111"}, frozenset({"won", "word"})) == {
        "won": 0, "word": "x" * 16,
    }  # fmt: skip


WORDS = {word for kind in KINDS.values() for word in kind.drivers}


def test_every_driver_records_and_replays_or_is_refused_by_name(tmp_path: Path) -> None:
    recordable = {*masks.MASKS, *masks.SAYS}
    assert {take.driver for take in TAKES.values()} | {"pcsc"} == recordable
    assert recordable | masks.UNRECORDED == WORDS
    assert not recordable & masks.UNRECORDED
    line = {"driver": "officer_queue", "record": str(tmp_path / "officer.jsonl"), "url": "http://desk"}
    with pytest.raises(ValueError, match=r"\[devices.officer\] record: what officer_queue says is signed, sealed or a"):
        build(KINDS["officer"].drivers, "officer", {"officer": line})
    assert list(tmp_path.iterdir()) == []


def test_a_locker_s_frames_stay_whole_and_bytes_that_are_none_do_not() -> None:
    unlock = krcu.encode(krcu.PROFILES["cu16"], 0, 2, 0x31)
    assert masks.kr_cu(unlock, True) == unlock
    assert masks.kr_cu(b"\x02HONG900815\x03\x00", False) == b"\x02xxxx000000\x03\x00"
    assert said_in(masks.modbus(b"HONG" * 100, True).hex()) == []


def test_lines_of_json_keep_their_shape_and_length_and_no_text() -> None:
    line = json.dumps({
        "id": 7, "codes": [{"text": "6899900000001", "format": "Code128", "camera": "left", "on_parcel": True}],
        "error": "HONG 900815 \x1b[2J", "홍길동": {"pin": 900815, "state": "L898902C3 HONG"}, "evidence": "ab" * 8,
    }).encode() + b"\n"  # fmt: skip
    masked = masks.vision(line, False)
    assert len(masked) == len(line)
    assert said_in(masked.decode()) == []
    read = json.loads(masked)
    assert (read["id"], read["codes"][0]["format"], read["codes"][0]["on_parcel"]) == (7, "Code128", True)
    assert (read["codes"][0]["text"], read["evidence"]) == ("0" * 13, "0" * 16)


def test_a_text_that_comes_back_from_the_request_is_written_as_where_it_stood() -> None:
    request = {"header": {"id": "c0ffee-1"}, "name": "HONG"}
    masked = masks.json_value({"id": "c0ffee-1", "who": "HONG"}, known=masks.leaves(request))
    assert masked == {"id": {"$same": ["header", "id"]}, "who": {"$same": ["name"]}}
    assert filled(masked, request) == {"id": "c0ffee-1", "who": "HONG"}
    assert masks.http_path("/calls/010-1234-5678") == "/calls/xxx.xxxx.xxxx"


# Taps


def test_nobody_listens_unless_a_table_asks_for_it(tmp_path: Path) -> None:
    options = {"driver": "escpos", "host": "127.0.0.1", "port": 1}
    build(PRINTERS, "receipt_printer", {"receipt_printer": options})
    assert list(tmp_path.iterdir()) == []
    build(PRINTERS, "receipt_printer", {"receipt_printer": options | {"record": str(tmp_path / "r.jsonl")}})
    head = json.loads((tmp_path / "r.jsonl").read_text())
    assert head == {"record": 1, "device": "receipt_printer", "driver": "escpos"}
    assert listening()._file is None


def test_a_recording_that_cannot_be_written_disturbs_no_device(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> Any:
        peer = CallDeskPeer()
        with recorded(Tap("staff_call", "call_desk", tmp_path / "no" / "such.jsonl")):
            http = JsonHttp(f"http://127.0.0.1:{await peer.start()}")
        found = await http.ask("GET", "/calls", None, 2)
        await peer.stop()
        return found

    assert asyncio.run(story()) == (200, {"open": 0})
    assert "no recording to such.jsonl" in caplog.text


def test_a_recording_that_was_forgotten_ends_before_the_disk_is_full(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "LARGEST", 2000)
    tap = Tap("scale", "mt_sics", tmp_path / "r.jsonl")
    for _ in range(200):
        tap.sent(b"SI\r\n")
    lines = (tmp_path / "r.jsonl").read_text().splitlines()
    assert 2000 < (tmp_path / "r.jsonl").stat().st_size < 2100
    assert all(json.loads(line) for line in lines)
    assert caplog.text.count("recording ends") == 1


def test_an_answer_that_is_no_json_is_hidden_too(tmp_path: Path) -> None:
    tap = Tap("id_check", "any", tmp_path / "r.jsonl")
    tap.asked("POST", "/verify", {"name": "홍길동"})
    tap.answered(500, "홍길동 L898902C3".encode())
    assert said_in((tmp_path / "r.jsonl").read_text(encoding="utf-8")) == []
