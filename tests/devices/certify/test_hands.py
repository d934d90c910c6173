"""A person, a program or nobody at the other end: what is asked, what is skipped, what is not to be had."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Collection
from pathlib import Path

import pytest

from devices.bench.scale import ScalePeer
from devices.bench.world import Parcel, World
from devices.certify.hands import ACTS, QUESTIONS, TROUBLES, Command, Nobody, Person, impossible
from devices.certify.suite import KINDS, Subject, certify
from devices.certify.terms import Act, Grade, Hands, NeedsPerson, NotApplicable, Question, Report, Trouble, Verdict


class Helpful:
    """Does at the bench what the sentences ask of a person."""

    def __init__(self, world: World, scale: ScalePeer) -> None:
        self.world, self.scale = world, scale
        self.asked: list[str] = []

    async def answer(self, sentence: str) -> str:
        self.asked.append(sentence)
        deeds: dict[str, Callable[[], object]] = {
            "Put 1 to 2 kg": lambda: self.world.put(Parcel(300, 200, 100, 1500)),
            "Take it away again": self.world.take,
            "Keep pressing": lambda: self.scale.order("moving"),
            "Stop and let": lambda: self.scale.order("moving", False),
        }  # fmt: skip
        deed = next((deed for start, deed in deeds.items() if sentence.startswith(start)), None)
        if deed is None:
            return "s"
        deed()
        return ""


def with_person(tmp_path: Path, hands: Hands | None = None, only: Collection[str] = ()) -> tuple[Report, Helpful]:
    async def story() -> tuple[Report, Helpful]:
        world = World(seed=1)
        scale = ScalePeer(world, tmp_path / "scale.tty", seed=1)
        helper = Helpful(world, scale)
        subject = Subject("scale", "mt_sics", {"port": await scale.start()}, "serial:…")
        try:
            return await certify(subject, hands or Person(helper.answer), only=only, patient=True), helper
        finally:
            await scale.stop()

    return asyncio.run(story())


def test_a_person_is_asked_and_may_skip(tmp_path: Path) -> None:
    report, helper = with_person(tmp_path, only=[rule.id for rule in KINDS["scale"].own])
    skipped = {each.rule for each in report.results if each.verdict is Verdict.NEEDS_PERSON}
    assert skipped == {"scale.overload-is-told", "scale.underload-is-told"}
    assert {each.rule for each in report.results if each.verdict is Verdict.FAIL} == set()
    assert report.grade is Grade.LIMITS
    assert all("press Enter" in sentence for sentence in helper.asked)


def test_without_anybody_the_line_alone_is_tried(tmp_path: Path) -> None:
    report, _ = with_person(tmp_path, Nobody())
    verdicts = {each.rule: each.verdict for each in report.results}
    assert {verdict for rule, verdict in verdicts.items() if rule.startswith("general.")} == {Verdict.PASS}
    assert {verdict for rule, verdict in verdicts.items() if rule.startswith("scale.")} == {Verdict.NEEDS_PERSON}
    assert report.grade is Grade.LIMITS


def test_every_act_and_question_has_a_sentence_and_every_trouble_an_answer() -> None:
    async def ordered(hands: Hands, trouble: Trouble) -> Exception | None:
        try:
            await hands.order(trouble, True)
        except (NeedsPerson, NotApplicable) as why:
            return why
        return None

    async def willing(_: str) -> str:
        return ""

    async def story() -> None:
        for trouble in Trouble:
            asked = await ordered(Person(willing), trouble)
            assert asked is None or (trouble not in TROUBLES and str(asked) == impossible(trouble))
            assert isinstance(await ordered(Nobody(), trouble), NeedsPerson)

    asyncio.run(story())
    assert set(ACTS) == set(Act)
    assert set(QUESTIONS) == set(Question)


def test_a_program_can_assist(tmp_path: Path) -> None:
    program = tmp_path / "assist.py"
    program.write_text(
        "import sys\n"
        "open('heard', 'a').write(' '.join(sys.argv[1:]) + '\\n')\n"
        "print('7')\n"
        "sys.exit(3 if sys.argv[2] == 'jammed' else 0)\n"
    )
    hands = Command(f"{sys.executable} {program}")

    async def story() -> None:
        await hands.order(Trouble.PAPER_OUT, True)
        await hands.do(Act.PUT_LOAD, "2000")
        assert await hands.tell(Question.PAGES) == "7"
        with pytest.raises(NeedsPerson, match="cannot order jammed on"):
            await hands.order(Trouble.JAMMED, True)
        await hands.tidy()

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        asyncio.run(story())
    heard = (tmp_path / "heard").read_text().splitlines()
    assert [line.strip() for line in heard] == [
        "order paper_out on", "do put_load 2000", "tell pages", "order jammed on", "do tidy",
    ]  # fmt: skip
