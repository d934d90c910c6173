"""The fraud shield: what speaks against moving this money now, and what slows it down. Pure.

The figures are those of config/fraud.toml. Hard stops are F1, F3, F6 and F10 alone; every other rule asks, waits, tells
a trusted person or fetches an officer.
No rule looks at age or sex alone. The same case, answers and book give the same assessment, for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class Act(StrEnum):
    """What the customer wants to do."""

    TRANSFER = "transfer"
    DELAYED = "delayed"
    BILL = "bill"
    CASH_OUT = "cash_out"
    DEPOSIT = "deposit"  # without card or passbook, into somebody's account
    LOAN = "loan"
    OPENING = "opening"  # an account opened without meeting anybody
    BREAKING = "breaking"  # a term deposit ended early


class Action(IntEnum):
    """What a rule asks for, the mildest first. From HOLD on the money does not move at once."""

    NOTICE = 1
    OFFER = 2
    NOTIFY = 3
    ASK = 4
    HOLD = 5
    OFFICER = 6
    STOP = 7


#: The only rules that may stop: law or industry practice (facts: data-security.md, section 5).
HARD = frozenset({"F1", "F3", "F6", "F10"})
#: What moves money out of an account of the customer.
OUT = frozenset({Act.TRANSFER, Act.DELAYED, Act.BILL, Act.CASH_OUT})
#: Signs that somebody hides or is being led (F11); what the lobby camera may report, never stored as pictures.
SIGNS = ("phone_at_ear", "sunglasses", "headwear", "second_face")
#: The most questions that are asked at once.
QUESTIONS = 4
TOLD, CALL, APP, PREPAY, FAMILY, SECRET = "told", "call", "app", "prepay", "family", "secret"
#: Stops that an officer may lift who has confirmed the purpose: they ask for just that.
LIFTED = frozenset({"F3"})


@dataclass(frozen=True)
class Credit:
    """One transfer that came in, won, and how many seconds ago."""

    won: int
    seconds_ago: int


@dataclass(frozen=True)
class Case:
    """All that the rules look at. Money in won; None = nobody knows. Holds no name and no account number."""

    act: Act
    won: int = 0
    balance_won: int = 0
    day_won: int = 0  # moved out today before this
    credits: tuple[Credit, ...] = ()
    age: int | None = None
    sex: str = ""  # "M", "F" or unknown; chooses wording alone
    cash_outs_24h: int = 0  # before this one
    transfers_here: int = 1  # earlier ones of this customer at this kiosk
    idle_days: int = 0  # since the last transfer at a machine
    payee_known: bool = True  # paid before
    payee_own: bool = False  # the customer's own, or one registered with the bank
    payee_listed: bool = False  # on the shared list (F14)
    payee_day_won: int = 0  # what the payee got without card or passbook today
    delays: bool = False  # F7 is agreed with the bank
    designates: bool = False  # F8 is agreed with the bank
    trusted: bool = False  # F9: a trusted person is named
    block: str = "clear"  # F10: clear, set, or unknown
    alarm: bool = False  # the bank's own fraud detection speaks
    signs: frozenset[str] = frozenset()
    wants_cash: bool = False
    no_reason: bool = False
    upset: bool = False
    held_s: int | None = None  # a hold for this payee: seconds left, 0 = it has passed, None = there was none


@dataclass(frozen=True)
class Answer:
    """One answer: yes or no, and how long it took, milliseconds."""

    question: str
    yes: bool
    ms: int


@dataclass(frozen=True)
class Rule:
    """One line of config/fraud.toml. `basis` is law, practice, abroad or ours; a figure that a rule lacks is 0."""

    id: str
    on: bool
    basis: str
    acts: frozenset[Act]
    won: int = 0
    day_won: int = 0
    age: int = 0
    seconds: int = 0
    days: int = 0
    count: int = 0
    ms: int = 0


@dataclass(frozen=True)
class Book:
    """The rules in force, by id, and the version of the file that they were read from."""

    version: str
    rules: Mapping[str, Rule]
    hold_s: int = 1800


@dataclass(frozen=True)
class Finding:
    """What one rule says: the action, the id of the sentence that tells why, a limit in won, a wait in seconds."""

    rule: str
    action: Action
    text: str
    won: int = 0
    seconds: int = 0


@dataclass(frozen=True)
class Assessment:
    """What all rules together say, and the questions that are still to be asked."""

    version: str
    findings: tuple[Finding, ...] = ()
    questions: tuple[str, ...] = field(default=())

    @property
    def worst(self) -> int:
        """The strongest action asked for; 0 where nothing speaks."""
        return max((finding.action for finding in self.findings), default=0)

    @property
    def stopped(self) -> bool:
        """A hard stop: law or practice forbids it here and now."""
        return self.worst == Action.STOP

    @property
    def moves(self) -> bool:
        """Whether the money may move now: nothing stops, holds, waits for an officer or is still to be asked."""
        return self.worst < Action.HOLD and not self.questions

    @property
    def wait_s(self) -> int:
        """How long to wait, seconds: the longest of what the rules ask for."""
        return max((finding.seconds for finding in self.findings if finding.action >= Action.HOLD), default=0)

    @property
    def moves_by_officer(self) -> bool:
        """Whether an officer who confirms the purpose may let it go on: no stop but those that ask for just this."""
        return all(finding.action < Action.STOP or finding.rule in LIFTED for finding in self.findings)

    def asks(self, action: Action) -> bool:
        """Whether any rule asks for just this."""
        return any(finding.action == action for finding in self.findings)


def assess(case: Case, answers: tuple[Answer, ...], book: Book) -> Assessment:
    """Every rule that is on, over one case and what was answered so far."""
    findings = tuple(
        finding
        for id_, speaks in RULES.items()
        if (rule := book.rules[id_]).on and case.act in rule.acts
        for finding in speaks(case, rule, answers, book)
    )
    known = {answer.question for answer in answers}
    wanted = dict.fromkeys(question for finding in findings for question in asked_by(finding, case))
    return Assessment(book.version, findings, tuple(q for q in [*wanted][:QUESTIONS] if q not in known))


def asked_by(finding: Finding, case: Case) -> tuple[str, ...]:
    """The plain questions that a finding wants answered; F2 chooses them by who is preyed on how."""
    if finding.action != Action.ASK:
        return ()
    if finding.rule != "F2":
        return ASKED.get(finding.rule, (TOLD, CALL, APP))
    if case.sex == "M" and case.age is not None and 40 <= case.age < 60:
        return TOLD, PREPAY, CALL, APP
    if case.sex == "F" and case.age is not None and case.age >= 60:
        return TOLD, FAMILY, CALL, APP
    return TOLD, CALL, APP, SECRET


ASKED: Mapping[str, tuple[str, ...]] = {"F4": (TOLD, CALL, APP), "F11": (CALL,), "F13": (TOLD, CALL), "O7": (TOLD, APP)}
Findings = Iterator[Finding]
Speaks = Callable[[Case, Rule, tuple[Answer, ...], Book], Findings]


def _delayed_withdrawal(case: Case, rule: Rule, answers: tuple[Answer, ...], book: Book) -> Findings:
    """F1: money that came in by one large transfer stays for half an hour, even if the balance moves."""
    fresh = [credit for credit in case.credits if credit.won >= rule.won and credit.seconds_ago < rule.seconds]
    free = max(0, case.balance_won - sum(credit.won for credit in fresh))
    if fresh and case.won > free:
        wait = rule.seconds - min(credit.seconds_ago for credit in fresh)
        yield Finding("F1", Action.STOP, "shield.F1", free, wait)


def _questionnaire(case: Case, rule: Rule, answers: tuple[Answer, ...], book: Book) -> Findings:
    """F2: large sums are asked about."""
    if case.won >= rule.won:
        yield Finding("F2", Action.ASK, "shield.F2")


def _officer_confirms(case: Case, rule: Rule, answers: tuple[Answer, ...], book: Book) -> Findings:
    """F3: from this sum on a person in charge must confirm the purpose."""
    if case.won >= rule.won:
        yield Finding("F3", Action.STOP, "shield.F3", rule.won)


def _asks_the_old(case: Case, rule: Rule, answers: tuple[Answer, ...], book: Book) -> Findings:
    """F4: a large sum, or a new payee, of somebody of this age; the age alone is nothing."""
    if case.age is not None and case.age >= rule.age and (case.won >= rule.won or not case.payee_known):
        yield Finding("F4", Action.ASK, "shield.F4")


def _insists_on_cash(case: Case, rule: Rule, answers: tuple[Answer, ...], book: Book) -> Findings:
    """F5: a deposit ended early, cash insisted on, no reason, upset: 112 by guideline, with an officer."""
    signs = (case.act == Act.BREAKING, case.wants_cash, case.no_reason, case.upset)
    if sum(signs) >= rule.count:
        yield Finding("F5", Action.OFFICER, "shield.F5")


def _without_media(case: Case, rule: Rule, answers: tuple[Answer, ...], book: Book) -> Findings:
    """F6: limits of a deposit without card or passbook, each and a payee's day."""
    if case.won > rule.won:
        yield Finding("F6", Action.STOP, "shield.F6", rule.won)
    elif case.payee_day_won + case.won > rule.day_won:
        yield Finding("F6", Action.STOP, "shield.F6.day", max(0, rule.day_won - case.payee_day_won))


