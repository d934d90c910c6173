"""One visit of somebody who does not exist, by the link, whatever happens to the core meanwhile."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from devices.bench.bank import CARDS
from devices.bench.card import Card
from devices.bench.client import BenchClient, BenchError
from devices.counter import OfficerAnswer
from tests.branch import Branch, Customer, until
from tests.campaigns.planted_people import Person
from tests.pcsc import Slip

Json = dict[str, Any]
#: What people come for: the service, and how many screens it has until something is proven, sent or printed.
ERRANDS = {"identity": 10, "resident_check": 12, "intake_check": 13, "account": 14, "apply": 34}
#: Where the paper is printed or fails.
PRINTED = ("printed", "failed")
LONGEST_S = 120.0
#: An intent for a view that was changed meanwhile is not heard: it is given again after this long, seconds.
AGAIN_S = 2.0
#: How often account services are looked for that are not there yet.
PATIENCE = 6
#: Where a second act of the hands would be another one.
ONCE = ("bank/Card", "identity/Card", "identity/Lay")
#: Screens that one press answers.
PLAIN = {
    "Attract": "start", "identity/Confirm": "confirm", "End": "confirm", "Product": "apply", "AskFirst": "begin",
    "Review": "confirm", "Doubt": "leave", "Balance": "confirm", "Entries": "confirm", "Decision": "confirm",
    "Stop": "confirm", "Closed": "",
}  # fmt: skip


class Hand:
    """A hand with a passport, and the port of the reader's slot that it may be laid on."""

    def __init__(self, slot: int, chip: Card) -> None:
        self._slot, self._chip, self._lying = slot, chip, ExitStack()
        self.spoken = 0

    def lay(self) -> None:
        """Lay it down, anew where it lies already."""
        self.take()
        self._lying.enter_context(Slip(self._slot, self._answer, self._chip.atr, self._chip.reset))

    def _answer(self, command: bytes) -> bytes:
        """The chip's, counted."""
        self.spoken += 1
        return self._chip.respond(command)

    def take(self) -> None:
        """Take it away."""
        self._lying.close()


