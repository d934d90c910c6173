"""What is shown at every state: a screen of its own, what may be done there, nothing unmasked, every word there."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from devices.ports import DeviceState, Status
from kiosk import facts as f
from kiosk.config import load
from kiosk.flow import At, Intent, Refusal, Situation, View
from kiosk.services.bank.case import Act, Case, Credit
from kiosk.services.bank.draft import Draft, Step
from kiosk.services.bank.service import Bank, open_service
from kiosk.tables import CounterTable
from kiosk.words import Words
from tests.kiosk.bank.contracts import KEYS
from tests.kiosk.bank.prover import Short
from tests.kiosk.bank.test_flow import DESK, walked

NOW = datetime(2026, 7, 6, 1, 0, tzinfo=UTC)
DEVICES = ("bank_host", "bank_desk", "pin_pad", "document_camera", "officer", "receipt_printer", "code_reader")
SCREENS = {path.stem for path in Path("kiosk/services/bank/screens").glob("*.qml")}
#: Whatever of a customer must never stand unmasked in a view.
SECRETS = ("12345678901234", "01012345678", "김영수")


@cache
@cache
def service() -> Bank:
    made = open_service(load(Path("config/branch.toml")), CounterTable(contract_signing=True), Short())
    return replace(made, office=replace(made.office, keys=KEYS))


def situation(language: str = "ko") -> Situation:
    well = Status(DeviceState.ONLINE, NOW, NOW)
    local = NOW.astimezone(ZoneInfo("Asia/Seoul"))
    return Situation(NOW, local, language, dict.fromkeys(DEVICES, well), "v1", "00" * 32)


@cache
def shown() -> list[tuple[At[Step, Draft], View]]:
    """Every state of the walk with its view."""
    return [(at, service().view(at, situation())) for at in walked().states.values()]


def test_every_state_has_a_screen_that_exists_and_every_screen_is_shown() -> None:
    names = {view.screen.partition("/")[2] for _, view in shown() if view.screen.startswith("bank/")}
    assert names == SCREENS


def test_every_offer_means_something_there() -> None:
    """An intent that is offered is never answered `malformed` for want of a meaning."""
    bare = {"back", "cancel", "confirm", "compare", "apply", "appoint", "officer", "insist", "leave", "slip", "begin",
            "sign_name", "contract", "block"}  # fmt: skip
    for at, view in shown():
        for offer in bare & set(view.offers):
            assert isinstance(service().hear(at, Intent(offer), situation()), f.Fact)


def test_every_view_is_spoken_and_every_word_of_it_exists() -> None:
    for tag in ("ko", "en"):
        words = Words(tag, strict=True)
        for _, view in shown():
            assert view.speech or view.screen.startswith("identity/")
            for line in (*view.speech, *((view.notice,) if view.notice else ())):
                assert words.tell(line.id, {"won": 0, **line.args})


def test_names_and_numbers_are_masked_wherever_the_customer_is_not_typing_them() -> None:
    typing = ("bank/PayeeNumber", "bank/Phone")
    for _, view in shown():
        if view.screen not in typing:
            text = json.dumps(view.values, ensure_ascii=False)
            assert not [secret for secret in SECRETS if secret in text], view.screen


def test_a_script_never_says_a_number_or_a_name_of_the_customer() -> None:
    for _, view in shown():
        said = " ".join(Words("ko").tell(line.id, line.args) for line in view.speech)
        assert not [secret for secret in SECRETS if secret in said], view.screen


def test_whoever_is_stopped_or_waits_is_told_whom_to_call_now() -> None:
    """Shown and said: hang up, 112, 1332, and the bank's own number; and no wait of nought minutes is promised."""
    last = [(at, view) for at, view in shown() if at.step in (Step.STOP_NOW, Step.PAUSE_WAIT)]
    assert {at.step for at, _ in last} == {Step.STOP_NOW, Step.PAUSE_WAIT}
    for _, view in last:
        said = " ".join(Words("ko").tell(line.id, line.args) for line in view.speech)
        assert [word for word in ("끊으세요", "112", "1332", view.values["bank"]) if word not in said] == []
        assert view.values["bank"]
        assert "0분" not in said.replace("30분", "")


