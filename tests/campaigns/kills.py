"""The core killed with SIGKILL at the boundaries of a visit, and started again; the customer goes on as people do.

A boundary is a screen, or a step that goes on without one after the customer has left (`…_away`).
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from kiosk.services.send_parcel.draft import Step
from tests.branch import BOX
from tests.campaigns import verdict
from tests.campaigns.person import Nature, Person
from tests.campaigns.site import Site

Json = dict[str, Any]
LONGEST_S = 150.0
NATURE = Nature()


@dataclass(frozen=True)
class Moment:
    """When to kill: so many milliseconds after a screen was `seen`, after the person `did` what it asks for, or after
    they are `away`."""

    screen: str
    when: str = "seen"
    after_ms: int = 0


@dataclass(frozen=True)
class Order:
    """A fault that goes on or off when a screen is seen."""

    screen: str
    device: str
    fault: str
    on: bool = True


@dataclass(frozen=True)
class Story:
    """A way through the visit: what fails on it, what sort of person walks it and with what, where the core may be
    killed, how it must end where only one end is right. One that takes minutes comes `once`: until each of its
    boundaries was met."""

    name: str
    moments: tuple[str, ...]
    orders: tuple[Order, ...] = ()
    nature: Nature = NATURE
    pays_while_down: bool = False
    once: bool = False
    ends: str = ""
    box: Json = field(default_factory=lambda: dict(BOX))


QUESTIONS = ("Address", "Detail", "Name", "Phone", "Contents", "Pledge", "Speed", "Insure")
MONEY = (
    "Review", "Working:ready", "Pay", "Working:print", "Stick", "Working:open", "Drop", "Done", "Working:receipt",
    "End",
)  # fmt: skip
COVER = Order("Pay", "label_printer", "cover_open")
STORIES = (
    Story("plain", ("Home", "Place", "Working:measure", "Size", *QUESTIONS, *MONEY)),
    Story("plain", MONEY),
    Story("pays while the core is down", ("Pay",), pays_while_down=True),
    Story(
        "terminal answers late", ("Pay", "Working:print"),
        (Order("Pay", "payment", "slow"), Order("Stick", "payment", "slow", False)),
    ),
    Story(
        "terminal approves and falls silent", ("Pay", "Unsure"),
        (Order("Pay", "payment", "mute_after"), Order("Unsure", "payment", "mute_after", False)),
    ),
    Story(
        "label fails, then prints", ("Working:print", "Stuck:cover_open", "Stick"),
        (COVER, Order("Stuck:cover_open", "label_printer", "cover_open", False)),
    ),
    Story(
        "label fails, money back", ("Stuck:cover_open", "Working:reverse", "Reversed"), (COVER,),
        Nature(money_back=True),
    ),
    Story("label fails, claim slip", ("Stuck:cover_open", "Claim"), (COVER,), Nature(retries=1)),
    Story("gives up at the terminal", ("Pay", "Review"), nature=Nature(cancels_at="Pay")),
    Story("size by hand", ("Size", "ChooseSize", "TakeBack"), nature=Nature(doubts_size=True, cancels_at="Review")),
    Story("too heavy", ("Refused:E_WEIGHT", "TakeBack"), box={**BOX, "grams": 34_000}),
    Story(
        "goes while the terminal owes an answer", ("unsure_away",), (
            Order("Pay", "payment", "mute_after"), Order("Unsure", "payment", "mute_before"),
            Order("Unsure", "receipt_printer", "unplug"),
        ), Nature(unsure_s=0.0, pays_unsure=False, patience_s=60.0), once=True, ends="reversed",
    ),
    Story(
        "goes while the money is on its way back", ("Unsure", "Claim", "reversing_away"),
        (COVER, Order("Stuck:cover_open", "payment", "mute_before")),
        Nature(money_back=True, unsure_s=0.5, pays_unsure=False), ends="reversed",
    ),
    Story("goes before the open door", ("drop_away",), nature=Nature(walks_off_at="Drop"), once=True, ends="left_paid"),
    Story("door does not open", ("Reopen:door_stuck", "Working:open"), (
        Order("Stick", "hatch", "door_stuck"), Order("Reopen:door_stuck", "hatch", "door_stuck", False),
    )),
)  # fmt: skip

#: The steps that each boundary stands for. Four questions are asked twice, of receiver and sender: one screen each.
BOUNDARIES: Mapping[str, tuple[Step, ...]] = {
    "Home": (), "Place": (Step.PLACE,), "Working:measure": (Step.MEASURE,), "Size": (Step.SIZE,),
    "ChooseSize": (Step.CHOOSE_SIZE,), "Refused:E_WEIGHT": (Step.REFUSED,), "TakeBack": (Step.TAKE_BACK,),
    "Address": (Step.TO_ADDRESS, Step.FROM_ADDRESS), "Detail": (Step.TO_DETAIL, Step.FROM_DETAIL),
    "Name": (Step.TO_NAME, Step.FROM_NAME), "Phone": (Step.TO_PHONE, Step.FROM_PHONE), "Contents": (Step.CONTENTS,),
    "Pledge": (Step.PLEDGE,), "Speed": (Step.SPEED,), "Insure": (Step.INSURE,), "Review": (Step.REVIEW,),
    "Working:ready": (Step.READY,), "Pay": (Step.PAY,), "Unsure": (Step.UNSURE,), "unsure_away": (Step.UNSURE_AWAY,),
    "Working:print": (Step.LABEL,), "Stuck:cover_open": (Step.STUCK,), "Working:reverse": (Step.REVERSING,),
    "reversing_away": (Step.REVERSING_AWAY,), "Reversed": (Step.REVERSED,), "Claim": (Step.CLAIM,),
    "Stick": (Step.STICK,), "Working:open": (Step.OPEN,), "Reopen:door_stuck": (Step.REOPEN,), "Drop": (Step.DROP,),
    "drop_away": (Step.DROP_AWAY,), "Done": (Step.DONE,), "Working:receipt": (Step.RECEIPT,), "End": (Step.END,),
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One visit and its kills."""

    name: str
    story: Story
    kills: tuple[Moment, ...]


