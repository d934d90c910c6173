"""What lies in a sealed clip: a line that names the camera, then frames with their times; no picture library needed."""
import json
import struct
from collections.abc import Sequence

from vision.guard.seal import unseal

HEAD = struct.Struct(">dI")


def opened(box: bytes, name: str, private: bytes) -> tuple[str, list[tuple[float, bytes]]]:
    """Camera and (UTC seconds, JPEG) of a sealed clip; SealError when it is not one of ours."""
    return unpacked(unseal(private, name, box))


def packed(camera: str, frames: Sequence[tuple[float, bytes]]) -> bytes:
    """One JSON line, then for each frame its time (f64), its length (u32) and its JPEG, big-endian."""
    head = json.dumps({"camera": camera, "frames": len(frames)}).encode() + b"\n"
    return head + b"".join(HEAD.pack(t, len(jpeg)) + jpeg for t, jpeg in frames)


def unpacked(plain: bytes) -> tuple[str, list[tuple[float, bytes]]]:
    """What `packed` made."""
    head, _, rest = plain.partition(b"\n")
    frames, at = [], 0
    while at < len(rest):
        t, size = HEAD.unpack_from(rest, at)
        at += HEAD.size
        frames.append((t, rest[at:at + size]))
        at += size
    return str(json.loads(head)["camera"]), frames
