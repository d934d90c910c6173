"""The fraud shield: what speaks against moving this money now, and what slows it down. Pure.

The figures are those of config/fraud.toml. Hard stops are F1, F3, F6 and F10 alone; every other rule asks, waits, tells
a trusted person or fetches an officer. What nobody knows is never taken for clear.
No rule looks at age or sex alone. The same case, answers and book give the same assessment, for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from kiosk.services.bank.case import (
    APP,
    CALL,
    FAMILY,
    OUT,
    PREPAY,
    SECRET,
    TOLD,
    Act,
    Action,
    Answer,
    Assessment,
    Book,
    Case,
    Finding,
    Rule,
)

#: The most questions that are asked at once.
QUESTIONS = 4
#: A wait is running: nothing is asked until it is over.
WAITS = "shield.O8"


def assess(case: Case, answers: tuple[Answer, ...], book: Book) -> Assessment:
    """Every rule that is on, over one case and what was answered so far."""
    findings = tuple(
        finding
        for id_, speaks in RULES.items()
        if (rule := book.rules[id_]).on and case.act in rule.acts
        for finding in speaks(case, rule, answers, book)
    )
    if any(finding.text == WAITS for finding in findings):  # it waits, whatever would be answered
        return Assessment(book.version, findings)
    known = {answer.question for answer in answers}
    wanted = dict.fromkeys(question for finding in findings for question in asked_by(finding, case))
    return Assessment(book.version, findings, tuple(q for q in [*wanted][:QUESTIONS] if q not in known))


def asked_by(finding: Finding, case: Case) -> tuple[str, ...]:
    """The plain questions that a finding wants answered; F2 chooses them by who is preyed on how.

    The source tailors them to men from 40 to 59 and women from 60 on; where the bank tells no sex, age alone chooses.
    """
    if finding.action != Action.ASK:
        return ()
    if finding.rule != "F2":
        return ASKED.get(finding.rule, (TOLD, CALL, APP))
    if case.age is not None and 40 <= case.age < 60 and case.sex != "F":
        return TOLD, PREPAY, CALL, APP
    if case.age is not None and case.age >= 60 and case.sex != "M":
        return TOLD, FAMILY, CALL, APP
    return TOLD, CALL, APP, SECRET


ASKED: Mapping[str, tuple[str, ...]] = {"F4": (TOLD, CALL, APP), "F11": (CALL,), "F13": (TOLD, CALL), "O7": (TOLD, APP)}
Findings = Iterator[Finding]
Speaks = Callable[[Case, Rule, tuple[Answer, ...], Book], Findings]


def _delayed_withdrawal(case: Case, rule: Rule, answers: tuple[Answer, ...], book: Book) -> Findings:
    """F1: money that came in by one large transfer stays for half an hour, even if the balance moves.

    Where the bank has told less than the half hour, nobody knows: an officer looks.
    """
    fresh = [credit for credit in case.credits if credit.won >= rule.won and credit.seconds_ago < rule.seconds]
    free = max(0, case.balance_won - sum(credit.won for credit in fresh))
    if fresh and case.won > free:
        wait = rule.seconds - min(credit.seconds_ago for credit in fresh)
        yield Finding("F1", Action.STOP, "shield.F1", free, wait)
    elif not case.entries_whole:
        yield Finding("F1", Action.OFFICER, "shield.F1.unknown")


def _questionnaire(case: Case, rule: Rule, answers: tuple[Answer, ...], book: Book) -> Findings:
    """F2: large sums are asked about."""
    if case.won >= rule.won:
        yield Finding("F2", Action.ASK, "shield.F2")


def _officer_confirms(case: Case, rule: Rule, answers: tuple[Answer, ...], book: Book) -> Findings:
    """F3: from this sum on a person in charge must confirm the purpose."""
    if case.won >= rule.won:
        yield Finding("F3", Action.STOP, "shield.F3", rule.won)


def _asks_the_old(case: Case, rule: Rule, answers: tuple[Answer, ...], book: Book) -> Findings:
    """F4: a large sum, or a new payee, of somebody of this age; the age alone is nothing, nor is a known biller's."""
    concerns = case.new_payee or (case.won >= rule.won and not (case.act == Act.BILL and case.payee_biller))
    if case.age is not None and case.age >= rule.age and concerns:
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
    if case.designates and not case.trusted_payee and case.day_won + case.won > rule.day_won:
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
        known = (Action.OFFICER, "shield.F11") if case.alarm else (Action.ASK, "shield.F11.ask")
        yield Finding("F11", *known)