def _delay_offered(case: Case, rule: Rule, answers: tuple[Answer, ...], book: Book) -> Findings:
    """F7: offered at the first transfers here; agreed, it holds for everybody but own and registered accounts."""
    if case.delays and not case.payee_own:
        yield Finding("F7", Action.NOTICE, "shield.F7.agreed", 0, rule.seconds)
    elif not case.delays and case.transfers_here < rule.count and case.act == Act.TRANSFER:
        yield Finding("F7", Action.OFFER, "shield.F7", 0, rule.seconds)


def _designated(case: Case, rule: Rule, answers: tuple[Answer, ...], book: Book) -> Findings:
    """F8: agreed, a payee who is not registered gets at most so much a day."""
    if case.designates and not case.payee_own and case.day_won + case.won > rule.day_won:
        yield Finding("F8", Action.OFFICER, "shield.F8", max(0, rule.day_won - case.day_won))


def _trusted_person(case: Case, rule: Rule, answers: tuple[Answer, ...], book: Book) -> Findings:
    """F9: agreed, a trusted person hears of a loan that is applied for."""
    if case.trusted and case.age is not None and case.age >= rule.age:
        yield Finding("F9", Action.NOTIFY, "shield.F9")


def _safety_block(case: Case, rule: Rule, answers: tuple[Answer, ...], book: Book) -> Findings:
    """F10: the customer has blocked such business; only a counter lifts it. Unknown is not clear."""
    if case.block != "clear":
        yield Finding("F10", Action.STOP, "shield.F10" if case.block == "set" else "shield.F10.unknown")


