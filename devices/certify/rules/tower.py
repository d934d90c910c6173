"""Rules for signal towers: shown is what the board reads back, and a branch that goes away is an alarm."""

from __future__ import annotations

import asyncio

from devices.certify.bed import Bed, Rule, hold, refused
from devices.certify.terms import NotApplicable, Question, Trouble
from devices.ports import FaultCode, Lamp, SignalTower

SHOWS_S = 3.0
#: When the guard company is asked whether it hears the alarm of a silent branch, seconds after each other.
PAUSES_S = (1, 2, 4, 8)
LOOKS = (frozenset({Lamp.GREEN}), frozenset({Lamp.AMBER}), frozenset({Lamp.RED}), frozenset[Lamp]())


def words(lamps: frozenset[Lamp]) -> str:
    """The lamps as the other end tells them."""
    return " ".join(lamp for lamp in Lamp if lamp in lamps) or "none"


async def shows(bed: Bed[SignalTower]) -> None:
    """Each lamp alone, then none."""
    async with bed.opened() as tower:
        for lamps in LOOKS:
            await tower.show(lamps, False, SHOWS_S)
            lit = await bed.tell(Question.LIT)
            hold(lit == words(lamps), f"asked for {words(lamps)}, lit is {lit}")


async def alarms(bed: Bed[SignalTower]) -> None:
    """The relay, and what a probe says of it."""
    async with bed.opened() as tower:
        for alarm, word in ((True, "yes"), (False, "no")):
            await tower.show(frozenset(), alarm, SHOWS_S)
            hold(await bed.tell(Question.ALARM) == word, f"asked for alarm = {alarm}, the line hears the opposite")


async def reads_back(bed: Bed[SignalTower]) -> None:
    """A relay that has burnt together."""
    async with bed.opened() as tower:
        await tower.show(frozenset(), False, SHOWS_S)
        async with bed.trouble(Trouble.RELAY_STUCK):
            await refused(tower.show(frozenset(), True, SHOWS_S), (FaultCode.PROTOCOL,), "the relay is stuck")


async def no_power(bed: Bed[SignalTower]) -> None:
    """Lamps without their supply."""
    async with bed.opened() as tower, bed.trouble(Trouble.NO_POWER):
        if FaultCode.NO_POWER not in (await tower.probe()).faults:
            raise NotApplicable("the supply of the lamps is not sensed; set supply_sensor where it is wired", True)
        await refused(tower.show(frozenset({Lamp.RED}), False, SHOWS_S), (FaultCode.NO_POWER,), "without supply")


async def silence(bed: Bed[SignalTower]) -> None:
    """A board that does not answer."""
    async with bed.opened() as tower, bed.trouble(Trouble.MUTE):
        await refused(tower.show(frozenset({Lamp.RED}), False, SHOWS_S), (), "the board does not answer")


async def closing_keeps(bed: Bed[SignalTower]) -> None:
    """What is lit stays lit when the driver lets go."""
    async with bed.opened() as tower:
        await tower.show(frozenset({Lamp.AMBER}), False, SHOWS_S)
    lit = await bed.tell(Question.LIT)
    hold(lit == words(frozenset({Lamp.AMBER})), f"after closing, lit is {lit}")


async def drops_without_heartbeat(bed: Bed[SignalTower]) -> None:
    """All is well, and then nobody speaks to the board any more, as when the branch has died."""
    async with bed.opened() as tower:
        await tower.show(frozenset(), False, SHOWS_S)
    hold(await bed.tell(Question.ALARM) == "no", "all is well, and the line hears an alarm")
    for pause_s in PAUSES_S:
        await asyncio.sleep(pause_s)
        if await bed.tell(Question.ALARM) == "yes":
            return
    hold(False, f"{sum(PAUSES_S)} s after the last word to the board its relay still holds: a dead branch is not heard")


RULES: tuple[Rule[SignalTower], ...] = (
    Rule("tower.shows", "The lamps that are asked for are lit, and no others.", shows),
    Rule("tower.alarms", "The alarm is what was asked for.", alarms),
    Rule("tower.reads-back", "A relay that does not follow is found by reading it back.", reads_back),
    Rule("tower.no-power", "Lamps without supply are told, never shown.", no_power),
    Rule("tower.silence", "A board that does not answer shows nothing.", silence),
    Rule("tower.closing-keeps", "Closing changes no lamp.", closing_keeps),
    Rule("tower.drops-without-heartbeat", "A branch that falls silent is an alarm.", drops_without_heartbeat),
)
