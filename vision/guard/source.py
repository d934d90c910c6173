"""Where a camera's pictures come from, as an address: which kinds are taken, and how one is shown to people; pure."""
import re

SCHEMES = ("http", "https", "rtsp", "rtsps")
_SECRETS = re.compile(r"(?<=://)[^/\s]*@|\?\S*")


def is_stream(source: str) -> bool:
    """Whether it goes on for ever: an address or a camera of this machine."""
    return "://" in source or source.startswith("/dev/video")


def is_taken(source: str) -> bool:
    """Whether an address begins with what cameras speak; a path always is."""
    return "://" not in source or source.partition("://")[0].lower() in SCHEMES


def shown(source: str) -> str:
    """The address without whatever may be a name, a password or a token in it."""
    return _SECRETS.sub(lambda found: "…@" if found[0].endswith("@") else "?…", source) if "://" in source else source
