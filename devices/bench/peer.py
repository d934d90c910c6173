"""What every peer but the printers shares: the faults that can be ordered."""

from __future__ import annotations

import asyncio


class Peer:
    """A device's other end; `ordered` holds the faults that are on now."""

    FAULTS: tuple[str, ...] = ()

    def __init__(self) -> None:
        self.ordered: set[str] = set()

    async def stop(self) -> None:
        """Close everything that it listens on."""

    def order(self, fault: str, on: bool = True) -> None:
        """Order a fault of FAULTS, or take it back; ValueError for another word. Call it in the peer's event loop."""
        if fault not in self.FAULTS:
            raise ValueError(f"'{fault}' is no fault of this device; it knows {', '.join(self.FAULTS)}")
        if (fault in self.ordered) == on:
            return
        (self.ordered.add if on else self.ordered.discard)(fault)
        self.ordered_changed(fault, on)

    def ordered_changed(self, fault: str, on: bool) -> None:
        """Called after a fault was ordered or taken back."""

    @property
    def faults(self) -> tuple[str, ...]:
        """The faults that are on now."""
        return tuple(fault for fault in self.FAULTS if fault in self.ordered)


class Held:
    """What a peer holds back: each for so many seconds, or until it is let go."""

    def __init__(self) -> None:
        self._held = list[tuple[asyncio.Event, asyncio.Event]]()

    async def wait(self, seconds: float) -> None:
        """Return when it may go on."""
        go, gone = mine = asyncio.Event(), asyncio.Event()
        self._held.append(mine)
        try:
            async with asyncio.timeout(seconds):
                await go.wait()
        except TimeoutError:
            pass
        finally:
            self._held.remove(mine)
            gone.set()

    async def release(self) -> None:
        """Let go at once of all that is held back now; returns when it has gone on."""
        held = tuple(self._held)
        for go, _ in held:
            go.set()
        for _, gone in held:
            await gone.wait()
