"""The link as a client meets it: a real socket; what is not in the contract changes nothing.

Another user's client is turned away by its peer credentials; a test process has only one user, so that is not tested.
"""

from __future__ import annotations

import asyncio
import json
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.flow import Asked, Intent, Item, Json, Said
from kiosk.link import BACKLOG_BYTES, LARGEST, LINE_BYTES, Link, parse
from tests.kiosk.feed_branch import until

MALFORMED = {"type": "refused", "intent": "line", "reason": "malformed", "args": {}}
DOC = Path("docs/link.md").read_text(encoding="utf-8")


class Core:
    """The core's end: keeps what it is told."""

    def __init__(self, folder: Path) -> None:
        self.heard: list[Item] = []
        self.path = folder / "link.sock"
        self.link = Link(self.path, self.heard.append)


@asynccontextmanager
async def linked(folder: Path) -> AsyncIterator[Core]:
    core = Core(folder)
    await core.link.open()
    try:
        yield core
    finally:
        await core.link.close()
        await asyncio.sleep(0)


@asynccontextmanager
async def client(core: Core) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_unix_connection(core.path, limit=16 * 1024 * 1024)
    try:
        yield reader, writer
    finally:
        writer.close()
        await asyncio.sleep(0.01)


async def told(reader: asyncio.StreamReader) -> Any:
    return json.loads(await asyncio.wait_for(reader.readline(), 30))


def view(seq: int, **values: object) -> Json:
    return {"type": "view", "seq": seq, "values": values}


def test_only_the_owner_may_connect_and_the_socket_goes_away(tmp_path: Path) -> None:
    async def look() -> None:
        async with linked(tmp_path) as core:
            assert stat.S_IMODE(core.path.stat().st_mode) == 0o600
            (tmp_path / "after").touch()
            assert stat.S_IMODE((tmp_path / "after").stat().st_mode) & 0o400
        assert not core.path.exists()

    asyncio.run(look())


def test_a_socket_left_by_a_killed_core_is_taken_over(tmp_path: Path) -> None:
    async def look() -> None:
        async with linked(tmp_path) as first:
            async with linked(tmp_path) as second, client(second):
                await until(lambda: second.link._clients)
            assert not first.link._clients

    asyncio.run(look())


def test_every_client_gets_every_view_and_a_late_one_the_newest(tmp_path: Path) -> None:
    async def look() -> None:
        async with linked(tmp_path) as core, client(core) as (early, _):
            await until(lambda: core.link._clients)
            core.link.show(view(1, name="홍길동"))
            core.link.show(view(2))
            assert [await told(early), await told(early)] == [view(1, name="홍길동"), view(2)]
            async with client(core) as (late, _):
                assert await told(late) == view(2)
                core.link.show(view(3))
                assert [await told(early), await told(late)] == [view(3), view(3)]

    asyncio.run(look())


def test_an_intent_and_a_question_arrive_and_are_answered_to_their_sender_only(tmp_path: Path) -> None:
    async def look() -> None:
        async with linked(tmp_path) as core, client(core) as (reader, writer), client(core) as (other, _):
            writer.write(b'{"type":"intent","name":"agree","seq":12,"args":{"won":5000}}\n')
            writer.write('{"type":"ask","ask":"address","n":3,"text":"세종대로 2"}\n'.encode())
            await until(lambda: len(core.heard) == 2)
            said, asked = core.heard
            assert isinstance(said, Said)
            assert (said.intent, said.seq) == (Intent("agree", {"won": 5000}), 12)
            assert isinstance(asked, Asked)
            assert (asked.question, asked.n, asked.text) == ("address", 3, "세종대로 2")
            asked.reply({"type": "answer", "n": 3})
            core.link.show(view(1))
            assert [await told(reader), await told(reader)] == [{"type": "answer", "n": 3}, view(1)]
            assert await told(other) == view(1)

    asyncio.run(look())