def test_nobody_is_promised_an_officer_where_there_is_none() -> None:
    """Nor a time: after a wait an officer looks, so that without one the bank is the way."""
    bare = replace(situation(), devices={name: each for name, each in situation().devices.items() if name != "officer"})
    for at, _ in shown():
        if at.step not in (Step.STOP_WHY, Step.PAUSE, Step.PAUSE_WAIT):
            continue
        view = service().view(at, bare)
        own = [line for line in view.speech if not line.id.startswith("shield")]
        said = " ".join(Words("ko").tell(line.id, line.args) for line in own)
        assert "officer" not in view.offers
        assert "직원과" not in said
        assert view.values.get("after", "alone") == "alone"


def test_where_an_officer_looks_after_the_wait_its_end_is_said() -> None:
    waits = [view for at, view in shown() if at.step == Step.PAUSE_WAIT and view.values["after"] == "wait"]
    assert waits
    for view in waits:
        said = " ".join(Words("ko").tell(line.id, line.args) for line in view.speech)
        assert view.values["from"] in said
        assert ("이야기하실 수" in said) == ("officer" in view.offers)


def test_a_stop_s_own_next_step_comes_before_whom_to_call() -> None:
    stopped = [at for at, _ in shown() if at.step == Step.STOP_WHY]
    credit = Credit(1_200_000, 600)
    fresh = Case(Act.TRANSFER, 400_000, balance_won=1_500_000, credits=(credit,))
    stopped.append(At(Step.STOP_WHY, Draft(business="account", case=fresh)))
    views = [service().view(replace(at, step=Step.STOP_NOW), situation()) for at in stopped]
    stops = {view.values["reason"]: view for view in views}
    assert set(stops) >= {"shield.F1", "shield.F10"}
    for reason, view in stops.items():
        assert view.values["next"] == f"{reason}.next"
        assert view.speech[1].id in (f"{reason}.next", f"bank.ear.{reason}")


def test_only_screens_without_a_customer_may_be_read_aloud_whole() -> None:
    public = {view.screen for _, view in shown() if not view.private}
    assert public == {f"bank/{name}" for name in
                      ("Start", "Products", "Compare", "Product", "Disclose", "Eligible", "Advice")}  # fmt: skip


@pytest.mark.parametrize("missing", ["pin_pad", "bank_host"])
def test_without_a_pin_pad_or_the_bank_account_services_are_not_offered(missing: str) -> None:
    devices = {name: status for name, status in situation().devices.items() if name != missing}
    bare = Situation(NOW, NOW, "ko", devices, "v1")
    at = service().begin(f.VisitStarted("bank", "ko", "v1"))
    assert service().view(at, bare).values["account"] is False
    with pytest.raises(Refusal, match="no_account"):
        service().hear(at, Intent("choose_kind", {"kind": "account"}), bare)


def test_the_receipts_lay_out_and_hold_no_whole_number() -> None:
    """Every PrintReceipt of the walk becomes a picture."""
    jobs = [(after, command) for _, _, after in walked().moves for command in after.todo
            if isinstance(command, f.PrintReceipt)]  # fmt: skip
    kinds = {command.what: (at, command) for at, command in jobs}
    assert set(kinds) == {"received", "transfer", "taken_back", "claim", "leaflet", "handed", "signed", "signing"}
    for at, command in kinds.values():
        dressed = service().dress(at, command, situation())
        assert isinstance(dressed, f.PrintReceipt)
        assert dressed.picture is not None
        assert dressed.picture.height > 400


def test_the_shelf_of_the_walk_is_that_of_the_branch() -> None:
    assert service().office.desk.shelf == DESK.shelf
    assert service().verified is False
