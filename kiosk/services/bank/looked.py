"""What the shield looks at, made of what the bank, the branch's memory and this visit know. Pure.

What nobody said stays unknown; it is never taken for clear.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from devices.banking import Block, EntryKind
from kiosk.banking import facts as b
from kiosk.intake.facts import HoldKnown
from kiosk.services.bank.case import Act, Case, Credit
from kiosk.services.bank.draft import Draft

DAY_S = 86_400
#: What the bank says where no transfer was ever made at a machine, and how many days that counts for.
NEVER, NEVER_DAYS = "never", 36_500
#: What came in; a kind that nobody knows counts as money that came, or went, too.
CAME_IN = (EntryKind.TRANSFER_IN, EntryKind.OTHER)
SENT = (EntryKind.TRANSFER_OUT, EntryKind.BILL, EntryKind.OTHER)


def case(known: Draft, kind: str) -> Case:
    """What the shield looks at, of what the bank and the customer have said."""
    profile = known.profile or b.ProfileTold()
    person: dict[str, Any] = {
        "age": profile.age, "trusted": profile.trusted_person, "signs": frozenset(known.signs),
    }  # fmt: skip
    if known.business != "account":
        act, wanted = (Act.LOAN, Block.LENDING) if kind == "loan" else (Act.OPENING, Block.REMOTE_ACCOUNTS)
        return Case(act, known.wish_won, block=_block(profile, wanted), held_s=_held(known.hold, True), **person)
    to = _payee(known)
    order = Case(
        Act(known.what), known.won, balance_won=known.balance.won if known.balance else 0, idle_days=known.idle_days,
        delays=profile.delayed_transfers, designates=profile.designated_payees,
        transfers_here=sum(not each.bill for each in known.paid), **_entries(known), **to, **person,
    )  # fmt: skip
    return order.with_hold(_held(known.hold, order.new_payee))


def _block(profile: b.ProfileTold, wanted: Block) -> str:
    """Set, clear, or unknown."""
    if profile.blocks is None:
        return "unknown"
    return "set" if wanted in profile.blocks else "clear"


def _held(hold: HoldKnown | None, anybody: bool) -> int | None:
    """The wait that binds: that for this very payee, and for anybody new that of the card or the payee's."""
    said = (hold.left_s, hold.wider_s if anybody else None) if hold else ()
    return max((left for left in said if left is not None), default=None)


def account(known: Draft) -> str:
    """Whom the money goes to, as one word."""
    return f"{known.payee_bank}-{known.payee_number}"


def _payee(known: Draft) -> dict[str, Any]:
    """What the bank says of the payee; whom this visit paid first stays new."""
    told = known.payee or b.PayeeTold("")
    first = any(each.payee == account(known) and each.new for each in known.paid)
    return {
        "payee_known": told.paid_before is True and not first, "payee_own": told.registered,
        "payee_biller": told.biller, "payee_listed": told.reported,
        "alarm": told.suspected,
    }  # fmt: skip


def _entries(known: Draft) -> dict[str, Any]:
    """What came in lately, what went out within a day, and to whom as far as that can be told."""
    told = known.entries or b.EntriesTold()
    now = datetime.fromisoformat(known.at)
    rows = [(_ago(now, at), kind, won, note) for at, kind, won, _, note in told.entries]
    day = [(kind, -won, note) for ago, kind, won, note in rows if ago < DAY_S and won < 0]
    cash = [won for kind, won, _ in day if kind == EntryKind.CASH_OUT]
    return {
        "credits": tuple(Credit(won, ago) for ago, kind, won, _ in rows if kind in CAME_IN and won > 0),
        "entries_whole": told.whole, "cash_outs_24h": len(cash), "day_cash_won": sum(cash),
        "day_won": max(0, sum(won for kind, won, _ in day if kind in SENT) + _beside(known)),
        "new_won": _to_new(known, [(won, note) for kind, won, note in day if kind in SENT]),
    }  # fmt: skip


def _ago(now: datetime, at: str) -> int:
    return max(0, round((now - datetime.fromisoformat(at)).total_seconds()))


def _beside(known: Draft) -> int:
    """What the entries do not tell: delayed orders under way; taken off, what this visit sent to trusted payees."""
    under_way = sum(each.won for each in known.paid if each.delayed)
    told = (known.profile.scheduled_won if known.profile else None) or 0
    return max(told, under_way) - sum(each.won for each in known.paid if each.trusted)


def _to_new(known: Draft, day: Iterable[tuple[int, str]]) -> int:
    """Sent within a day to this payee, by name or in this visit, and in this visit to others who were new."""
    name, here = known.payee.name if known.payee else "", account(known)
    named = sum(won for won, note in day if name and note and (name.startswith(note) or note.startswith(name)))
    mine = sum(each.won for each in known.paid if each.payee == here)
    return max(named, mine) + sum(each.won for each in known.paid if each.new and each.payee != here)


def idle_days(known: Draft, profile: b.ProfileTold) -> int | None:
    """Days from the last transfer at a machine to this day, as it was when the visit began; None = unknown.

    A last one of today says nothing of the year before it.
    """
    if known.idle_days is not None:
        return known.idle_days
    if profile.last_machine_transfer == NEVER:
        return NEVER_DAYS
    if not profile.last_machine_transfer:
        return None
    days = (datetime.fromisoformat(known.at).date() - date.fromisoformat(profile.last_machine_transfer)).days
    return days if days > 0 else None


def since(at: str) -> str:
    """From when on the entries are wanted whole."""
    return (datetime.fromisoformat(at) - timedelta(seconds=DAY_S)).isoformat()
