"""A safety block (F10) set for the customer: chosen, confirmed, and done only once the bank's own word shows it. Pure.

It can be set here and lifted only at a counter. Setting it twice is setting it once, so that silence is answered by
looking: the bank is asked what stands, and nothing else is believed.
"""

from __future__ import annotations

from typing import TypeAlias

from devices.banking import Block
from kiosk import facts as f
from kiosk.banking import facts as b
from kiosk.flow import At
from kiosk.services.bank import caution
from kiosk.services.bank import draft as d
from kiosk.services.bank.draft import Draft, Step

Counter: TypeAlias = At[Step, Draft]
#: Where it is offered after the shield has spoken, and how that visit ends.
AFTER = {Step.STOP_NOW: "stopped", Step.PAUSE_WAIT: "held"}
STEPS = (Step.BLOCK, Step.BLOCK_SURE, Step.BLOCKING, Step.BLOCKED)


def blocks(at: Counter, fact: f.Fact) -> Counter | None:
    """From the account services, and from a stop or a wait where card and PIN were given."""
    match at.step, fact:
        case Step.ACCOUNT, d.BusinessChosen("block"):
            return at.to(Step.BLOCK, block_from=at.step, block="")
        case (Step.STOP_NOW | Step.PAUSE_WAIT), d.BlockAsked() if at.draft.card:
            return at.to(Step.BLOCK, block_from=at.step, block="")
        case Step.BLOCK, d.BlockChosen(word) if word in tuple(Block):
            return at.to(Step.BLOCK_SURE, block=word)
        case Step.BLOCK, f.Back():
            return at.to(Step(at.draft.block_from))
        case Step.BLOCK_SURE, f.Back():
            return at.to(Step.BLOCK)
        case Step.BLOCK_SURE, f.Confirmed():
            setting = b.SetBlock(at.draft.key, Block(at.draft.block))
            return at.to(Step.BLOCKING, setting, asked=at.draft.asked + 1)
        case Step.BLOCKING, _:
            return _set(at, fact)
        case Step.BLOCKED, f.Confirmed():
            return _back(at)
    return None


def _set(at: Counter, fact: f.Fact) -> Counter | None:
    """Whatever came of the asking, what stands is what the bank's profile says."""
    match fact:
        case b.BlockSet(word) if word == at.draft.block:
            return _look(at)
        case f.Faulted("bank_host", _, doing) if doing != b.AskProfile.__name__:
            return _look(at)
        case b.ProfileTold() if fact.blocks is not None:
            stands = at.draft.block in fact.blocks
            return at.to(Step.BLOCKED) if stands else at.to(Step.BLOCK, notice="bank.notice.block.not_set")
        case b.BankDeclined(asked, why) if asked == b.SetBlock.__name__:
            return at.to(Step.BLOCK, notice=f"bank.declined.{why}")
        case b.ProfileTold() | b.BankDeclined() | f.Faulted("bank_host" | "branch"):
            return at.to(Step.BLOCK, notice="bank.notice.block.unsure")
    return None


def _look(at: Counter) -> Counter:
    return at.stay(b.AskProfile(at.draft.key), asked=at.draft.asked + 1)


def _back(at: Counter) -> Counter:
    """The account services go on; a visit that the shield stopped is over."""
    ended = AFTER.get(Step(at.draft.block_from))
    return caution.end(at, ended) if ended else at.to(Step.ACCOUNT)


def left(at: Counter) -> str:
    """How a visit that is left here ends; empty where the shield has said nothing."""
    if at.step in STEPS and at.draft.block_from:
        return AFTER.get(Step(at.draft.block_from), "")
    return "held" if at.step in (Step.PAUSE, Step.PAUSE_WAIT) else ""
