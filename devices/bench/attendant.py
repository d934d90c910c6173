"""What everybody who stands at the other end of a wire for the contract suite has in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from devices.bench.peer import Peer
from devices.bench.printer import PrinterPeer
from devices.certify.terms import Act, NotApplicable, Question, Trouble

HOST = "127.0.0.1"
Options = dict[str, object]


class Attendant:
    """One peer; `troubles` are its words for those of the suite."""

    troubles: ClassVar[Mapping[Trouble, str]] = {}

    def __init__(self, peer: Peer | PrinterPeer) -> None:
        self.peer = peer

    async def start(self) -> Options:
        """Start the peer; returns the options that lead a driver to it."""
        raise NotImplementedError

    async def stop(self) -> None:
        """Stop the peer."""
        await self.peer.stop()

    async def order(self, fault: Trouble, on: bool) -> None:
        """Order a fault of the peer."""
        if fault not in self.troubles:
            raise NotApplicable(f"this peer cannot be ordered to do this ({fault})", limits=True)
        self.peer.order(self.troubles[fault], on)

    async def do(self, act: Act, value: str = "") -> None:
        """One act."""
        raise NotApplicable(f"nobody does this here ({act})", limits=True)

    async def tell(self, question: Question) -> str:
        """One answer."""
        raise NotApplicable(f"nobody knows this here ({question})", limits=True)

    async def tidy(self) -> None:
        """Take back every fault."""
        for fault in self.peer.faults:
            self.peer.order(fault, False)
