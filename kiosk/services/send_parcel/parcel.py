"""From the paid parcel to the hatch and the receipt: label, scan, door. Pure. Each step waits for a sensor's word."""

from __future__ import annotations

from typing import TypeAlias

from kiosk import facts as f
from kiosk.flow import At
from kiosk.services.send_parcel import draft as d
from kiosk.services.send_parcel.draft import Draft, Step

Parcel: TypeAlias = At[Step, Draft]

#: Grams under which the table counts as empty.
EMPTY_G = 20
IN_HATCH = (Step.OPEN, Step.DROP, Step.DROP_AWAY)


def handed_over(at: Parcel, fact: f.Fact) -> Parcel | None:
    """Everything after the money."""
    return _label(at, fact) or _stick(at, fact) or _hatch(at, fact) or _end(at, fact)


def print_label(at: Parcel, again: bool = False) -> Parcel:
    """Print the label of the number already issued, or have one issued first. A reprint is the same label and job:
    a printer repeats it only when someone present has asked for it (`again`)."""
    if not at.draft.number:
        return at.to(Step.LABEL, f.IssueNumber())
    return at.to(Step.LABEL, f.PrintLabel(f"{at.draft.visit}-L", at.draft.number, again=again), resumed=False)


def _label(at: Parcel, fact: f.Fact) -> Parcel | None:
    """The label: issued number, print, and what happens when it does not come out."""
    match at.step, fact:
        case Step.LABEL, f.NumberIssued(number):
            return print_label(at.stay(number=number))
        case ((Step.LABEL | Step.STUCK), f.LabelPrinted()):
            return _to_stick(at)
        case Step.LABEL, f.Faulted(("label_printer" | "numbers") as device, code):
            call = f.CallStaff(f"{device}_fault", at.draft.number or at.draft.paid_key, at.draft.paid_won)
            return at.to(Step.STUCK, call, stuck_code=code, label_tries=at.draft.label_tries + 1)
        case Step.LABEL, f.Resumed():
            return is_it_there(at)
        case Step.STUCK, f.Retried():
            return print_label(at, again=True)
        case Step.STUCK, d.CameOut() if at.draft.number:
            return _to_stick(at)
        case ((Step.REVERSING | Step.REVERSED), f.LabelPrinted()):
            return at.stay(f.CallStaff("label_after_reversal", at.draft.number))
    return None


def is_it_there(at: Parcel) -> Parcel:
    """After a restart only someone present knows whether the label came out; nothing moves before they say."""
    return at.to(Step.STUCK, resumed=True, stuck_code="restart")


def _to_stick(at: Parcel) -> Parcel:
    return at.to(Step.STICK, f.WatchLabel(at.draft.number), resumed=False)


def _stick(at: Parcel, fact: f.Fact) -> Parcel | None:
    """The label is read back on the parcel, at unchanged weight, before any door opens."""
    if at.step != Step.STICK:
        return None
    watch = f.WatchLabel(at.draft.number)
    match fact:
        case f.LabelScanned(number) if number != at.draft.number:
            return at.stay(watch, notice="notice.wrong_label")
        case f.LabelScanned(_, grams) if abs(grams - (at.draft.grams or 0)) > at.draft.same_weight_g:
            return at.stay(watch, notice="notice.weight_changed")
        case f.LabelAside():
            return at.stay(watch, notice="notice.label_aside")
        case f.LabelScanned():
            return at.to(Step.OPEN, f.OpenHatch(), maybe_inside=False)
        case f.Faulted(("scanner" | "scale") as device):
            return at.stay(watch, f.CallStaff(f"{device}_fault", at.draft.number), notice=f"notice.not_ready.{device}")
        case f.Retried():
            return print_label(at.stay(label_tries=at.draft.label_tries + 1), again=True)
        case f.Resumed():
            return is_it_there(at)
        case f.IdledOut():
            return _left_paid(at)
    return None


def _left_paid(at: Parcel) -> Parcel:
    """A paid parcel without an end: a person must settle it."""
    return at.to(Step.OVER, f.CallStaff("paid_parcel_left", at.draft.number, at.draft.paid_won), outcome="left_paid")