WRONG = [
    b"\n", b"nonsense\n", b"[]\n", b"null\n", b"{}\n", b'"intent"\n', b"\xff\xfe\n", b'{"type":"view"}\n',
    b'{"type":"intent"}\n', b'{"type":"intent","name":7}\n', b'{"type":"intent","name":"back","seq":"1"}\n',
    b'{"type":"intent","name":"back","seq":-1}\n', b'{"type":"intent","name":"back","seq":1.5}\n',
    b'{"type":"intent","name":"back","seq":' + str(LARGEST + 1).encode() + b"}\n",
    b'{"type":"intent","name":"back","args":[]}\n', b'{"type":"intent","name":"back","args":{},"more":1}\n',
    b'{"type":"intent","name":"' + b"x" * 41 + b'"}\n', b'{"type":"ask","ask":"address","n":1}\n',
    b'{"type":"ask","ask":"address","n":1,"text":"' + b"x" * 201 + b'"}\n',
    b'{"type":"intent","name":"back","args":{"a":"\\ud800"}}\n', b'{"type":"intent","name":"back"} {}\n',
    b'{"type":"intent","name":"back","args":' + b'{"a":' * 5000 + b"1" + b"}" * 5001 + b"\n",
]  # fmt: skip


@pytest.mark.parametrize("line", WRONG, ids=lambda line: line[:50].decode("latin-1"))
def test_a_line_that_is_not_of_the_contract_is_refused_and_the_next_is_heard(tmp_path: Path, line: bytes) -> None:
    async def look() -> None:
        async with linked(tmp_path) as core, client(core) as (reader, writer):
            writer.write(line)
            assert await told(reader) == MALFORMED
            writer.write(b'{"type":"intent","name":"stay"}\n')
            await until(lambda: core.heard)
            assert [item.intent.name for item in core.heard if isinstance(item, Said)] == ["stay"]

    asyncio.run(look())


def test_a_line_that_is_too_long_ends_the_connection_and_nothing_else(tmp_path: Path) -> None:
    async def look() -> None:
        async with linked(tmp_path) as core, client(core) as (reader, writer), client(core) as (other, _):
            writer.write(b'{"type":"intent","name":"stay","args":{"a":"' + b"x" * (2 * LINE_BYTES))
            assert await told(reader) == MALFORMED
            assert await asyncio.wait_for(reader.read(), 30) == b""
            core.link.show(view(1))
            assert await told(other) == view(1)
            assert core.heard == []

    asyncio.run(look())


def test_a_line_cut_off_by_a_dying_client_changes_nothing(tmp_path: Path) -> None:
    async def look() -> None:
        async with linked(tmp_path) as core:
            async with client(core) as (_, writer):
                writer.write(b'{"type":"intent","name":"agr')
            await until(lambda: not core.link._clients)
            assert core.heard == []

    asyncio.run(look())


def test_a_client_that_does_not_read_is_let_go_and_the_others_see_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def look() -> None:
        async with linked(tmp_path) as core, client(core) as (_, deaf), client(core) as (reader, _):
            deaf.transport.pause_reading()  # type: ignore[attr-defined]  # a stream's transport can be read from
            await until(lambda: len(core.link._clients) == 2)
            shown = 0
            while len(core.link._clients) == 2:
                shown += 1
                core.link.show(view(shown, filling="x" * 60_000))
                await told(reader)
                assert shown * 60_000 < 4 * BACKLOG_BYTES
            core.link.show(view(0))
            assert await told(reader) == view(0)

    asyncio.run(look())
    assert caplog.text.count("a screen does not read; it is let go") == 1


@given(st.binary(max_size=300))
def test_no_bytes_whatever_break_the_parser(line: bytes) -> None:
    assert parse(line, lambda _: None) is None


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
def test_no_json_whatever_breaks_the_parser(value: object) -> None:
    item = parse(json.dumps({"type": "intent", "name": "agree", "args": value}).encode(), lambda _: None)
    assert item is None or isinstance(item, Said)


def examples() -> list[str]:
    return [block.strip() for block in DOC.split("```json")[1:] for block in [block.split("```")[0]]]


def test_the_examples_of_the_document_are_of_the_contract() -> None:
    found = [json.loads(example) for example in examples()]
    assert {each["type"] for each in found} == {"view", "answer", "refused", "intent", "ask"}
    for example, each in zip(examples(), found, strict=True):
        assert (parse(example.encode(), lambda _: None) is not None) == (each["type"] in ("intent", "ask"))
