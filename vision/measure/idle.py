"""The measurer that cannot measure: it says why to whoever asks, until rig and model can be used."""
import asyncio
from collections.abc import Callable

from vision.measure.rig import RigError
from vision.model import ModelError
from vision.serve import Reply, RequestError

LOOK_S = 5.0
#: How its process ends once there is nothing wrong any more, so that whoever keeps it starts it again (EX_TEMPFAIL).
AGAIN = 75


class Idle:
    """Answers `status` with the sentence that tells what is wrong, and all else with it as an error; every look_s it
    tries anew whether rig and model can be had."""

    def __init__(self, why: str, prepare: Callable[[], object], look_s: float = LOOK_S) -> None:
        self.why, self._prepare, self._look_s = why, prepare, look_s

    async def answer(self, request: Reply, client: object) -> Reply:
        """A reply as that of a worker that has no camera."""
        if request.get("do") != "status":
            raise RequestError(self.why)
        return {"cameras": {}, "misconfigured": self.why}

    def leave(self, client: object) -> None:
        """Nothing is kept of a client."""

    async def keep_going(self) -> None:
        """Until rig and model can be used."""
        while True:
            await asyncio.sleep(self._look_s)
            try:
                await asyncio.to_thread(self._prepare)
            except (RigError, ModelError) as error:
                self.why = str(error)
            else:
                return