def _hatch(at: Parcel, fact: f.Fact) -> Parcel | None:
    """The door: opened, closed, and a parcel seen inside that is no longer on the table."""
    match at.step, fact:
        case ((Step.OPEN | Step.DROP | Step.DROP_AWAY), f.HatchClosed()):
            return _closed(at, fact)
        case Step.OPEN, f.HatchOpened(False):  # what is seen inside later would prove nothing about this parcel
            call = f.CallStaff("hatch_fault", at.draft.number)
            return at.to(Step.REOPEN, f.WatchHatch(), call, stuck_code="jam", maybe_inside=True)
        case ((Step.OPEN | Step.DROP), f.HatchOpened()):
            return at.to(Step.DROP, f.WatchHatch())
        case Step.OPEN, f.Faulted("hatch", "door_open"):
            return at.stay(f.LookHatch())
        case Step.OPEN, f.Faulted("hatch", code):
            return at.to(Step.REOPEN, f.CallStaff("hatch_fault", at.draft.number), stuck_code=code)
        case Step.DROP, f.Faulted("hatch"):
            return at.stay(f.WatchHatch(), f.CallStaff("hatch_fault", at.draft.number), notice="notice.not_ready.hatch")
        case Step.DROP_AWAY, (f.Faulted("hatch") | f.HatchOpened()):
            return at.stay(f.WatchHatch())
        case step_, f.Resumed() if step_ in IN_HATCH:
            return at.stay(f.LookHatch())
        case Step.DROP, f.IdledOut():
            return at.to(Step.DROP_AWAY, f.WatchHatch(), f.CallStaff("hatch_left_open", at.draft.number))
        case Step.REOPEN, f.Retried():
            return at.to(Step.OPEN, f.OpenHatch())
        case Step.REOPEN, f.IdledOut():
            return _left_paid(at)
    return None


def _closed(at: Parcel, fact: f.HatchClosed) -> Parcel:
    """Accepted only when this visit's door was seen open, a parcel is seen inside and the table is empty."""
    on_table = fact.grams is not None and fact.grams > EMPTY_G
    accepted = fact.present and not on_table
    if accepted and at.step == Step.OPEN:  # after a restart: what lies inside may be the parcel of the visit before
        return at.to(Step.STUCK, resumed=True, stuck_code="outcome_unknown", maybe_inside=True)
    unweighed = (f.CallStaff("accepted_unweighed", at.draft.number),) if accepted and fact.grams is None else ()
    if accepted and at.step == Step.DROP_AWAY:
        return at.to(Step.OVER, *unweighed, outcome="accepted", bin_percent=fact.bin_percent)
    if accepted:
        return at.to(Step.DONE, *unweighed, bin_percent=fact.bin_percent)
    if at.step == Step.DROP_AWAY:
        return _left_paid(at)
    return at.to(Step.REOPEN, stuck_code="on_table" if fact.present else "empty", maybe_inside=False)


def _end(at: Parcel, fact: f.Fact) -> Parcel | None:
    """Accepted: the receipt, and goodbye."""
    match at.step, fact:
        case Step.DONE, d.ReceiptWanted(True):
            return at.to(Step.RECEIPT, f.PrintReceipt(f"{at.draft.visit}-P", "receipt"))
        case Step.DONE, d.ReceiptWanted(False):
            return at.to(Step.END, receipt="none")
        case Step.RECEIPT, f.ReceiptPrinted():
            return at.to(Step.END, receipt="printed")
        case Step.RECEIPT, f.Faulted("receipt_printer"):
            return at.to(Step.END, f.CallStaff("receipt_owed", at.draft.number), receipt="failed")
        case Step.RECEIPT, f.Resumed():
            return at.to(Step.DONE)
        case ((Step.DONE | Step.END), f.IdledOut()):
            return at.to(Step.OVER, outcome="accepted")
        case Step.END, f.Confirmed():
            return at.to(Step.OVER, outcome="accepted")
    return None
