"""A machine too busy to begin in time is given longer each time, or the camera's process would be ended for ever."""
import asyncio

import pytest

from vision.guard import worker
from vision.guard.worker import STALLED, Post


def test_a_process_that_cannot_begin_in_time_is_given_longer_and_the_silence_is_told(
        monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in (("START_S", 0.2), ("KILL_S", 0.1), ("LONGEST_START_S", 0.8), ("LOOK_S", 0.05)):
        monkeypatch.setattr(worker, name, seconds)
    told: list[object] = []
    post = Post("dock", ["/bin/sleep", "60"], lambda news: told.append(news["kind"]))
    post._grace = 0.2

    async def starve() -> None:
        tasks = [asyncio.create_task(post.keep()), asyncio.create_task(post.watch())]
        async with asyncio.timeout(30):
            while post._grace < 0.8:  # noqa: ASYNC110 - a process is polled
                await asyncio.sleep(0.05)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await post.end()

    asyncio.run(starve())
    assert told == [STALLED]
