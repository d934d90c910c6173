"""Whoever listens no more has forgotten no connection, in whichever turn of the loop it came."""

import asyncio
import gc
import socket
import warnings
from collections.abc import Callable

import pytest

from devices.serving import listen_no_more


async def left_open(turns: int, end: Callable[[asyncio.Server], object]) -> list[str]:
    """What the interpreter says of sockets that nobody closed, when listening ends so many turns after a connection."""
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    with socket.create_connection(server.sockets[0].getsockname(), 5):
        for _ in range(turns):
            await asyncio.sleep(0)
        end(server)
        for _ in range(9):
            await asyncio.sleep(0)
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            del server
            gc.collect()
    return [str(each.message) for each in said if each.category is ResourceWarning]


@pytest.mark.parametrize("turns", range(6))
def test_no_connection_is_forgotten(turns: int) -> None:
    assert asyncio.run(left_open(turns, listen_no_more)) == []
