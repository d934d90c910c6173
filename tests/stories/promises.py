"""What the screens promise, and the fact that each promise stands on.

A promise is a sentence about money, a parcel, paper, a door or a person. `STANDS_ON` maps its message id to what must
hold in the visit; `AROUND` to what must hold in the frame or at the branch's own screens. `PLAIN` holds the sentences
that sound alike but say only what the machine is doing, ask, instruct or name, or stand on the words beside them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kiosk import facts as f
from kiosk.flow import At, Availability, View
from kiosk.services.send_parcel import draft as d
from kiosk.services.send_parcel.draft import Step

#: Words in either language that make a sentence suspect of being a promise.
SUSPECT = re.compile(
    r"paid|charged|money back|gave|accepted|cancelled|stays|same|answer|on the way|coming|came out|come out|comes out"
    r"|\bdue\b|cover|restart|by ourselves|settle|confirmed|erased|promise|have read|still work|knows|open now"
    r"|partly open|we use it|내지 않았|한 번만|두 번|돌려|접수했|취소했|같습니다|그대로|보상|받았|오고 있"
    r"|오겠다|알고 있|나왔습니다|열렸습니다|읽었습니다|예정|약속|됩니다\.|지워|이용할 수|보낼 수 있"
    r"|고를 수 있|물어보실 수|물어볼 수|can still|you can ask|you can choose",
    re.IGNORECASE,
)
#: Ids of the staff's pages and of paper, which no customer reads on the screen.
ELSEWHERE = re.compile(r"(task|remedy|state|paper|device|status|page|feed)\.|fault\.(?!ours)")


@dataclass(frozen=True)
class Book:
    """What the journal of a visit proves, kept apart from the flow's own draft."""

    open: bool = False  # a charge is with the terminal, outcome unknown
    approved: bool = False
    back: bool = False
    returning: bool = False
    number: bool = False
    labelled: bool = False
    read: bool = False
    opened: bool = False
    inside: bool = False
    printed: bool = False  # the newest slip or receipt came out
    called: bool = False
    restarted: bool = False

    def commanded(self, todo: tuple[f.Command, ...]) -> Book:
        """What is asked of the devices now."""
        book = self
        for command in todo:
            match command:
                case f.Charge():
                    book = replace(book, open=True, approved=False, back=False, returning=False)
                case f.ReversePayment():
                    book = replace(book, returning=True)
                case f.PrintReceipt():
                    book = replace(book, printed=False)
                case f.PrintLabel():
                    book = replace(book, labelled=False, read=False, restarted=False)
                case f.CallStaff():
                    book = replace(book, called=True)
        return book

    def heard(self, fact: f.Fact) -> Book:
        """What a fact proves."""
        match fact:
            case f.Paid() if self.open or self.approved:
                return replace(self, open=False, approved=True)
            case f.NotPaid():
                return replace(self, open=False, approved=False)
            case f.Reversed():
                return replace(self, open=False, approved=False, back=True)
            case f.NumberIssued():
                return replace(self, number=True)
            case f.LabelPrinted() | d.CameOut():
                return replace(self, labelled=True)
            case f.LabelScanned():
                return replace(self, read=True)
            case f.HatchOpened() | f.Faulted("hatch", "door_open"):
                return replace(self, opened=True, inside=False)
            case f.HatchClosed(present, _, grams):
                return replace(self, opened=False, inside=present and (grams or 0) <= 20)
            case f.ReceiptPrinted():
                return replace(self, printed=True)
            case f.Resumed():
                return replace(self, restarted=True)
        return self


@dataclass(frozen=True)
class Moment:
    """A place of a visit, what is proven there, and what is shown."""

    at: At[Step, d.Draft]
    book: Book
    view: View


Fact = Callable[[Moment], bool]


def unpaid(m: Moment) -> bool:
    """No charge is open and none was approved and kept."""
    return not m.book.open and not m.book.approved


def one_charge(m: Moment) -> bool:
    """One charge is open or approved; no other can be opened before its end is known."""
    return (m.book.open or m.book.approved) and m.view.values["total_won"] == m.at.draft.paid_won


def paid(m: Moment) -> bool:
    """The terminal approved, and nothing was given back."""
    return m.book.approved


def given_back(m: Moment) -> bool:
    """The terminal confirmed the reversal."""
    return m.book.back and unpaid(m)


def accepted(m: Moment) -> bool:
    """The hatch saw a parcel inside, the table was empty, and it is paid."""
    return m.book.inside and m.book.approved


def due(m: Moment) -> bool:
    """The customer chose a speed that has a day, and that day is shown."""
    return bool(m.at.draft.arrives) and m.view.values["arrives"] == m.at.draft.arrives


def on_its_way_back(m: Moment) -> bool:
    """A reversal was asked of the terminal."""
    return m.book.returning


def speed_has_day(m: Moment) -> bool:
    """A choice on the screen, or the one that was made, has a day."""
    days = [choice["arrives"] for choice in m.view.values.get("choices", ()) if choice["available"]]
    return any(days) or bool(m.view.values.get("arrives"))


def to_be_had(m: Moment) -> list[str]:
    """The speeds that can be chosen on this screen."""
    return [choice["speed"] for choice in m.view.values["choices"] if choice["available"]]