class Visitor:
    """Walks one visit; `hand` may hold a passport. `died` is told of a kill."""

    def __init__(
        self, branch: Branch, bench: BenchClient, person: Person, errand: str, dice: random.Random,
        died: Callable[[], None],
    ) -> None:  # fmt: skip
        self.branch, self.bench, self.person, self.errand, self.dice = branch, bench, person, errand, dice
        self.seen, self.kills, self._died = list[str](), 0, died
        self.customer = Customer(branch.run / "link.sock")
        self.kill_at, self.delay = dice.randrange(3, ERRANDS[errand]), dice.choice((0.0, 0.0, 0.02, 0.1))
        self.hand: Hand | None = None
        self._waits = 0

    def go(self) -> None:
        """From the resting screen back to it, and one kill in any case."""
        begun, end, last, acted = False, time.monotonic() + LONGEST_S, (-1, ""), 0.0
        while time.monotonic() < end:
            self.customer.read()
            name, values = str(self.customer.view.get("screen", "")), self.customer.view.get("values", {})
            now = (self.customer.view.get("step_seq", -1), name + str(values.get("part", "")))
            if begun and self.customer.screen == "Attract":
                return self._kill() if not self.kills else None
            if not name or (now == last and (name in ONCE or time.monotonic() - acted < AGAIN_S)):
                continue
            if now != last:
                self.seen.append(self.customer.screen)
            last, acted, begun = now, time.monotonic(), begun or self.customer.screen not in ("Attract", "Home")
            self._act(name.removeprefix("bank/").removeprefix("home/"), values)
            if len(self.seen) == self.kill_at and not self.kills:
                self._kill()
                last = (-1, "")
        raise TimeoutError(f"the visit did not end; last seen {self.seen[-3:]}")

    def close(self) -> None:
        """Take the passport away and hang up."""
        if self.hand is not None:
            self.hand.take()
        self.customer.close()

    def _kill(self) -> None:
        """SIGKILL; what stands on the disk at that instant is looked at before anything starts again."""
        time.sleep(self.delay)
        self.branch.stop("core", signal.SIGKILL)
        self.kills += 1
        self._died()
        self.branch.start("core", self.branch.run / "link.sock")
        self.customer.again()

    def _act(self, screen: str, values: Json) -> None:
        """What this person does on this screen."""
        plain = PLAIN.get(screen) or PLAIN.get(screen.removeprefix("identity/"))
        if plain:
            self.customer.does(plain)
        elif screen == "Home":
            self.customer.does("choose", service="bank" if self.errand in ("account", "apply") else self.errand)
        elif screen.startswith("identity/"):
            self._shows(screen.removeprefix("identity/"), values)
        elif screen in ("Card", "Account", "PayeeBank", "PayeeNumber", "Amount", "Confirm", "Sent", "TakenBack"):
            self._moves(screen, values)
        else:
            self._applies(screen, values)

    def _shows(self, screen: str, values: Json) -> None:
        """Showing a document."""
        does = self.customer.does
        match screen:
            case "Consent":
                does("consent", optional=values["optional"])
            case "Choose":
                kind = self._document(values["kinds"])
                does("choose_document", kind=kind) if kind else does("cancel")
            case "Glass":
                self._glass(values["kind"])
            case "Field":
                self._field(values)
            case "Lay" if self.hand is not None:
                self.hand.lay()
            case "Card":
                self._card()
            case "Officer":
                self._do("officer_answer", answer=self.dice.choice(tuple(OfficerAnswer)))
            case "Result":
                self._result(values)

    def _document(self, kinds: list[str]) -> str:
        """The passport where a reader is there for it; empty where nothing on offer can be shown by this person."""
        typed = [kind for kind in kinds if kind in ("resident_card", "licence")]
        if self.hand is not None and "passport" in kinds:
            return "passport"
        return self.dice.choice(typed) if typed else ""

    def _moves(self, screen: str, values: Json) -> None:
        """Account services: a small sum to somebody made up."""
        does = self.customer.does
        match screen:
            case "Card":
                self._card()
            case "Account":
                wanted = self.dice.choice(("transfer", "transfer", "transfer", "delayed", "entries"))
                does("choose_business", what=wanted) if self.seen.count("Account") < 5 else does("cancel")
            case "PayeeBank":
                does("choose_bank", bank="990")
            case "PayeeNumber":
                first = self.seen.count("PayeeNumber") == 1  # nobody's account: refused by the bank
                does("set_account", digits=self.person.resident if first else self.person.payee)
            case "Amount":
                does("set_amount", won=self.dice.randrange(1_000, 9_000))
            case "Confirm":
                does("agree", won=values["won"], delayed=False)
            case "Sent" | "TakenBack":
                self._slip()

    def _applies(self, screen: str, values: Json) -> None:
        """Looking, applying, waiting."""
        does, dice = self.customer.does, self.dice
        match screen:
            case "Start":
                self._begins(values["account"])
            case "Products":
                does("choose_product", id=dice.choice([each["id"] for each in values["products"] if each["intake"]]))
            case "Disclose":
                does("understood", id=values["id"])
            case "Eligible":
                does("reply", id=values["id"], yes=values["id"] != "arrears")
            case "Advice" | "Unproven":
                does("appoint" if dice.random() < 0.2 else "confirm")
            case "Ask":
                does("answer", question=values["question"], yes=dice.random() < 0.1)
            case "Pause":
                does("insist" if values["part"] == 1 else "confirm")
            case "Officer":
                self._do("officer_answer", answer=dice.choice(tuple(OfficerAnswer)))
            case "Received":
                self._slip()
            case _:
                self._form(screen, values)

    def _begins(self, account: bool) -> None:
        """Account services after a restart are there in a moment; whoever came for them waits a little."""
        self._waits += 1
        if self.errand != "account" or (not account and self._waits > PATIENCE):
            self.customer.does("choose_kind", kind=self.dice.choice(("loan", "loan", "saving")))
        elif account:
            self.customer.does("choose_kind", kind="account")

    def _form(self, screen: str, values: Json) -> None:
        """What is entered for an application or an appointment."""
        does = self.customer.does
        match screen:
            case "Wish":
                does("set_wish", won=values["least_won"])
            case "Months":
                does("choose_term", months=values["months"][0])
            case "Phone":
                does("set_phone", digits=self.person.phone)
            case "Papers":
                self.bench.do("lay_paper", kind="paper", fields={"name": self.person.name})
                does("confirm") if values["camera"] else does("later", paper=values["paper"])
            case "Sign":
                does("sign", strokes=list(self.person.strokes))
            case "How":
                does("choose_how", how=values["ways"][0])
            case "When":
                does("choose_when", when=values["slots"][0])
            case "Unsure":
                pass  # the bank is asked; the screen changes by itself

    def _do(self, act: str, **values: object) -> None:
        """An act of the bench; too early it is done again with the next look."""
        for _ in range(40):
            try:
                self.bench.do(act, **values)
            except BenchError:
                time.sleep(0.05)
            else:
                return

    def _card(self) -> None:
        self._do("bank_card", card=0)
        self._do("press", keys=CARDS[0].pin + "#")

    def _slip(self) -> None:
        """A receipt, and goodbye once it is there."""
        if "slip" in self.customer.view["offers"]:
            self.customer.does("slip")
            until(self._slip_is_there, 20, "the slip is printed, or the core is gone")
        self.customer.does("confirm")

    def _slip_is_there(self) -> bool:
        self.customer.read()
        return self.customer.view["values"].get("slip") in PRINTED

    def _glass(self, kind: str) -> None:
        printed = {"name": self.person.name, "number": self._number(kind), "issued": self.person.issued}
        if self.dice.random() < 0.5 and "read" in self.customer.view["offers"]:
            self.bench.do("lay_paper", kind=kind, fields=printed)
            self.customer.does("read")
        else:
            self.bench.do("lift_paper")
            self.customer.does("type")

    def _number(self, kind: str) -> str:
        numbers = {"resident_card": self.person.resident, "licence": self.person.licence}
        return numbers.get(kind, self.person.passport.number)

    def _field(self, values: Json) -> None:
        """First something that is refused, then what is asked for."""
        person = self.person
        self.customer.does("set_field", text=person.lines[1])
        self.customer.does("set_field", text=f"{person.passport.number}/{person.resident}")
        texts = {
            "name": person.name, "number": self._number(values["kind"]), "issued": person.issued,
            "birth": person.birth, "expiry": person.expiry,
        }  # fmt: skip
        self.customer.does("set_field", text=texts[values["field"]])

    def _result(self, values: Json) -> None:
        ways = values["ways"]
        if ways and self.seen.count("Result") < 4 and self.dice.random() < 0.7:
            self.customer.does("prove", way=self.dice.choice(ways))
        else:
            self.customer.does(self.dice.choice(("confirm", "confirm", "cancel")))
