"""One deliberately broken peer for each rule that a peer can break; the driver in front of it is the shipped one."""

from __future__ import annotations

from dataclasses import dataclass

from devices.identity import IdAnswer
from tests.devices.certify import bank_breakers as banks
from tests.devices.certify import counter_breakers as counter
from tests.devices.certify import lying_eyes as eyes
from tests.devices.certify import lying_machines as machines
from tests.devices.certify.lying_machines import Change


@dataclass(frozen=True)
class Liar:
    """A kind whose usual driver meets a changed peer; `word` names another driver of the kind."""

    kind: str
    change: Change
    word: str = ""


LABEL, RECEIPT = "label_printer", "receipt_printer"
LIARS: dict[str, Liar] = {
    "general.opens": Liar("scale", eyes.mute),
    "general.moves-nothing": Liar(RECEIPT, machines.prints_when_connected),
    "general.comes-back": Liar(RECEIPT, machines.serves_once),
    "general.reopens": Liar(RECEIPT, machines.serves_once),
    "scale.follows-the-load": Liar("scale", machines.frozen_pan),
    "scale.stable-only": Liar("scale", machines.always_still),
    "scale.moving-is-told": Liar("scale", machines.always_still),
    "scale.zero-only-still": Liar("scale", machines.zeroes_anyhow),
    "scale.tared-is-refused": Liar("scale", machines.hides_its_tare),
    "scale.tare-only-still": Liar("scale", machines.always_still),
    "scale.overload-is-told": Liar("scale", machines.clipped),
    "scale.underload-is-told": Liar("scale", machines.clipped),
    "printer.prints": Liar(LABEL, machines.counts_without_paper),
    "printer.again": Liar(LABEL, machines.prints_nothing_twice),
    "printer.no-paper": Liar(LABEL, lambda peer: machines.with_properties(peer, out=False)),
    "printer.paper-ends": Liar(LABEL, lambda peer: machines.with_properties(peer, out=False)),
    "printer.cancelled-stays-away": Liar(RECEIPT, machines.confirms_and_keeps),
    "printer.cover": Liar(LABEL, lambda peer: machines.with_properties(peer, cover=False)),
    "printer.low": Liar(RECEIPT, machines.never_low),
    "printer.raster": Liar(RECEIPT, machines.prints_mirrored),
    "bank_host.transfers": Liar("bank_host", banks.books_nothing),
    "bank_host.one-key": Liar("bank_host", banks.forgets_orders),
    "bank_host.unknown": Liar("bank_host", banks.refuses_what_it_booked),
    "bank_host.enquiry": Liar("bank_host", banks.finds_nothing),
    "bank_host.never-sent": Liar("bank_host", banks.finds_what_never_was),
    "bank_host.reversed-once": Liar("bank_host", banks.says_it_took_back),
    "bank_host.wrong-amount": Liar("bank_host", banks.hides_the_amount),
    "payment.approves": Liar("payment", machines.without_approval),
    "payment.declines": Liar("payment", machines.approves_everything),
    "payment.one-key": Liar("payment", machines.forgets_its_book),
    "payment.unknown": Liar("payment", machines.refuses_what_it_took),
    "payment.enquiry": Liar("payment", machines.finds_nothing),
    "payment.never-sent": Liar("payment", machines.finds_what_never_was),
    "payment.reversed-once": Liar("payment", machines.gives_back_twice),
    "payment.wrong-amount": Liar("payment", machines.hides_what_it_took),
    "payment.other-currency": Liar("payment", machines.hides_the_currency),
    "payment.enquiry-own": Liar("payment", lambda peer: peer.order("last_transaction")),
    "payment.aborts": Liar("payment", machines.never_gives_up),
    "hatch.look-moves-nothing": Liar("hatch", machines.opens_when_looked_at),
    "hatch.opens-by-sensor": Liar("hatch", lambda peer: machines.sensors(peer, machines.CLOSED_AND_LOCKED)),
    "hatch.stuck": Liar("hatch", machines.shows_what_it_was_told),
    "hatch.leaf-stuck": Liar("hatch", machines.shows_what_it_was_told),
    "hatch.open-is-not-locked": Liar("hatch", machines.shows_what_it_was_told),
    "hatch.full-bin": Liar("hatch", machines.never_full),
    "locker.look-moves-nothing": Liar("locker", machines.opens_a_door_when_looked_at),
    "locker.opens-by-sensor": Liar("locker", machines.opens_the_neighbour_too),
    "locker.jammed": Liar("locker", machines.shows_what_doors_were_told),
    "locker.leaf-stuck": Liar("locker", machines.shows_what_doors_were_told),
    "locker.wrong-door": Liar("locker", machines.shows_what_doors_were_told),
    "locker.already-open": Liar("locker", machines.shows_what_doors_were_told),
    "locker.forced-is-told": Liar("locker", machines.shows_what_doors_were_told),
    "codes.arrives": Liar("code_reader", eyes.cuts_its_codes),
    "codes.nothing": Liar("scanner", eyes.always_sees),
    "codes.not-twice": Liar("scanner", eyes.keeps_its_codes),
    "measurer.size-has-uncertainty": Liar("measurer", eyes.never_sure),
    "measurer.nothing-is-refused": Liar("measurer", eyes.always_measures),
    "measurer.nonsense": Liar("measurer", eyes.always_measures),
    "measurer.dark": Liar("measurer", eyes.cameras_always_well),
    "measurer.lost": Liar("measurer", eyes.cameras_always_well),
    "guard.arrives": Liar("guard", eyes.without_metres),
    "guard.not-twice": Liar("guard", eyes.tells_from_the_beginning),
    "guard.stands": Liar("guard", eyes.nothing_stands),
    "guard.restarted": Liar("guard", eyes.same_boot),
    "guard.nonsense": Liar("guard", eyes.always_sane),
    "guard.dark": Liar("guard", eyes.cameras_always_well),
    "guard.covered": Liar("guard", eyes.cameras_always_well),
    "guard.lost": Liar("guard", eyes.cameras_always_well),
    "tower.shows": Liar("signal_tower", eyes.board(lambda asked: [*asked[2::-1], *asked[3:]])),
    "tower.alarms": Liar("signal_tower", eyes.board(lambda asked: [*asked[:4], not asked[4], *asked[5:]])),
    "tower.reads-back": Liar("signal_tower", eyes.board(lambda asked: [False] * len(asked))),
    "tower.drops-without-heartbeat": Liar("signal_tower", lambda peer: machines.put(peer, _watchdog_s=1e9)),
    "tower.no-power": Liar("signal_tower", eyes.flickering_supply),
    "id_check.unknown-number": Liar("id_check", eyes.register(IdAnswer.MATCH)),
    "id_check.match": Liar("id_check", eyes.register(IdAnswer.LOST)),
    "id_check.issue-date": Liar("id_check", eyes.register(IdAnswer.MATCH, unless=IdAnswer.NO_SUCH_NUMBER)),
    "staff_call.recorded": Liar("staff_call", eyes.answers_itself),
    "staff_call.one-task": Liar("staff_call", eyes.rings_anew),
    "staff_call.answered": Liar("staff_call", eyes.hears_nobody),
    "staff_call.unknown-task": Liar("staff_call", eyes.knows_every_task),
    "staff_call.closes": Liar("staff_call", eyes.never_closes),
    **{rule: Liar(kind, change) for rule, (kind, change) in counter.COUNTER_LIARS.items()},
}