def cases(seed: int = 1) -> Iterator[Case]:
    """Without end: stories in turn, one to three kills each, every boundary of every story before any comes twice."""
    chance = random.Random(seed)
    left = {index: list(story.moments) for index, story in enumerate(STORIES)}
    number = 0
    while True:
        for index, story in enumerate(STORIES):
            if story.once and not left[index]:
                continue
            kills = tuple(_moment(chance, screen) for screen in _next(left[index], story, chance))
            number += 1
            nature = replace(story.nature, pays_unsure=story.nature.pays_unsure and chance.random() < 0.7)
            yield Case(f"kill-{seed}-{number:03d}", replace(story, nature=nature), kills)


def cases_for(wanted: int) -> Iterator[Case]:
    """The first cases that plan at least so many kills."""
    planned = 0
    for case in cases():
        if planned >= wanted:
            return
        planned += len(case.kills)
        yield case


def _next(left: list[str], story: Story, chance: random.Random) -> list[str]:
    """One to three boundaries, in the order in which the visit meets them."""
    most = 3 if len(story.moments) > 3 else min(2, len(story.moments))
    many = chance.randint(1, most)
    taken = [left.pop(0) for _ in range(min(len(left), many))] or chance.sample(story.moments, many)
    return sorted(taken, key=story.moments.index)


def _moment(chance: random.Random, screen: str) -> Moment:
    """At the screen's first sight, or up to 300 ms after the person answered it (900 ms where a machine then moves)."""
    if screen.endswith("_away"):
        return Moment(screen, "away", chance.choice((0, chance.randint(0, 900))))
    longest = 900 if screen in ("Stick", "Drop") else 300
    when = chance.choice(("seen", "did", "did"))
    by_itself = screen.startswith("Working") or screen == "Unsure"
    return Moment(screen, "seen" if by_itself else when, chance.choice((0, chance.randint(0, longest))))


def run(site: Site, case: Case) -> Json:
    """One case to its end; what was killed, what was seen, how it ended and what was wrong."""
    started, person = time.monotonic(), Person(site, case.story.nature, case.story.box)
    entries, _ = site.entries()
    book, pages, said = len(site.branch.book()), site.acted().labels, len(site.branch.said())
    fallen, problems = _walk(site, person, case)
    untidy = site.tidy()
    problems += [untidy] if untidy else []
    after, broken = site.entries(entries[-1].seq if entries else 0)
    found = verdict.ends(after, site.branch.book()[book:], site.printed(pages))
    problems += [problem for one in found for problem in one.problems] + ([broken] if broken else [])
    problems += verdict.defects(site.branch.said()[said:])
    other = [one.outcome for one in found if case.story.ends not in ("", one.outcome)]
    problems += [f"ended {', '.join(other)}, not {case.story.ends}"] if other else []
    return {
        "case": case.name, "story": case.story.name, "kills": [asdict(moment) for moment in fallen],
        "outcome": [one.outcome for one in found], "kept_won": [one.kept_won for one in found], "seen": person.seen,
        "tasks": sorted({task for one in found for task in one.tasks}), "facts": verdict.told(after),
        "problems": problems, "seconds": round(time.monotonic() - started, 1),
    }  # fmt: skip


def _walk(site: Site, person: Person, case: Case) -> tuple[list[Moment], list[str]]:
    """The visit with its kills; which of them fell, and what went wrong on the way."""
    waiting, orders = list(case.kills), list(case.story.orders)
    fallen: list[Moment] = []
    problems: list[str] = []
    end = time.monotonic() + LONGEST_S
    while not person.gone and time.monotonic() < end:
        screen = person.look()
        _give(site, orders, screen)
        due = _due(waiting, screen, "seen") or _due(waiting, screen, "did" if person.act() else "")
        if due:
            waiting.remove(due)
            fallen.append(due)
            problems += _fall(site, person, case, due)
    if not person.gone:
        problems.append(f"the visit did not end within {LONGEST_S:.0f} s, last seen {person.seen[-3:]}")
    for moment in [each for each in waiting if each.when == "away"]:
        fallen.append(moment)
        problems += [] if site.status().get("visits_open") else [f"nothing went on behind at {moment.screen}"]
        problems += _fall(site, person, case, moment)
    return fallen, problems


def _give(site: Site, orders: list[Order], screen: str) -> None:
    for order in [order for order in orders if order.screen == screen]:
        orders.remove(order)
        site.order(order.device, order.fault, order.on)


def _due(waiting: list[Moment], screen: str, when: str) -> Moment | None:
    return next((moment for moment in waiting if (moment.screen, moment.when) == (screen, when)), None)


def _fall(site: Site, person: Person, case: Case, moment: Moment) -> list[str]:
    time.sleep(moment.after_ms / 1000)
    moved = site.kill(site.quietly if case.story.pays_while_down else None)
    person.after_restart()
    return [f"the restart at {moment.screen} moved: {', '.join(moved)}"] if moved else []