def _behaviour(case: Case, rule: Rule, answers: tuple[Answer, ...], book: Book) -> Findings:
    """F11: signs alone are asked about; with the bank's own alarm an officer comes."""
    if len(case.signs) >= rule.count:
        yield Finding("F11", Action.OFFICER if case.alarm else Action.ASK, "shield.F11")


def _dormant(case: Case, rule: Rule, answers: tuple[Answer, ...], book: Book) -> Findings:
    """F12: after a year without one, small transfers only, each and a day."""
    if case.idle_days >= rule.days and (case.won > rule.won or case.day_won + case.won > rule.day_won):
        yield Finding("F12", Action.OFFICER, "shield.F12", max(0, min(rule.won, rule.day_won - case.day_won)))


def _capped_age(case: Case, rule: Rule, answers: tuple[Answer, ...], book: Book) -> Findings:
    """F13, off: a sum above the cap of somebody of this age is asked about."""
    if case.age is not None and case.age >= rule.age and case.won > rule.won:
        yield Finding("F13", Action.ASK, "shield.F13")


def _listed(case: Case, rule: Rule, answers: tuple[Answer, ...], book: Book) -> Findings:
    """F14: the payee's account is on the list that financial firms share."""
    if case.payee_listed:
        yield Finding("F14", Action.OFFICER, "shield.F14", 0, book.hold_s)


