"""What drivers share: a thread for blocking calls, JSON over HTTP, the edge where text from outside is checked."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import logging
import ssl
import sys
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx

from devices.ports import DeviceFault, FaultCode, Observation
from devices.record import listening
from devices.tls import PinnedContext, refused

T = TypeVar("T")

#: Largest answer taken from an HTTP peer, bytes.
MAX_ANSWER = 256 * 1024


def printable(value: object, limit: int) -> str:
    """The value as text when it is a string of at most `limit` characters without controls or bidi marks, else ''."""
    if not isinstance(value, str) or len(value) > limit:
        return ""
    return value if all(is_plain(character) for character in value) else ""


def is_plain(character: str) -> bool:
    """False for control, format (bidi marks among them), surrogate, private and unassigned characters."""
    return unicodedata.category(character)[0] != "C" and unicodedata.category(character) not in ("Zl", "Zp")


class OneThread:
    """Runs blocking calls one after another in a thread of its own, each under a deadline."""

    def __init__(self, name: str) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=name)

    async def run(self, call: Callable[[], T], timeout_s: float) -> T:
        """The call's result; NO_RESPONSE when the deadline passes first, DISCONNECTED when the thread was stopped."""
        job = asyncio.get_running_loop().run_in_executor(self._pool, call)
        try:
            async with asyncio.timeout(timeout_s):
                return await job
        except TimeoutError:
            raise DeviceFault(FaultCode.NO_RESPONSE, f"no result within {timeout_s:.1f} s") from None
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            raise DeviceFault(FaultCode.DISCONNECTED, "the driver was closed before its turn came") from None

    def stop(self) -> None:
        """Take no more calls; a call that hangs is left behind with its thread."""
        self._pool.shutdown(wait=False, cancel_futures=True)


class JsonHttp:
    """JSON requests to one HTTP peer, a client and a connection each: a call that is cancelled while it connects leaves
    nothing behind, and a closed driver never cuts a call in flight.

    DISCONNECTED: the peer could not be reached, nothing was sent. NO_RESPONSE: it fell silent or hung up after that.
    PROTOCOL: it answered with something else than JSON. Numbers with a decimal point arrive as Decimal.
    NOT_PAIRED, with `tls_pin` (devices/tls.py): it holds another key or speaks no TLS, and nothing of it was sent.
    """

    def __init__(self, base_url: str, tls_pin: str = "", most: int = MAX_ANSWER) -> None:
        if not is_url(base_url):
            raise ValueError(f"'{base_url}' is not a URL; write http://host:port or https://host:port")
        if tls_pin and not base_url.startswith("https://"):
            raise ValueError(f"'{base_url}' cannot be pinned; with tls_pin write https://host:port")
        self._base_url, self._most = base_url, most
        self._context = PinnedContext(tls_pin) if tls_pin else httpx.create_ssl_context(trust_env=False)
        self._tap = listening()
        logging.getLogger("httpcore").setLevel(logging.INFO)  # its DEBUG lines quote what a peer sends back
        unsought("sniffio")

    async def ask(
        self, method: str, path: str, body: object, timeout_s: float, token: str = "", form: bool = False
    ) -> tuple[int, Any]:
        """HTTP status and parsed answer, all within the deadline. `token`: a bearer's; `form`: the body as a form."""
        self._tap.asked(method, path, body)
        call = {"data" if form else "json": body, "headers": {"Authorization": f"Bearer {token}"} if token else {}}
        try:
            async with asyncio.timeout(timeout_s):
                status, raw = await self._read(method, path, call, timeout_s)
        except TimeoutError:
            raise DeviceFault(FaultCode.NO_RESPONSE, f"no answer within {timeout_s:.1f} s") from None
        self._tap.answered(status, raw)
        return status, parsed(raw)

    async def _read(self, method: str, path: str, call: dict[str, Any], timeout_s: float) -> tuple[int, bytes]:
        limits = httpx.Timeout(timeout_s, connect=min(timeout_s, 2.0))
        try:
            async with self._client(limits) as client, client.stream(method, path, **call) as answer:
                return answer.status_code, await self._collect(answer)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            if fault := refused(error):
                raise fault from error
            raise DeviceFault(FaultCode.DISCONNECTED, f"cannot connect: {error}") from error
        except (httpx.UnsupportedProtocol, httpx.LocalProtocolError) as error:
            raise DeviceFault(FaultCode.MISCONFIGURED, str(error)) from error
        except (httpx.RemoteProtocolError, httpx.DecodingError) as error:
            raise DeviceFault(
                FaultCode.PROTOCOL, f"no HTTP: {type(error).__name__}"
            ) from None  # its text quotes the peer
        except ssl.SSLError:  # bytes were changed on the way, after the handshake: the request may have been heard
            raise DeviceFault(FaultCode.PROTOCOL, "TLS was broken on the way") from None
        except httpx.TransportError as error:
            raise DeviceFault(FaultCode.NO_RESPONSE, f"fell silent: {type(error).__name__}") from error

    def _client(self, limits: httpx.Timeout) -> httpx.AsyncClient:
        """A client for one call."""
        return httpx.AsyncClient(base_url=self._base_url, trust_env=False, verify=self._context, timeout=limits)

    async def _collect(self, answer: httpx.Response) -> bytes:
        raw = bytearray()
        async for chunk in answer.aiter_bytes():
            raw += chunk
            if len(raw) > self._most:
                raise DeviceFault(FaultCode.PROTOCOL, f"answer longer than {self._most} bytes")
        return bytes(raw)


class WebDevice:
    """What every driver shares whose other end speaks JSON over HTTP: its options, and opening it, which is a probe."""

    def __init__(
        self, name: str, url: str, branch: str = "", reply_s: float = 3.0, simulated: bool = False, tls_pin: str = ""
    ) -> None:
        self.name = name
        self._http = JsonHttp(url, tls_pin)
        self._branch, self._reply_s, self._simulated = branch, reply_s, simulated

    async def open(self) -> None:
        """Find whoever answers there."""
        await self.probe()

    async def close(self) -> None:
        """Nothing to let go of: each message has a connection of its own."""

    async def probe(self) -> Observation:
        """Whether it is there, and what it says of itself."""
        raise NotImplementedError


def unsought(module: str) -> None:
    """A module that is not installed is not looked for again: httpcore would search the disk for it at every lock."""
    if module not in sys.modules and importlib.util.find_spec(module) is None:
        sys.modules[module] = None  # type: ignore[assignment]  # the import system's own mark of what is not there


def parsed(raw: bytes) -> Any:
    """The JSON of an answer, {} for none; PROTOCOL for anything else, absurd depths and exponents included."""
    try:
        return json.loads(raw, parse_float=Decimal) if raw else {}
    except (ValueError, ArithmeticError, RecursionError):
        raise DeviceFault(FaultCode.PROTOCOL, "the answer is not JSON") from None


def is_url(text: str) -> bool:
    """True for an http or https URL with a host and, where there is one, a port number."""
    try:
        url = urlsplit(text)
        return url.scheme in ("http", "https") and bool(url.hostname) and url.port != 0
    except ValueError:
        return False


def dig(value: Any, *path: str) -> Any:
    """The value under nested keys of parsed JSON, or None where the path ends early."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value
