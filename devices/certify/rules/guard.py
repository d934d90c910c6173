"""Rules for risk guards: an alarm arrives once, in metres; a camera that does not tell the truth is itself told."""

from __future__ import annotations

from devices.certify.bed import Bed, Rule, hold, refused
from devices.certify.terms import Act, Trouble
from devices.guarding import BEGINNING, Alarm, Guard, News, Urgency
from devices.ports import FaultCode

WAITS_S = 1.0


def alarms(news: News) -> list[Alarm]:
    """The alarms among the news."""
    return [one for one in news.alarms if isinstance(one, Alarm)]


async def arrives(bed: Bed[Guard]) -> None:
    """A truck and a person come close."""
    async with bed.opened() as guard:
        place = (await guard.news(BEGINNING, 0.0)).after
        await bed.do(Act.RAISE_ALARM)
        told = alarms(await guard.news(place, WAITS_S))
    hold(len(told) == 1, f"one alarm was raised, {len(told)} arrived")
    hold(told[0].urgency is Urgency.WARNING and told[0].kind == "collision", f"it arrived as {told[0]}")
    hold(told[0].separation_m is not None and told[0].ttc_s is not None, "an alarm without its metres and seconds")


async def not_twice(bed: Bed[Guard]) -> None:
    """Asked again from where the last answer ended."""
    async with bed.opened() as guard:
        await bed.do(Act.RAISE_ALARM)
        first = await guard.news(BEGINNING, WAITS_S)
        again = await guard.news(first.after, 0.0)
    hold(bool(alarms(first)), "the alarm did not arrive")
    hold(not alarms(again), "the same alarm arrived twice")


async def stands(bed: Bed[Guard]) -> None:
    """What a lamp has to show."""
    async with bed.opened() as guard:
        await bed.do(Act.RAISE_ALARM)
        standing = (await guard.news(BEGINNING, WAITS_S)).standing
    hold(Urgency.WARNING in standing.values(), f"a warning stands, told is {dict(standing)}")


async def restarted(bed: Bed[Guard]) -> None:
    """The process was started again and counts anew."""
    async with bed.opened() as guard:
        for _ in range(3):
            await bed.do(Act.RAISE_ALARM)
        place = (await guard.news(BEGINNING, WAITS_S)).after
        async with bed.trouble(Trouble.RESTARTED):
            await bed.do(Act.RAISE_ALARM)
            told = alarms(await guard.news(place, WAITS_S))
    hold(len(told) == 1, f"after a new start one alarm was raised, {len(told)} arrived")


async def nonsense(bed: Bed[Guard]) -> None:
    """A distance that is no number."""
    async with bed.opened() as guard, bed.trouble(Trouble.NONSENSE):
        await bed.do(Act.RAISE_ALARM)
        await refused(guard.news(BEGINNING, WAITS_S), (FaultCode.PROTOCOL,), "the guard tells a distance of 'near'")


async def no_controls(bed: Bed[Guard]) -> None:
    """A zone whose name moves the cursor."""
    async with bed.opened() as guard, bed.trouble(Trouble.CONTROL_CHARS):
        await bed.do(Act.RAISE_ALARM)
        told = alarms(await guard.news(BEGINNING, WAITS_S))
    hold(all(one.zone.isprintable() for one in told), "a zone's name with control characters went through")


async def dark(bed: Bed[Guard]) -> None:
    """A camera in the dark."""
    async with bed.opened() as guard, bed.trouble(Trouble.DARK):
        hold(FaultCode.CAMERA_DARK in (await guard.probe()).faults, "a dark camera is not told")


async def covered(bed: Bed[Guard]) -> None:
    """A bag over the camera."""
    async with bed.opened() as guard, bed.trouble(Trouble.COVERED):
        hold(FaultCode.CAMERA_TAMPERED in (await guard.probe()).faults, "a covered camera is not told")


async def lost(bed: Bed[Guard]) -> None:
    """One camera's cable."""
    async with bed.opened() as guard, bed.trouble(Trouble.ONE_CAMERA_LOST):
        hold(FaultCode.CAMERA_LOST in (await guard.probe()).faults, "a lost camera is not told")


RULES: tuple[Rule[Guard], ...] = (
    Rule("guard.arrives", "An alarm arrives with its urgency, metres and seconds.", arrives),
    Rule("guard.not-twice", "An alarm arrives once.", not_twice),
    Rule("guard.stands", "What stands now is told beside what is new.", stands),
    Rule("guard.restarted", "A guard that was started again is listened to from its beginning.", restarted),
    Rule("guard.nonsense", "News that make no sense are a fault, never an alarm.", nonsense),
    Rule("guard.no-controls", "No control character comes through.", no_controls),
    Rule("guard.dark", "A dark camera is told.", dark),
    Rule("guard.covered", "A camera that somebody has covered, moved or smeared is told.", covered),
    Rule("guard.lost", "A lost camera is told.", lost),
)