def _cash_again(case: Case, rule: Rule, answers: tuple[Answer, ...], book: Book) -> Findings:
    """O1: one cash-out after another."""
    if case.cash_outs_24h + 1 >= rule.count:
        yield Finding("O1", Action.ASK, "shield.O1")


def _first_large(case: Case, rule: Rule, answers: tuple[Answer, ...], book: Book) -> Findings:
    """O2: much money to somebody never paid before."""
    if not case.payee_known and case.won >= rule.won:
        yield Finding("O2", Action.ASK, "shield.O2")


def _held(rule: str, case: Case, book: Book) -> Finding:
    """A wait of half an hour; one that has passed for this payee is not asked for again, an officer is."""
    if case.held_s == 0:
        return Finding(rule, Action.OFFICER, f"shield.{rule}")
    return Finding(rule, Action.HOLD, f"shield.{rule}", 0, book.hold_s if case.held_s is None else case.held_s)


def _yes(answers: tuple[Answer, ...], *questions: str) -> bool:
    return any(answer.yes and answer.question in questions for answer in answers)


def _on_the_phone(case: Case, rule: Rule, answers: tuple[Answer, ...], book: Book) -> Findings:
    """O3: on the phone while money is to move."""
    if _yes(answers, CALL):
        yield _held("O3", case, book)


def _remote_control(case: Case, rule: Rule, answers: tuple[Answer, ...], book: Book) -> Findings:
    """O4: somebody had an app installed that lets others see or steer the telephone."""
    if _yes(answers, APP):
        yield _held("O4", case, book)


def _coached(case: Case, rule: Rule, answers: tuple[Answer, ...], book: Book) -> Findings:
    """O5: no, no, no, each faster than it can be read."""
    enough = len(answers) >= rule.count
    if enough and not any(answer.yes for answer in answers) and max(answer.ms for answer in answers) < rule.ms:
        yield _held("O5", case, book)


def _led(case: Case, rule: Rule, answers: tuple[Answer, ...], book: Book) -> Findings:
    """O6: the customer says that somebody has told them to, or that a scam's own story is theirs."""
    if _yes(answers, TOLD, PREPAY, FAMILY, SECRET):
        yield _held("O6", case, book)


def _borrowing(case: Case, rule: Rule, answers: tuple[Answer, ...], book: Book) -> Findings:
    """O7: whoever applies for a loan is asked whether it is their own wish."""
    yield Finding("O7", Action.ASK, "shield.O7")


RULES: Mapping[str, Speaks] = {
    "F1": _delayed_withdrawal, "F2": _questionnaire, "F3": _officer_confirms, "F4": _asks_the_old,
    "F5": _insists_on_cash, "F6": _without_media, "F7": _delay_offered, "F8": _designated, "F9": _trusted_person,
    "F10": _safety_block, "F11": _behaviour, "F12": _dormant, "F13": _capped_age, "F14": _listed,
    "O1": _cash_again, "O2": _first_large, "O3": _on_the_phone, "O4": _remote_control, "O5": _coached, "O6": _led,
    "O7": _borrowing,
}  # fmt: skip
