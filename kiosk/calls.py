"""What only a person can settle: open tasks, and what has become of the call for each of them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from kiosk import alarms
from kiosk import facts as f


class Ledger(Protocol):
    """The journal, asked from the event loop."""

    async def append(self, visit: str, fact: f.Fact) -> Any:
        """On disk when this returns."""


class Telephone(Protocol):
    """The road to the operator's call desk."""

    def call(self, task: str, reason: str) -> None:
        """Call staff for a task that is written down."""

    def enquire_call(self, task: str, reason: str) -> None:
        """Ask what the call desk has recorded; a call that it never heard of is placed now."""


@dataclass
class Calls:
    """Tasks by id, the state of their calls, and which of them belong to the customer in front."""

    ledger: Ledger
    telephone: Telephone
    tasks: dict[str, f.StaffTaskRaised] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    mine: set[str] = field(default_factory=set)

    async def raise_task(self, reason: str, number: str = "", won: int = 0, mine: bool = False) -> None:
        """Something for a person: written down first, then called. The same open matter is raised once.

        mine: it is about the customer in front, who is shown what becomes of the call; of others they are not.
        """
        key = reason, number, won
        task = next((t for t in self.tasks.values() if (t.reason, t.number, t.won) == key), None)
        if task is None:
            task = f.StaffTaskRaised(secrets.token_hex(4), *key)
            await self.ledger.append("", task)
            self.tasks[task.task], self.states[task.task] = task, "calling"
            self.telephone.call(task.task, reason)
        if mine:
            self.mine.add(task.task)

    async def alarm(self, fact: f.DeviceChanged) -> None:
        """What a device tells may call for a person at once."""
        for reason in alarms.tasks(fact.device, fact.faults):
            await self.raise_task(reason)

    async def customer_calls(self) -> None:
        """One call at a time; a call nobody answered is placed again."""
        known = next((task for task, raised in self.tasks.items() if raised.reason == "customer_call"), None)
        if known is None:
            await self.raise_task("customer_call", mine=True)
            return
        self.mine.add(known)
        if self.states.get(known) == "no_answer":
            self.states[known] = "calling"
            self.telephone.call(known, "customer_call")

    def hear(self, fact: f.Fact) -> bool:
        """Take in what the call desk has recorded; False when that was known already, or of a task that is closed."""
        match fact:
            case f.StaffAnswered(task, state):
                if self.states.get(task) == state or task not in self.tasks:
                    return False
                self.states[task] = state
            case f.StaffTaskClosed(task):
                self.states.pop(task, None)
                self.tasks.pop(task, None)
        return True

    def take_up(self, fact: f.Fact | None) -> None:
        """A task raised or closed before the last stop; its call counts as placed until the desk says more."""
        match fact:
            case f.StaffTaskRaised() as raised:
                self.tasks[raised.task] = raised
                self.states[raised.task] = "calling"
            case f.StaffTaskClosed(task):
                self.hear(f.StaffTaskClosed(task))

    def ask_again(self) -> None:
        """Enquire what has become of every open call."""
        for task, raised in self.tasks.items():
            self.telephone.enquire_call(task, raised.reason)

    def in_front(self) -> Mapping[str, str]:
        """The calls that the customer in front, or their visit, placed: not the last customer's."""
        return {task: self.states[task] for task in self.mine if task in self.states}
