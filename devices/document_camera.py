"""A document camera with a reader of its own over the counter's glass: JSON over HTTPS.

`GET /status` answers `{"ready", "media"}`. `POST /read {"kind"}` answers `{"fields": {name: {"text", "sure"}}}`;
`POST /photograph` answers `{"jpeg" (base64), "width", "height"}`. Pictures and texts stay in memory and in no log.
"""

from __future__ import annotations

import base64
import binascii
from http import HTTPStatus
from typing import Any

from devices.counter import DocumentKind, Photo, PrintedField, Proposal
from devices.ports import DeviceFault, FaultCode, Observation
from devices.wire import JsonHttp, dig, printable

FIELDS = ("name", "number", "issued", "birth", "expiry")
LARGEST_PHOTO = 4 << 20
JPEG = b"\xff\xd8\xff"
#: What the camera says instead of an answer.
TROUBLES = {
    "no_media": FaultCode.NO_MEDIA, "dark": FaultCode.CAMERA_DARK, "moving": FaultCode.UNSTABLE,
    "lost": FaultCode.CAMERA_LOST,
}  # fmt: skip


class GlassCamera:
    """One camera."""

    def __init__(
        self, name: str, url: str, reply_s: float = 3.0, simulated: bool = False, tls_pin: str = ""
    ) -> None:
        self.name = name
        self._http = JsonHttp(url, tls_pin, LARGEST_PHOTO * 2)
        self._reply_s, self._simulated = reply_s, simulated

    async def open(self) -> None:
        """Find the camera."""
        await self.probe()

    async def close(self) -> None:
        """Nothing to let go of: each message has a connection of its own."""

    async def probe(self) -> Observation:
        """Is it there, and does it see."""
        status, said = await self._ask("GET", "/status", None, self._reply_s)
        ready, trouble = dig(said, "ready"), dig(said, "trouble")
        if status != HTTPStatus.OK or type(ready) is not bool:
            raise DeviceFault(FaultCode.PROTOCOL, "the camera does not say whether it is ready")
        if not ready:
            raise DeviceFault(TROUBLES.get(str(trouble), FaultCode.CAMERA_LOST), "the camera is not ready")
        return Observation(simulated=self._simulated)

    async def propose(self, kind: DocumentKind, timeout_s: float) -> Proposal:
        """What seems to be printed there; what is no plain text is left out."""
        said = self._well(*await self._ask("POST", "/read", {"kind": kind.value}, timeout_s))
        found = {name: _field(dig(said, "fields", name)) for name in FIELDS}
        return Proposal({name: field for name, field in found.items() if field.text})

    async def photograph(self, timeout_s: float) -> Photo:
        """One picture."""
        said = self._well(*await self._ask("POST", "/photograph", {}, timeout_s))
        try:
            jpeg = base64.b64decode(dig(said, "jpeg"), validate=True)
        except (TypeError, ValueError, binascii.Error):
            raise _broken() from None
        width, height = dig(said, "width"), dig(said, "height")
        if not jpeg.startswith(JPEG) or len(jpeg) > LARGEST_PHOTO or type(width) is not int or type(height) is not int:
            raise _broken()
        return Photo(jpeg, width, height)

    async def _ask(self, method: str, path: str, body: object, timeout_s: float) -> tuple[int, Any]:
        """A fault's wording could quote what was read: only its code goes on."""
        try:
            return await self._http.ask(method, path, body, timeout_s)
        except DeviceFault as fault:
            raise DeviceFault(fault.code, "the document camera cannot be used") from None

    def _well(self, status: int, said: Any) -> Any:
        trouble = dig(said, "trouble")
        if status == HTTPStatus.CONFLICT and trouble in TROUBLES:
            raise DeviceFault(TROUBLES[trouble], "the document cannot be read as it lies there")
        if status != HTTPStatus.OK:
            raise _broken()
        return said


def _broken() -> DeviceFault:
    return DeviceFault(FaultCode.PROTOCOL, "the camera answers something that is no reading and no picture")


def _field(said: Any) -> PrintedField:
    """A field of at most 60 plain characters, and a sureness of 0 to 1 (JSON numbers arrive as Decimal)."""
    sure = dig(said, "sure")
    try:
        value = float(sure) if not isinstance(sure, bool) else 0.0
    except (TypeError, ValueError, OverflowError):
        value = 0.0
    return PrintedField(printable(dig(said, "text"), 60), value if 0.0 <= value <= 1.0 else 0.0)
