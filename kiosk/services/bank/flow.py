"""The bank counter: where each fact leads. Pure; enquiry, intake, appointment, account services, and the shield.

Nothing here approves anything: what a bank decides is its own signed message, read where it is shown. Until money is
asked for or an application is handed in, leaving costs nothing and a restart forgets everything.
"""

from __future__ import annotations

from typing import TypeAlias

from kiosk import facts as f
from kiosk.banking import facts as b
from kiosk.flow import At, changed
from kiosk.intake import facts as i
from kiosk.services.bank import account, blocks, caution, contract, intake, orders
from kiosk.services.bank.caution import Desk
from kiosk.services.bank.draft import Draft, Step

Counter: TypeAlias = At[Step, Draft]
#: Where something is on its way that leaving would not stop.
UNDER_WAY = (*orders.AIR, Step.SEALING, Step.HANDING, Step.DOUBT, Step.CONTRACT_SEALING, *contract.AIR)
#: Of these nothing has left the branch: a restart begins anew.
UNSEALED = (Step.SEALING, Step.CONTRACT_SEALING)
#: Where the end is known and shown.
DONE = (Step.SENT, Step.TAKEN_BACK, Step.RECEIVED, Step.STOP_NOW, Step.SIGNED)


def begin(started: f.VisitStarted) -> Counter:
    """The choice of what to do."""
    return At(Step.START, Draft(visit=started.visit))


def step(at: Counter, fact: f.Fact, desk: Desk) -> Counter:
    """Where this fact leads; a fact that means nothing here leads nowhere, and takes no notice off the screen."""
    if at.step == Step.OVER:
        return orders.money(at, fact) or at.stay()
    at = caution.kept(caution.counted(at, fact), fact)
    draft = changed(at.draft, notice="", notice_won=None) if at.draft.notice else at.draft
    read: Counter = At(at.step, draft)
    after = orders.money(read, fact) or _handed(read, fact, desk) or _leave(read, fact, desk)
    after = after or _business(read, fact, desk) or At(at.step, at.draft)
    return At(after.step, after.draft, after.todo, _within(after, desk))


def _within(at: Counter, desk: Desk) -> str:
    """What tells screens of one step apart: the disclosure, the question, the paper, the shared step."""
    match at.step:
        case Step.DISCLOSE:
            return str(at.draft.point)
        case Step.ELIGIBLE:
            return str(len(at.draft.replies))
        case Step.ASK:
            return str(len(at.draft.answers))
        case Step.CLAUSE:
            return str(len(at.draft.clauses))
        case Step.PAPERS:
            return str(len(at.draft.taken) + len(at.draft.later))
        case Step.IDENTITY if desk.prover is not None:
            return desk.prover.place(at.draft.identity)
    return ""


def _handed(at: Counter, fact: f.Fact, desk: Desk) -> Counter | None:
    return intake.handed(at, fact, desk) or intake.received(at, fact, desk) or contract.handed(at, fact)


def _leave(at: Counter, fact: f.Fact, desk: Desk) -> Counter | None:
    """Cancel, idle and restart while nothing is on its way."""
    anew = at.step in UNSEALED and isinstance(fact, f.Resumed)
    if at.step in (*UNDER_WAY, *DONE) and not anew:
        return at.stay() if isinstance(fact, f.Cancelled | f.Resumed) and at.step in UNDER_WAY else None
    match fact:
        case (f.IdledOut() | f.Cancelled()) if at.step == Step.IDENTITY:
            return None  # the shared steps know whom to call off
        case f.IdledOut():
            return caution.end(at, blocks.left(at) or "idle", *caution.unanswered(at, desk))
        case f.Cancelled():
            return caution.end(at, blocks.left(at) or "cancelled", *caution.unanswered(at, desk))
        case f.Resumed():
            fresh = Draft(visit=at.draft.visit, identity=at.draft.identity, hands=at.draft.hands,
                          attempt=at.draft.attempt, asked=at.draft.asked, officers=at.draft.officers,
                          settled=at.draft.settled, strange=at.draft.strange, paid=at.draft.paid,
                          references=at.draft.references, officer_held=at.draft.officer_held)  # fmt: skip
            told = "bank.notice.block.unsure" if at.step == Step.BLOCKING else "bank.notice.restarted"
            todo = b.ForgetCard(), i.DropPapers(), *caution.left_open(at, desk)
            return At(Step.START, changed(fresh, notice=told, keeping=at.draft.keeping), todo)
    return None


def _business(at: Counter, fact: f.Fact, desk: Desk) -> Counter | None:
    """Whatever the customer came for."""
    return (
        blocks.blocks(at, fact) or contract.contract(at, fact, desk) or contract.signing(at, fact, desk)
        or intake.browse(at, fact, desk) or intake.told(at, fact, desk) or intake.identity(at, fact, desk)
        or account.card(at, fact, desk) or intake.compared(at, fact) or caution.looking(at, fact, desk)
        or caution.asking(at, fact, desk) or caution.telling(at, fact, desk) or caution.paused(at, fact, desk)
        or intake.form(at, fact, desk) or intake.appointment(at, fact, desk) or intake.status(at, fact, desk)
        or account.account(at, fact, desk) or account.agreed(at, fact, desk)
    )  # fmt: skip
