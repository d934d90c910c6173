"""Somebody who sends a parcel and meets whatever the screen shows: reads, answers, pays, sticks, drops, gives up."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.branch import BOX, PLACES
from tests.campaigns.site import Site

Json = dict[str, Any]


@dataclass(frozen=True)
class Nature:
    """How often this person presses `retry`, what they do then, where they give up or just walk off, how long they look
    at a screen, whether they believe the camera's size."""

    retries: int = 2
    money_back: bool = False
    cancels_at: str = ""
    patience_s: float = 25.0
    unsure_s: float = 12.0
    again_s: float = 3.0
    pays_unsure: bool = True
    walks_off_at: str = ""
    doubts_size: bool = False


#: Screens where one answer is the natural one.
PLAIN: dict[str, tuple[str, Json]] = {
    "Home": ("choose", {"service": "send_parcel"}), "Size": ("confirm", {}), "Refused": ("confirm", {}),
    "Contents": ("choose_contents", {"code": "book"}), "Pledge": ("confirm", {}), "Insure": ("set_insured", {"won": 0}),
    "End": ("confirm", {}),
}  # fmt: skip
RESTING = ("Attract", "Closed", "Home")


@dataclass
class Person:
    """Acts once on a view, and again when nothing came of it for a while."""

    site: Site
    nature: Nature = field(default_factory=Nature)
    box: Json = field(default_factory=lambda: dict(BOX))
    started: bool = False
    inside: bool = False
    agreed: int = 0
    retried: int = 0
    stuck: int = 0
    seen: list[str] = field(default_factory=list)
    _acted: dict[tuple[str, int], float] = field(default_factory=dict)
    _since: tuple[str, float] = ("", 0.0)
    _pages: int = -1

    # Looking

    def look(self) -> str:
        """The screen now, with `what` where it works by itself; remembers what was seen."""
        self.site.customer.read()
        now = self.screen
        if now != self._since[0]:
            self._since = (now, time.monotonic())
        self.inside = self.inside or now.split(":")[0] not in ("", *RESTING)
        line = f"{now} [{notice}]" if (notice := self.notice) else now
        paper = self.paper
        line = f"{line} (paper {paper})" if paper else line
        if paper != "printing" and (not self.seen or self.seen[-1] != line):
            self.seen.append(line)
        return now

    @property
    def paper(self) -> str:
        """What the screen says of a slip or a receipt: printing, printed, failed, none."""
        key = {"End": "receipt", "Claim": "slip", "Reversed": "slip"}.get(self.site.customer.screen, "")
        return str(self.values.get(key, ""))

    @property
    def screen(self) -> str:
        """The screen's name; `Working:print`, `Stuck:jam` say more."""
        name, values = self.site.customer.screen, self.values
        more = values.get("what") or values.get("code") if name in ("Working", "Stuck", "Reopen", "Refused") else ""
        return f"{name}:{more}" if more else name

    @property
    def notice(self) -> str:
        """The message id of the notice, if any."""
        notice = self.site.customer.view.get("notice")
        return str(notice["id"]) if notice else ""

    @property
    def values(self) -> Json:
        """The view's values."""
        values: Json = self.site.customer.view.get("values", {})
        return values

    @property
    def waited_s(self) -> float:
        """Seconds on this screen."""
        return time.monotonic() - self._since[1]

    @property
    def gone(self) -> bool:
        """True once the visit has begun and the screen rests again."""
        return self.inside and self.screen in ("Attract", "Closed")

    def offered(self, name: str) -> bool:
        """Whether the screen offers this."""
        return name in self.site.customer.view.get("offers", ())

    def after_restart(self) -> None:
        """The machine came back: look at everything anew."""
        self._acted.clear()
        self._since = ("", 0.0)
        self.started = self.inside

    # Acting

    def act(self) -> str:
        """Do one thing that this view asks for; the name of what was done, or nothing."""
        name = self.site.customer.screen
        key = (name, int(self.site.customer.view.get("step_seq", 0)))
        busy = time.monotonic() - self._acted.get(key, -1e9) < self.nature.again_s
        if not name or busy or name == self.nature.walks_off_at:
            return ""
        done = self._gives_up(name) or self._answers(name)
        if done:
            self._acted[key] = time.monotonic()
        return done

    def _gives_up(self, name: str) -> str:
        """Cancel where this person had enough, or where nothing has moved for long."""
        patience = 45.0 if name == "Working" else self.nature.patience_s
        weary = self.waited_s > patience or name == self.nature.cancels_at
        way = next((way for way in ("cancel", "leave") if self.offered(way)), "")
        return self._does(way) if weary and way and self.started and name != "Home" else ""

    def _answers(self, name: str) -> str:
        if name == "Size" and self.nature.doubts_size and self.offered("other"):
            return self._does("other")
        if name in PLAIN:
            return self._does(PLAIN[name][0], **PLAIN[name][1])
        own: dict[str, Callable[[], str]] = {
            "Attract": self._start, "Place": self._puts, "ChooseSize": self._sizes, "Address": self._finds,
            "Detail": self._types, "Name": self._types, "Phone": self._types, "Speed": self._speed,
            "Review": self._agrees, "Pay": self._pays, "Unsure": self._waits, "Stuck": self._is_stuck,
            "Stick": self._sticks, "Drop": self._drops, "Reopen": self._again, "Done": self._receipt,
            "Claim": self._reads, "Reversed": self._reads, "TakeBack": self._takes,
        }  # fmt: skip
        return own[name]() if name in own else ""

    def _does(self, name: str, **args: object) -> str:
        self.site.customer.does(name, **args)
        return name

    def _start(self) -> str:
        if self.inside or not self.site.customer.offers("send_parcel"):
            return ""
        self.started = True
        self._pages = self._printed() if self._pages < 0 else self._pages
        return self._does("start")

    def _puts(self) -> str:
        if self.site.state()["world"]["parcel"] is None:
            return "put" if self.site.quietly("put", **self.box) else ""
        if self.waited_s < 4 and not self.notice:
            return ""
        self.retried += 1
        return self._does("confirm" if self.retried <= self.nature.retries else "cancel")

    def _sizes(self) -> str:
        return self._does("choose_size", tier=self.values["tiers"][-1]["id"])

    def _finds(self) -> str:
        place = PLACES[self.values["who"]][0]
        if place not in self.site.streets:
            self.site.streets[place] = self.site.customer.asks(place)[0]["id"]
        return self._does("choose_address", id=self.site.streets[place])

    def _types(self) -> str:
        _, detail, name, phone = PLACES[self.values["who"]]
        match self.site.customer.screen:
            case "Detail":
                return self._does("set_detail", text=detail)
            case "Name":
                return self._does("set_name", text=name)
            case _:
                return self._does("set_phone", digits=phone)

    def _speed(self) -> str:
        return self._does("choose_speed", speed=next(c["speed"] for c in self.values["choices"] if c["available"]))

    def _agrees(self) -> str:
        if self.agreed > self.nature.retries:
            return self._does("cancel")
        self.agreed += 1
        return self._does("agree", won=self.values["total_won"])

    def _pays(self) -> str:
        return "approve" if self.site.quietly("approve") else ""

    def _waits(self) -> str:
        """A terminal that asks for a card gets it, whatever the screen says; else wait, and leave at last."""
        if self.nature.pays_unsure and self.site.quietly("approve"):
            return "approve"
        return self._does("leave") if self.waited_s > self.nature.unsure_s and self.offered("leave") else ""

    def _is_stuck(self) -> str:
        """Look into the tray first; then try again, and at last take the money or the slip."""
        if self.offered("came_out") and self._printed() > self._pages + self.stuck:
            return self._does("came_out")
        if self.retried >= self.nature.retries and self.nature.money_back and self.offered("reverse"):
            return self._does("reverse")
        return self._again()

    def _again(self) -> str:
        self.retried += 1
        return self._does("retry" if self.retried <= self.nature.retries else "leave")

    def _sticks(self) -> str:
        """Stick the label on; when it is not read for long, have another one printed."""
        parcel = self.site.state()["world"]["parcel"]
        if parcel and not parcel["label"] and self._printed() > self._pages and self.site.quietly("stick"):
            self.stuck += 1
            return "stick"
        if self.offered("leave") and self.waited_s > self.nature.unsure_s:
            return self._does("leave")
        return self._again() if self.waited_s > 15 and self.retried < self.nature.retries else ""

    def _drops(self) -> str:
        world = self.site.state()["world"]
        if world["parcel"] and not world["hatch"]["closed"]:
            return "drop" if self.site.quietly("drop") else ""
        if not world["hatch"]["closed"] and self.waited_s > 9:
            return "close_door" if self.site.quietly("close_door") else ""
        return ""

    def _receipt(self) -> str:
        return self._does("receipt", paper=bool(self.values["receipt"]))

    def _reads(self) -> str:
        return self._does("confirm") if self.values["slip"] != "printing" else ""

    def _takes(self) -> str:
        return "take" if self.site.quietly("take") else ""

    def _printed(self) -> int:
        return len(self.site.state()["pages"]["label_printer"])
