"""A request to a Modbus board that is given up in the moment of its answer ends all the same."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest
from pymodbus.pdu.bit_message import ReadCoilsResponse

from devices.modbus import Client, ModbusBoard


class Connected:
    """A client that has its connection."""

    connected = True


def asked(board: ModbusBoard, answer: asyncio.Future[Any]) -> asyncio.Task[Any]:
    """A request that waits as pymodbus does."""
    return asyncio.create_task(board._ask(lambda _: asyncio.wait_for(answer, 5)))


def test_a_request_that_is_cancelled_as_its_answer_comes_is_cancelled() -> None:
    async def story() -> None:
        board = ModbusBoard("tower", "tcp://127.0.0.1:502")
        board._client = cast(Client, Connected())
        answer = asyncio.get_running_loop().create_future()
        task = asked(board, answer)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        answer.set_result(ReadCoilsResponse())
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not board._turn.locked()

    asyncio.run(story())


def test_what_is_asked_while_a_task_tidies_up_is_answered() -> None:
    """Whoever was cancelled may still bolt a door or drop a lamp on the way out."""

    async def story() -> None:
        board, given = ModbusBoard("tower", "tcp://127.0.0.1:502"), ReadCoilsResponse()
        board._client = cast(Client, Connected())
        told: list[Any] = []

        async def tidy() -> None:
            try:
                await asyncio.sleep(10)
            finally:
                answer = asyncio.get_running_loop().create_future()
                answer.set_result(given)
                told.append(await board._ask(lambda _: asyncio.wait_for(answer, 5)))

        task = asyncio.create_task(tidy())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert told == [given]

    asyncio.run(story())
