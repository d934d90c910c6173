"""The feed as a reader meets it: real server, real journal, real HTTP."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import time
from dataclasses import fields
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from devices.ports import DeviceState, FaultCode, Status
from kiosk import facts as f
from kiosk.feed import Feed, FeedRefused, Limits, device, names
from kiosk.report import EVENTS, Gap, Report
from kiosk.services.send_parcel import draft
from tests.kiosk import feed_docs
from tests.kiosk.feed_branch import Branch, heard, serving, until

SECRETS = ("홍길동", "01098765432", "세종대로 209", "국세청 민원실", "6899900000001", "1234-56**-****-7890", "77001234")


# What is told


def test_the_page_its_files_and_the_data_are_served_with_strict_headers(tmp_path: Path) -> None:
    async def look() -> None:
        async with serving(tmp_path) as (_, client):
            for path in ("/", "/page.js", "/page.css", "/icon.svg", "/status.json", "/metrics"):
                for ask in (client.get, client.head):
                    answer = await ask(path)
                    assert answer.status_code == 200, path
                    strict(answer)
                assert (await client.post(path)).status_code == 405
            strict(await client.get("/nothing"))
            assert (await client.get("/page/../status.html")).status_code == 404
            assert (await client.head("/events")).headers["content-type"].startswith("text/event-stream")

    asyncio.run(look())


def strict(answer: httpx.Response) -> None:
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "server" not in answer.headers


def test_status_json_is_the_whole_branch(tmp_path: Path) -> None:
    async def look() -> None:
        async with serving(tmp_path) as (branch, client):
            branch.append("", f.StaffTaskRaised("0a1b2c3d", "label_printer_fault"))
            report = Report.model_validate_json((await client.get("/status.json")).content)
        assert report.devices["label_printer"].faults == (FaultCode.JAM,)
        assert report.services["send_parcel"].reasons[0].device == "label_printer"
        assert report.tasks[0].state == "on_the_way"
        assert report.tasks[0].raised_at is not None
        assert report.head.seq == 48211
        assert (report.demo, report.simulated, report.counts["accepted"]) == (True, True, 47)

    asyncio.run(look())


def test_a_task_says_only_what_the_call_desk_has_recorded(tmp_path: Path) -> None:
    branch = Branch(tmp_path)
    branch.status["calls"] = {}
    assert branch.feed.report().tasks[0].state is None
    branch.status["calls"] = {"0a1b2c3d": "no_answer"}
    assert branch.feed.report().tasks[0].state == "no_answer"
    branch.journal.close()


def test_when_a_task_was_raised_is_known_after_a_restart(tmp_path: Path) -> None:
    async def look() -> None:
        async with serving(tmp_path) as (branch, _):
            branch.append("", f.StaffTaskRaised("0a1b2c3d", "label_printer_fault"))
        async with serving(tmp_path) as (_, client):
            answer = (await client.get("/status.json")).json()
        assert answer["tasks"][0]["raised_at"] is not None

    asyncio.run(look())


def test_metrics_are_openmetrics(tmp_path: Path) -> None:
    async def look() -> str:
        async with serving(tmp_path) as (_, client):
            answer = await client.get("/metrics")
        assert answer.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
        return answer.text

    parsed = text_string_to_metric_families(asyncio.run(look()))  # type: ignore[no-untyped-call]  # it has no types
    families = {family.name: family for family in parsed}
    usable = {sample.labels["device"]: sample.value for sample in families["branch_device_usable"].samples}
    assert usable == {name: float(name not in ("label_printer", "staff_call")) for name in feed_docs.devices()}
    assert [s.value for s in families["branch_visits"].samples if s.labels["outcome"] == "accepted"] == [47.0]
    faults = {(s.labels["device"], s.labels["fault"]) for s in families["branch_device_fault"].samples}
    assert faults == {
        ("label_printer", "jam"), ("receipt_printer", "consumable_low"), ("staff_call", "disconnected"),
    }  # fmt: skip
    (task,) = families["branch_staff_tasks"].samples
    assert (task.labels, task.value) == ({"reason": "label_printer_fault", "call": "on_the_way"}, 1.0)
    on = [s.labels for s in families["branch_service_state"].samples if s.value]
    assert on == [{"service": "send_parcel", "branch_service_state": "unavailable"}]


# Events


def test_every_fact_that_may_leave_is_told_live_and_fits_its_model(tmp_path: Path) -> None:
    async def look() -> list[dict[str, Any]]:
        async with serving(tmp_path) as (branch, client):
            listening = asyncio.create_task(heard(client, len(feed_docs.FACTS)))
            await asyncio.sleep(0.2)
            for fact in feed_docs.FACTS:
                branch.append("", fact)
                branch.append("v", f.Lifted())
            return await listening

    events = asyncio.run(look())
    assert [int(event["id"]) for event in events] == list(range(1, 2 * len(events), 2))
    for event, fact in zip(events, feed_docs.FACTS, strict=True):
        found = EVENTS[type(fact)].model_validate(event["data"])
        assert found.type == f"unmanned-branch.{type(fact).__name__}"
        assert found.sequence == event["id"]


def test_a_reader_that_comes_back_gets_what_it_missed_also_across_a_restart(tmp_path: Path) -> None:
    async def look() -> None:
        async with serving(tmp_path) as (branch, client):
            for task in "abcdef":
                branch.append("", f.StaffTaskClosed(task))
            assert [event["data"]["data"]["task"] for event in await heard(client, 6)] == list("abcdef")
            assert [event["id"] for event in await heard(client, 2, Last_Event_ID="4")] == ["5", "6"]
        async with serving(tmp_path) as (branch, client):
            listening = asyncio.create_task(heard(client, 4, Last_Event_ID="3"))
            await asyncio.sleep(0.2)
            branch.append("", f.StaffTaskClosed("0"))
            assert [event["data"]["data"]["task"] for event in await listening] == list("def0")

    asyncio.run(look())


def test_a_replay_is_bounded_and_says_what_it_leaves_out(tmp_path: Path) -> None:
    async def look() -> list[dict[str, Any]]:
        async with serving(tmp_path, Limits(replayed=5)) as (branch, client):
            for _ in range(12):
                branch.append("", f.StaffTaskClosed("a"))
            assert "event" not in (await heard(client, 5, Last_Event_ID="7"))[0]
            return await heard(client, 6, Last_Event_ID="3")

    gap, *rest = asyncio.run(look())
    assert gap["event"] == "gap"
    assert Gap.model_validate(gap["data"]) == Gap(after=3, first=8)
    assert [int(event["id"]) for event in rest] == [8, 9, 10, 11, 12]


@pytest.mark.parametrize("number", ["", "abc", "-1", "\u00b2", "9" * 40, "1e3", "1;DROP"])
def test_a_number_that_is_none_is_the_beginning(tmp_path: Path, number: str) -> None:
    async def look() -> None:
        async with serving(tmp_path) as (branch, client):
            branch.append("", f.StaffTaskClosed("a"))
            headers = {b"last-event-id": number.encode("latin-1")}
            async with client.stream("GET", "/events", headers=headers) as answer:
                lines = answer.aiter_lines()
                assert answer.status_code == 200
                assert [await anext(lines) for _ in range(3)][2] == "id: 1"

    asyncio.run(look())


def test_silence_is_broken_by_a_comment(tmp_path: Path) -> None:
    async def look() -> None:
        async with serving(tmp_path, Limits(beat_s=0.1)) as (_, client), client.stream("GET", "/events") as answer:
            lines = answer.aiter_lines()
            assert [await anext(lines) for _ in range(3)] == ["retry: 2000", "", ": still here"]

    asyncio.run(look())


# Limits


def test_readers_are_counted_and_room_comes_back(tmp_path: Path) -> None:
    async def look() -> None:
        async with serving(tmp_path, Limits(readers=2, beat_s=0.1)) as (branch, client):
            async with client.stream("GET", "/events"), client.stream("GET", "/events"):
                refused = await client.get("/events")
                assert (refused.status_code, refused.headers["retry-after"]) == (503, "10")
                assert (await client.get("/status.json")).status_code == 200
            branch.append("", f.StaffTaskClosed("a"))
            await until(lambda: not branch.feed._readers)
            assert len(await heard(client, 1)) == 1

    asyncio.run(look())


def deaf(port: int) -> socket.socket:
    """A reader that asks for /events and then reads nothing at all."""
    knock = socket.socket()
    knock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    knock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    knock.connect(("127.0.0.1", port))
    knock.sendall(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
    return knock


def test_a_reader_that_does_not_read_is_let_go_and_the_others_hear(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def look() -> None:
        async with serving(tmp_path, Limits(send_s=0.3)) as (branch, client):
            with deaf(branch.port):
                await until(lambda: branch.feed._readers)
                (slow,) = branch.feed._readers
                entry = branch.journal.append("", f.StaffTaskClosed("a"))
                end = time.monotonic() + 30
                while slow in branch.feed._readers and time.monotonic() < end:
                    if slow.qsize() < 100:
                        branch.feed.entered(entry)
                    await asyncio.sleep(0)
                assert slow not in branch.feed._readers
                assert len(await heard(client, 1)) == 1

    asyncio.run(look())
    assert "does not read" in caplog.text


def test_a_reader_for_whom_too_much_waits_is_let_go_and_finds_it_later(tmp_path: Path) -> None:
    async def look() -> None:
        async with serving(tmp_path, Limits(waiting=5)) as (branch, client):
            listening = asyncio.create_task(heard(client, 9))
            await until(lambda: branch.feed._readers)
            for _ in range(9):
                branch.append("", f.StaffTaskClosed("a"))
            with pytest.raises(AssertionError, match="the stream ended"):
                await listening
            assert len(await heard(client, 9)) == 9

    asyncio.run(look())


@pytest.mark.parametrize("readers", [0, 3])
def test_the_feed_ends_by_itself_whoever_is_listening(
    tmp_path: Path, readers: int, caplog: pytest.LogCaptureFixture
) -> None:
    async def look() -> None:
        branch = Branch(tmp_path)
        branch.feed.bind("127.0.0.1", 0)
        task = asyncio.create_task(branch.feed.serve())
        async with httpx.AsyncClient(base_url=branch.address, timeout=30) as client:
            assert (await client.get("/status.json")).status_code == 200
            listening = [asyncio.create_task(heard(client, 9)) for _ in range(readers)]
            await until(lambda: len(branch.feed._readers) == readers)
            task.cancel()
            (ended,) = await asyncio.gather(task, return_exceptions=True)
            assert isinstance(ended, asyncio.CancelledError)
            await asyncio.gather(*listening, return_exceptions=True)
        branch.journal.close()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(look())
    assert caplog.text == ""  # uvicorn would say that it had to cut readers off


def test_an_address_that_cannot_be_had_is_one_sentence(tmp_path: Path) -> None:
    branch = Branch(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(FeedRefused, match=rf"\[feed\] host = '127.0.0.1', port = {port}: .*in use; choose another"):
            branch.feed.bind("127.0.0.1", port)
    with pytest.raises(FeedRefused, match=r"\[feed\] host = 'no such host'"):
        branch.feed.bind("no such host", 0)
    branch.journal.close()


# Who may ask


@pytest.mark.parametrize(
    ("host", "status"),
    [("127.0.0.1", 200), ("localhost:{port}", 200), ("LOCALHOST", 200), ("[::1]:1", 200), ("evil.example", 421),
     ("127.0.0.1.evil.example", 421), ("localhost.", 421), ("", 421), ("evil@localhost", 421), ("127.0.0.1:1:1", 421)],
)  # fmt: skip
def test_on_the_loopback_only_its_own_names_are_answered(tmp_path: Path, host: str, status: int) -> None:
    async def look() -> None:
        async with serving(tmp_path) as (branch, client):
            answer = await client.get("/status.json", headers={"Host": host.format(port=branch.port)})
            assert answer.status_code == status
            strict(answer)
            assert ("devices" in answer.text) == (status == 200)

    asyncio.run(look())


def test_beyond_the_loopback_any_name_is_answered() -> None:
    assert names("192.0.2.7") is None
    assert names("[::]") is None
    assert "127.0.0.2" in (names("127.0.0.2") or ())


# Personal data


def private() -> list[f.Fact]:
    """A whole visit with everything that must not leave."""
    return [
        f.VisitStarted("send_parcel", "ko", "c0ffee"), f.Placed(2340), draft.Detailed("receiver", SECRETS[3]),
        draft.Named("receiver", SECRETS[0]), draft.Phoned("receiver", SECRETS[1]),
        f.NumberIssued(SECRETS[4]), f.Paid("c0ffee-1", 5000, SECRETS[6], "ref", SECRETS[5]),
        f.StaffTaskRaised("0a1b2c3d", "label_owed", SECRETS[4], 5000), f.VisitClosed("label_owed"),
    ]  # fmt: skip


def test_nothing_of_a_customer_leaves_by_any_road(tmp_path: Path) -> None:
    async def look() -> str:
        async with serving(tmp_path) as (branch, client):
            said = ", ".join(SECRETS)
            scale = Status(
                DeviceState.ONLINE, feed_docs.NOW, feed_docs.NOW, frozenset(), f"detail {said}", True,
                (("name", SECRETS[0]), (said, "1"), ("road", SECRETS[2]), ("load", "0.000 kg")),
            )  # fmt: skip
            branch.status["devices"] = {"scale": scale}
            listening = asyncio.create_task(heard(client, 3))
            await asyncio.sleep(0.2)
            for fact in private():
                branch.append("c0ffee", fact)
            live, replayed = await listening, await heard(client, 3)
            pages = [(await client.get(path)).text for path in ("/", "/status.json", "/metrics", "/page.js")]
            assert '"load":"0.000 kg"' in pages[1]
            return "\n".join([*pages, json.dumps([live, replayed], ensure_ascii=False)])

    said = asyncio.run(look())
    assert "label_owed" in said
    assert [secret for secret in SECRETS if secret in said] == []
    assert "c0ffee" not in said


def test_no_fact_that_is_told_has_a_personal_field() -> None:
    assert [kind for kind in EVENTS if any(field.metadata.get("personal") for field in fields(kind))] == []


def test_a_fact_that_does_not_fit_is_kept_in_and_harms_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    branch = Branch(tmp_path)
    branch.append("", f.StaffTaskRaised("0a1b2c3d", "홍길동에게 전화"))
    branch.journal.close()
    assert "is not told" in caplog.text
    assert "홍길동" not in caplog.text


def test_a_reading_that_is_not_plain_stays_inside() -> None:
    status = Status(
        DeviceState.ONLINE, feed_docs.NOW, values=(("ok", "1 kg"), ("bad", "<b>"), ("Bad", "1"), ("x", "9" * 81))
    )
    assert device(status).values == {"ok": "1 kg"}


def test_a_stream_that_is_cancelled_as_news_come_ends() -> None:
    """However many turns of the loop lie between the news and the cancellation."""

    async def ends(turns: int) -> bool:
        feed = object.__new__(Feed)
        feed._limits = Limits()
        reader: asyncio.Queue[tuple[int, str] | None] = asyncio.Queue()
        waiting = asyncio.create_task(feed._next(reader))
        await asyncio.sleep(0)
        reader.put_nowait((1, "news"))
        for _ in range(turns):
            await asyncio.sleep(0)
        cancelled = waiting.cancel()
        await asyncio.wait([waiting])
        return waiting.cancelled() or not cancelled

    assert [asyncio.run(ends(turns)) for turns in range(6)] == [True] * 6
