"""Rules for a document camera: it reads what lies there, says how sure it is, and says so when it cannot see."""

from __future__ import annotations

from devices.certify.bed import Bed, Rule, ended, expect, hold, refused
from devices.certify.terms import Act, Question, Trouble
from devices.counter import DocumentCamera, DocumentKind
from devices.ports import FaultCode

READS_S, SHORT_S = 8.0, 0.8
#: A field of less than this is typed by the customer.
SURE = 0.8
#: JPEG markers that begin a frame: SOF0 to SOF15 without DHT, JPG and DAC.
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


async def document(bed: Bed[DocumentCamera]) -> tuple[DocumentKind, dict[str, str]]:
    """What the test document says; it lies on the glass when this returns."""
    kind, name, number, issued = (await bed.tell(Question.PRINTED)).split(";")
    await bed.do(Act.LAY_DOCUMENT, kind)
    return DocumentKind(kind), {"name": name, "number": number, "issued": issued}


async def reads(bed: Bed[DocumentCamera]) -> None:
    """Every field that is surely read is right."""
    kind, printed = await document(bed)
    async with bed.opened() as camera:
        said = (await camera.propose(kind, READS_S)).fields
    sure = {name: field.text for name, field in said.items() if field.sure >= SURE and name in printed}
    hold(bool(sure), "the test document lies there, and no field was surely read")
    wrong = [name for name, text in sure.items() if text.replace("-", "") != printed[name].replace("-", "")]
    hold(not wrong, f"surely read and wrong: {', '.join(wrong)}")


async def unsure(bed: Bed[DocumentCamera]) -> None:
    """Hard to read."""
    kind, _ = await document(bed)
    async with bed.opened() as camera, bed.trouble(Trouble.UNSURE):
        said = (await camera.propose(kind, READS_S)).fields
    bold = [name for name, field in said.items() if field.sure >= SURE]
    hold(not bold, f"hard to read, and surely read: {', '.join(bold)}")
    hold(all(0.0 <= field.sure <= 1.0 for field in said.values()), "surer than sure")


async def nothing_there(bed: Bed[DocumentCamera]) -> None:
    """An empty glass."""
    await bed.do(Act.LIFT_DOCUMENT)
    async with bed.opened() as camera:
        for call in (camera.propose(DocumentKind.LICENCE, READS_S), camera.photograph(READS_S)):
            await refused(call, (FaultCode.NO_MEDIA,), "nothing lies on the glass")


async def photographs(bed: Bed[DocumentCamera]) -> None:
    """A whole JPEG, of the size that is told."""
    await document(bed)
    async with bed.opened() as camera:
        photo = await camera.photograph(READS_S)
    whole = photo.jpeg.startswith(b"\xff\xd8\xff") and photo.jpeg.rstrip(b"\0").endswith(b"\xff\xd9")
    hold(whole, "a picture that is no whole JPEG")
    size = jpeg_size(photo.jpeg)
    hold(size == (photo.width, photo.height), f"{photo.width} x {photo.height} was told of a picture of {size}")


def jpeg_size(jpeg: bytes) -> tuple[int, int]:
    """Width and height by the first frame's header; (0, 0) where there is none."""
    at = 2
    while at + 9 <= len(jpeg) and jpeg[at] == 0xFF:
        length = int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if jpeg[at + 1] in FRAMES:
            return int.from_bytes(jpeg[at + 7 : at + 9], "big"), int.from_bytes(jpeg[at + 5 : at + 7], "big")
        at += 2 + length
    return 0, 0


async def dark(bed: Bed[DocumentCamera]) -> None:
    """Covered, it says so; it reads nothing into the dark."""
    kind, _ = await document(bed)
    async with bed.opened() as camera, bed.trouble(Trouble.DARK):
        await refused(camera.probe(), (FaultCode.CAMERA_DARK,), "the camera is dark")
        await refused(camera.propose(kind, READS_S), (FaultCode.CAMERA_DARK,), "the camera is dark")


async def lost(bed: Bed[DocumentCamera]) -> None:
    """A reader without its camera."""
    async with bed.opened() as camera, bed.trouble(Trouble.ONE_CAMERA_LOST):
        await refused(camera.probe(), (FaultCode.CAMERA_LOST, *LINE), "the camera is lost")


async def moving(bed: Bed[DocumentCamera]) -> None:
    """No blurred picture goes to a bank."""
    await document(bed)
    async with bed.opened() as camera, bed.trouble(Trouble.MOVING_PAPER):
        await refused(camera.photograph(READS_S), (FaultCode.UNSTABLE,), "the paper moves")


async def no_controls(bed: Bed[DocumentCamera]) -> None:
    """What is printed moves no cursor."""
    kind, _ = await document(bed)
    async with bed.opened() as camera, bed.trouble(Trouble.CONTROL_CHARS):
        said = (await camera.propose(kind, READS_S)).fields
    hold(all(field.text.isprintable() and len(field.text) <= 60 for field in said.values()), "a field with controls")


async def faults_hold_nothing(bed: Bed[DocumentCamera]) -> None:
    """Silence, noise, a cut line: no reading, and nobody's name or number in the fault."""
    kind, printed = await document(bed)
    for trouble in (Trouble.MUTE, Trouble.GARBAGE, Trouble.UNPLUG):
        async with bed.opened() as camera, bed.trouble(trouble):
            end = await ended(camera.propose(kind, SHORT_S))
        fault = expect(end, (), f"with {trouble}")
        text = f"{fault} {fault.__cause__!r}"
        hold(not any(word in text for word in printed.values()), f"with {trouble} the fault says what was read")


LINE = (FaultCode.DISCONNECTED, FaultCode.NO_RESPONSE)
RULES: tuple[Rule[DocumentCamera], ...] = (
    Rule("document_camera.reads", "What is surely read of the test document is right.", reads),
    Rule("document_camera.unsure", "What is hard to read is not surely read.", unsure),
    Rule("document_camera.nothing-there", "An empty glass gives neither fields nor picture.", nothing_there),
    Rule("document_camera.photographs", "A picture is a whole JPEG of the size that is told.", photographs),
    Rule("document_camera.dark", "A camera in the dark says so and reads nothing.", dark),
    Rule("document_camera.lost", "A lost camera is told when it is probed.", lost),
    Rule("document_camera.moving", "Of moving paper there is no picture.", moving),
    Rule("document_camera.no-controls", "Fields are plain and short.", no_controls),
    Rule("document_camera.faults-hold-nothing", "Without a reading there is a fault, and it names nobody.",
         faults_hold_nothing),
)  # fmt: skip
