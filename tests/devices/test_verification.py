"""The verification back-end's driver against its peer: four answers, everything else is a fault, nothing leaks."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

import pytest

from devices.bench.verification import VerificationPeer
from devices.identity import IdAnswer
from devices.ports import DeviceFault, FaultCode
from devices.verification import VerificationDesk

NAME, NUMBER, ISSUED = "홍새벽", "9000002000001", date(2021, 3, 4)


@asynccontextmanager
async def desk() -> AsyncIterator[tuple[VerificationPeer, VerificationDesk]]:
    peer = VerificationPeer(slow_s=0.6)
    driver = VerificationDesk("id_check", f"http://127.0.0.1:{await peer.start()}", "seoul-1", reply_s=0.5)
    await driver.open()
    try:
        yield peer, driver
    finally:
        await driver.close()
        await peer.stop()


@pytest.mark.parametrize(
    ("kind", "name", "number", "issued", "answer"),
    [
        ("resident_card", NAME, NUMBER, ISSUED, IdAnswer.MATCH),
        ("licence", NAME, "990000000001", date(2018, 7, 15), IdAnswer.MATCH),
        ("resident_card", NAME, NUMBER, date(2021, 3, 5), IdAnswer.ISSUE_DATE_DIFFERS),
        ("resident_card", "나가상", "9000001000002", date(2019, 11, 20), IdAnswer.LOST),
        ("resident_card", NAME, "9000002000009", ISSUED, IdAnswer.NO_SUCH_NUMBER),
        ("licence", NAME, NUMBER, ISSUED, IdAnswer.NO_SUCH_NUMBER),
        ("resident_card", "다른이", NUMBER, ISSUED, IdAnswer.NO_SUCH_NUMBER),
    ],
)
def test_each_of_the_four_answers(kind: str, name: str, number: str, issued: date, answer: IdAnswer) -> None:
    async def story() -> None:
        async with desk() as (_, driver):
            assert await driver.verify(kind, name, number, issued, 2) is answer

    asyncio.run(story())


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("mute", FaultCode.NO_RESPONSE),
        ("slow", FaultCode.NO_RESPONSE),
        ("garbage", FaultCode.PROTOCOL),
        ("echo", FaultCode.PROTOCOL),
        ("half_frame", FaultCode.PROTOCOL),
        ("http_500", FaultCode.PROTOCOL),
        ("unplug", FaultCode.DISCONNECTED),
    ],
)
def test_whatever_else_comes_is_a_fault_and_tells_nobody_who_was_asked_about(
    fault: str, code: FaultCode, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        async with desk() as (peer, driver):
            peer.order(fault)
            with pytest.raises(DeviceFault) as caught:
                await driver.verify("resident_card", NAME, NUMBER, ISSUED, 0.3)
            assert caught.value.code is code
            told = "".join(traceback.format_exception(caught.value)) + caplog.text
            assert NAME not in told
            assert NUMBER not in told
            peer.order(fault, on=False)
            await asyncio.sleep(0.05)
            assert await driver.verify("resident_card", NAME, NUMBER, ISSUED, 2) is IdAnswer.MATCH

    caplog.set_level(logging.DEBUG)
    asyncio.run(story())


@pytest.mark.parametrize("reply", [{"answer": "yes"}, {"answer": None}, {"answer": ["match"]}, ["match"], "match", {}])
def test_an_answer_of_another_word_is_no_answer(reply: object) -> None:
    class Other(VerificationPeer):
        def reply(self, request: object) -> object:  # type: ignore[override]  # says what no honest register says
            return reply

    async def story() -> None:
        peer = Other()
        driver = VerificationDesk("id_check", f"http://127.0.0.1:{await peer.start()}")
        with pytest.raises(DeviceFault, match="none of the four"):
            await driver.verify("resident_card", NAME, NUMBER, ISSUED, 1)
        with pytest.raises(DeviceFault, match="protocol"):
            await driver.probe()
        await peer.stop()

    asyncio.run(story())


def test_a_kind_without_a_register_is_not_asked_about() -> None:
    async def story() -> None:
        async with desk() as (peer, driver):
            with pytest.raises(DeviceFault, match="unsupported"):
                await driver.verify("passport", NAME, NUMBER, ISSUED, 1)
            assert peer.asked == 0

    asyncio.run(story())


def test_a_back_end_without_its_register_is_out_of_service() -> None:
    async def story() -> None:
        async with desk() as (peer, driver):
            peer.order("no_register")
            with pytest.raises(DeviceFault, match="register"):
                await driver.probe()
            with pytest.raises(DeviceFault, match=r"disconnected: .* does not reach its register"):
                await driver.verify("resident_card", NAME, NUMBER, ISSUED, 1)

    asyncio.run(story())


def test_the_address_must_be_one() -> None:
    with pytest.raises(ValueError, match="not a URL"):
        VerificationDesk("id_check", "somewhere")
