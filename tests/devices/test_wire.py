"""Blocking calls in a thread of their own: every one ends in a result or a fault, never in silence."""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from contextlib import suppress

import pytest

from devices.ports import DeviceFault, FaultCode
from devices.wire import JsonHttp, OneThread, parsed


def test_a_call_that_waits_for_its_turn_ends_as_disconnected_when_the_thread_is_stopped() -> None:
    async def story() -> FaultCode:
        thread = OneThread("t")
        first = asyncio.create_task(thread.run(lambda: time.sleep(0.2), 5))
        second = asyncio.create_task(thread.run(lambda: None, 5))
        await asyncio.sleep(0.05)
        thread.stop()
        await first
        with pytest.raises(DeviceFault) as fault:
            await second
        return fault.value.code

    assert asyncio.run(story()) is FaultCode.DISCONNECTED


def test_a_caller_that_is_cancelled_stays_cancelled() -> None:
    async def story() -> bool:
        thread = OneThread("t")
        task = asyncio.create_task(thread.run(lambda: time.sleep(0.1), 5))
        await asyncio.sleep(0.02)
        task.cancel()
        await asyncio.wait([task])
        thread.stop()
        return task.cancelled()

    assert asyncio.run(story())


def test_calls_cancelled_at_any_moment_leave_no_connection_behind() -> None:
    """A lost connection would be held for ever, and a hundred of them would end all calls."""
    held: set[asyncio.StreamWriter] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.add(writer)
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
            await reader.read()  # until the client hangs up
        writer.close()
        held.discard(writer)

    async def story() -> None:
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            http = JsonHttp(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
            for moment in range(120):
                call = asyncio.ensure_future(http.ask("GET", "/", None, 2.0))
                for _ in range(moment % 12):
                    await asyncio.sleep(0)
                call.cancel()
                await asyncio.wait([call])
            end = time.monotonic() + 5
            while held and time.monotonic() < end:  # noqa: ASYNC110 - the server tells nobody when it lets go
                await asyncio.sleep(0.01)
            assert not held

    asyncio.run(story())


@pytest.mark.parametrize(
    "raw", [b"{", b"\xff", b"[" * 100_000, b'{"a":' * 50_000, b"1e99999999999999999999", b"9" * 5_000]
)
def test_json_of_absurd_depth_or_size_is_no_answer(raw: bytes) -> None:
    with pytest.raises(DeviceFault) as fault:
        parsed(raw)
    assert fault.value.code is FaultCode.PROTOCOL


def test_nothing_that_a_peer_sends_back_is_quoted(caplog: pytest.LogCaptureFixture) -> None:
    """A peer that is no HTTP server, or puts what it was asked into its headers, gets none of it into a log."""
    caplog.set_level(logging.DEBUG)
    answers = [b"1234567890123\x00 no status line\r\n\r\n", b"HTTP/1.1 200 OK\r\nEcho: 1234567890123\r\n\r\n"]

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answers.pop(0))
        await writer.drain()
        writer.close()

    async def story() -> str:
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            logging.getLogger("httpcore").setLevel(logging.NOTSET)
            http = JsonHttp(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
            with pytest.raises(DeviceFault) as fault:
                await http.ask("GET", "/", None, 2.0)
            await http.ask("GET", "/", None, 2.0)
        told = "".join(traceback.format_exception(fault.value))
        assert fault.value.code is FaultCode.PROTOCOL
        return told

    assert "1234567890123" not in asyncio.run(story()) + caplog.text
