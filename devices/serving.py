"""The end of a listening socket."""

from __future__ import annotations

import asyncio


def listen_no_more(server: asyncio.Server) -> None:
    """Close it, but give a connection that is just being taken in its turn first.

    CPython 3.11 takes a connection in two turns of its loop; when the server is closed between them, it asserts and
    forgets the connection's socket (python/cpython issue 109564).
    """
    loop = asyncio.get_running_loop()
    for each in server.sockets:
        loop.remove_reader(each.fileno())
    loop.call_soon(server.close)