def _dormant(case: Case, rule: Rule, answers: tuple[Answer, ...], book: Book) -> Findings:
    """F12: after a year without one, small transfers only, each and a day; not known to be used, it is asked about."""
    much = case.won > rule.won or case.day_won + case.won > rule.day_won
    if case.trusted_payee or not much:
        return
    if case.idle_days is None:
        yield Finding("F12", Action.ASK, "shield.F12.unknown")
    elif case.idle_days >= rule.days:
        yield Finding("F12", Action.OFFICER, "shield.F12", max(0, min(rule.won, rule.day_won - case.day_won)))


def _capped_age(case: Case, rule: Rule, answers: tuple[Answer, ...], book: Book) -> Findings:
    """F13, off: a sum above the cap of somebody of this age is asked about."""
    if case.age is not None and case.age >= rule.age and case.won > rule.won:
        yield Finding("F13", Action.ASK, "shield.F13")


def _listed(case: Case, rule: Rule, answers: tuple[Answer, ...], book: Book) -> Findings:
    """F14: the payee's account is on the list that financial firms share; unknown, a new payee needs an officer."""
    if case.payee_listed:
        yield Finding("F14", Action.OFFICER, "shield.F14")
    elif case.payee_listed is None:
        yield Finding("F14", Action.OFFICER if case.new_payee else Action.ASK, "shield.F14.unknown")


def _cash_again(case: Case, rule: Rule, answers: tuple[Answer, ...], book: Book) -> Findings:
    """O1: one cash-out after another."""
    if case.cash_outs_24h + 1 >= rule.count:
        yield Finding("O1", Action.ASK, "shield.O1")


def _first_large(case: Case, rule: Rule, answers: tuple[Answer, ...], book: Book) -> Findings:
    """O2: much money to somebody never paid before, at once or in parts within a day."""
    if case.new_payee and case.new_won + case.won >= rule.won:
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
        held = _held("O6", case, book)
        yield held if case.act in OUT else replace(held, text="shield.O6.loan")


def _borrowing(case: Case, rule: Rule, answers: tuple[Answer, ...], book: Book) -> Findings:
    """O7: whoever applies for a loan is asked whether it is their own wish."""
    yield Finding("O7", Action.ASK, "shield.O7")


def _waiting(case: Case, rule: Rule, answers: tuple[Answer, ...], book: Book) -> Findings:
    """O8: a wait is kept whatever is answered now; once it has passed, an officer looks."""
    if case.held_s == 0:
        yield Finding("O8", Action.OFFICER, "shield.O8.after")
    elif case.held_s is not None:
        yield Finding("O8", Action.HOLD, WAITS, 0, case.held_s)


def _in_parts(case: Case, rule: Rule, answers: tuple[Answer, ...], book: Book) -> Findings:
    """O9: what F2 and F3 would ask of one sum is asked of a day's parts of it; ours, so no stop."""
    parts = case.day_won + case.day_cash_won
    if not parts or case.trusted_payee or case.won >= rule.won:
        return
    if case.day_out_won >= rule.won:
        yield Finding("O9", Action.OFFICER, "shield.O9", rule.won)
    elif case.day_out_won >= rule.day_won:
        yield Finding("O9", Action.ASK, "shield.O9.ask")


RULES: Mapping[str, Speaks] = {
    "F1": _delayed_withdrawal, "F2": _questionnaire, "F3": _officer_confirms, "F4": _asks_the_old,
    "F5": _insists_on_cash, "F6": _without_media, "F7": _delay_offered, "F8": _designated, "F9": _trusted_person,
    "F10": _safety_block, "F11": _behaviour, "F12": _dormant, "F13": _capped_age, "F14": _listed,
    "O1": _cash_again, "O2": _first_large, "O3": _on_the_phone, "O4": _remote_control, "O5": _coached, "O6": _led,
    "O7": _borrowing, "O8": _waiting, "O9": _in_parts,
}  # fmt: skip