STANDS_ON: Mapping[str, Fact] = {
    **dict.fromkeys(("safe.not_paid", "take_back.safe", "working.ready.hint", "working.ready.speech", "refused.speech",
                     "refused.inside.speech",
                     "notice.cancelled_payment", "notice.declined", "notice.not_ready.label_printer",
                     "notice.not_ready.payment", "notice.not_ready.numbers"), unpaid),
    **dict.fromkeys(("safe.paid_once", "stuck.again.speech", "stuck.once.speech"), paid),
    **dict.fromkeys(("unsure.safe", "unsure.safe.detail", "unsure.speech"), one_charge),
    **dict.fromkeys(("reversed.question", "reversed.hint", "reversed.safe", "reversed.speech",
                     "take_back.reversed.hint", "take_back.safe.reversed"), given_back),
    **dict.fromkeys(("working.reverse.question", "working.reverse.hint", "working.reverse.speech", "unsure.reversing",
                     "unsure.reversing.question"), on_its_way_back),
    **dict.fromkeys(("done.question", "done.speech", "done.bare.speech", "end.none.hint", "end.failed.hint",
                     "working.receipt.hint", "working.receipt.speech"), accepted),
    **dict.fromkeys(("claim.printed.question", "reversed.slip.printed", "end.printed.question", "end.printed.hint"),
                    lambda m: m.book.printed),
    **dict.fromkeys(("claim.hint", "claim.speech"), lambda m: m.book.called),
    **dict.fromkeys(("stick.hint", "stick.speech"), lambda m: m.book.labelled),
    **dict.fromkeys(("working.open.hint", "working.open.speech"), lambda m: m.book.read),
    **dict.fromkeys(("stuck.next.reverse", "stuck.reverse"), lambda m: "reverse" in m.view.offers),
    "stuck.speech": lambda m: m.book.approved and "reverse" in m.view.offers,
    "stuck.number": lambda m: m.book.number,
    **dict.fromkeys(("claim.take.detail", "claim.take.speech"), lambda m: not m.book.inside),
    "stuck.again.hint": lambda m: m.book.restarted,
    "drop.speech": lambda m: m.book.opened or m.book.restarted,
    "reopen.hint": lambda m: not m.book.inside,
    "reopen.speech": lambda m: m.book.approved and not m.book.inside,
    "done.hint": due,
    "speed.arrives": speed_has_day,
    "speed.speech": lambda m: all(choice["available"] for choice in m.view.values["choices"]),
    "speed.one.speech": lambda m: to_be_had(m) == ["ordinary"],
    "speed.take": lambda m: to_be_had(m) == ["ordinary"],
    "insure.hint": lambda m: m.view.values["free_won"] > 0,
    "insure.speech": lambda m: m.view.values["free_won"] >= 0,
    "review.up_to": lambda m: m.view.values["limit_won"] > 0,
    "review.no_cover": lambda m: m.view.values["limit_won"] == 0,
    "size.same": lambda m: m.view.values["same_price"] is True,
    "unsure.enquiring": lambda m: m.at.step == Step.UNSURE and not m.at.draft.reversing,
    "unsure.detail": lambda m: m.at.step in (Step.UNSURE, Step.REVERSING),
}  # fmt: skip

Chrome = Mapping[str, Any]


def recorded(state: str) -> Callable[[Chrome], bool]:
    """The call that the frame shows has come to this."""
    return lambda chrome: bool(chrome["staff"]["state"] == state)


AROUND: Mapping[str, Callable[[Chrome], bool]] = {
    f"staff.{part}.{state}": recorded(state)
    for part in ("cell", "title", "detail") for state in ("none", "calling", "answered", "on_the_way", "no_answer")
}  # fmt: skip

Services = Mapping[str, Availability]


def gone(services: Services) -> list[str]:
    """The services that cannot be started."""
    return [name for name, each in services.items() if each.state == "unavailable"]


#: What the branch's own screens promise, by what can be said of its services.
DOOR: Mapping[str, Callable[[Services], bool]] = {
    "attract.open": lambda services: not gone(services),
    "attract.partly": lambda services: 0 < len(gone(services)) < len(services),
    "lacking.send_parcel": lambda services: "send_parcel" in gone(services) and len(gone(services)) < len(services),
    "lacking.identity": lambda services: "identity" in gone(services) and len(gone(services)) < len(services),
    "lacking.ask": lambda services: 0 < len(gone(services)) < len(services),
    "lacking.speech": lambda services: 0 < len(gone(services)) < len(services),
    "closed.question": lambda services: len(gone(services)) == len(services),
    "closed.works": lambda services: len(gone(services)) == len(services),
    "closed.speech": lambda services: len(gone(services)) == len(services),
}

PLAIN: Mapping[str, str] = {
    "insure.hint.none": "promises nothing",
    "access.curtain": "an action",
    "curtain.title": "it is itself what covers the screen",
    "speed.no_date": "promises nothing",
    "idle.any": "the wipe follows by itself",
    "phone.receiver.hint": "the label alone carries the number",
    "phone.sender.hint": "the label alone carries the number",
    "review.speed": "a label",
    "review.insured": "a label",
    "stuck.question": "the fault that led here",
    "stuck.again.question": "asks",
    "stuck.came_out": "the customer's own word",
    "stuck.leave": "an action",
    "reopen.leave": "an action",
    "unsure.hint": "waits for an answer",
    "notice.not_ready.hatch": "a device's fault",
    "notice.weight_changed": "instructs",
    "claim.hatch.speech": "instructs",
    "notice.measure_refused.tag_lost": "instructs",
    "reversed.slip.failed": "no promise: it did not come out",
    "end.failed.question": "no promise: it did not come out",
    "working.print.hint": "says where, while it prints",
    "working.print.speech": "says where, while it prints",
    "place.speech": "instructs",
    "detail.speech": "instructs",
    "review.mend.none": "an action",
    "price.insurance": "a label",
    "notice.measure_refused.glare": "instructs",
    "error.insured_max": "the rule that refused",
    **{f"refused.{code}.question": "the rule that refused" for code in ("E_SIZE_SUM", "E_SIZE_SIDE", "E_WEIGHT")},
}
