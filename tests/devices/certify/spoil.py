"""Real drivers of which some methods are replaced by wrong ones, and the common ways of being wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from devices.ports import Device, DeviceFault, FaultCode

Method = Callable[..., Awaitable[Any]]


class Spoilt:
    """A real driver of which some methods are replaced; a replacement gets the driver first, then the arguments."""

    def __init__(self, device: Device, methods: dict[str, Method]) -> None:
        self.device: Any = device
        self.methods = methods
        self.kept: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        if name not in self.methods:
            return getattr(self.device, name)

        async def instead(*args: Any, **more: Any) -> Any:
            return await self.methods[name](self, *args, **more)

        return instead


@dataclass(frozen=True)
class Breaker:
    """A kind, whose usual driver is spoilt, and its spoilt methods."""

    kind: str
    methods: dict[str, Method]


def spoil(kind: str, /, **methods: Method) -> Breaker:
    return Breaker(kind, methods)


def always(value: Any) -> Method:
    async def answer(_: Spoilt, *__: Any, **___: Any) -> Any:
        return value

    return answer


def swallowing(name: str, value: Any, *codes: FaultCode) -> Method:
    """The real call, whose faults (of these codes) become a value."""

    async def call(self: Spoilt, *args: Any, **more: Any) -> Any:
        try:
            return await getattr(self.device, name)(*args, **more)
        except DeviceFault as fault:
            if codes and fault.code not in codes:
                raise
            return value() if callable(value) else value

    return call


def changing(name: str, change: Callable[[Any], Any]) -> Method:
    """The real call, whose value is changed."""

    async def call(self: Spoilt, *args: Any, **more: Any) -> Any:
        return change(await getattr(self.device, name)(*args, **more))

    return call


def control_characters(seen: Any) -> Any:
    """An observation that moves the cursor of whoever reads it."""
    return replace(seen, values=(("door", "closed\x1b[2J"),))


def other_fault(name: str, code: FaultCode) -> Method:
    """The real call, whose faults get another name."""

    async def call(self: Spoilt, *args: Any, **more: Any) -> Any:
        try:
            return await getattr(self.device, name)(*args, **more)
        except DeviceFault:
            raise DeviceFault(code) from None

    return call


def raising(error: Exception) -> Method:
    async def call(_: Spoilt, *__: Any, **___: Any) -> Any:
        raise error

    return call


async def hanging(_: Spoilt, *__: Any, **___: Any) -> Any:
    await asyncio.sleep(3600)


def slow(name: str, seconds: float) -> Method:
    """The real call, whose fault is told late."""

    async def call(self: Spoilt, *args: Any, **more: Any) -> Any:
        try:
            return await getattr(self.device, name)(*args, **more)
        except DeviceFault:
            await asyncio.sleep(seconds)
            raise

    return call


def told(name: str, code: FaultCode, instead: FaultCode) -> Method:
    """One fault is called by another name."""

    async def call(self: Spoilt, *args: Any, **more: Any) -> Any:
        try:
            return await getattr(self.device, name)(*args, **more)
        except DeviceFault as fault:
            raise DeviceFault(instead if fault.code is code else fault.code) from None

    return call


def without(code: FaultCode) -> dict[str, Method]:
    return {"probe": changing("probe", lambda seen: replace(seen, faults=seen.faults - {code}))}
