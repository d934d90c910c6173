"""What comes down the link, read strictly; docs/link.md is the contract."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError


class _Message(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Access(_Message):
    """Which ways to see and hear better are on."""

    large: bool = False
    contrast: bool = False
    low: bool = False
    voice: bool = False


class Said(_Message):
    """A message id and the values in it; `private`: through earphones alone."""

    id: str
    args: dict[str, Any] = Field(default_factory=dict)
    private: bool = False


class Staff(_Message):
    """What the call for staff has come to, as recorded; `waiting`: staff stand by until this customer has finished."""

    state: Literal["none", "calling", "answered", "on_the_way", "no_answer"] = "none"
    telephone: str = ""
    hours: str = ""
    waiting: bool = False


class Idle(_Message):
    """Seconds; limit None = this step never times out."""

    limit_s: float | None = None
    warn: bool = False
    left_s: float | None = None


class Branch(_Message):
    """Whose screen this is."""

    id: str = ""
    name_ko: str = ""
    name_en: str = ""


class Alarm(_Message):
    """A danger that concerns whoever stands here, and what the call for help has really come to; `matter` is its id."""

    kind: str
    state: Literal["calling", "answered", "on_the_way", "no_answer"]
    matter: str


class Chrome(_Message):
    """What every screen carries."""

    language: str = "ko"
    languages: list[str] = ["ko"]
    access: Access = Access()
    staff: Staff = Staff()
    idle: Idle = Idle()
    demo: bool = False
    simulated: bool = False
    branch: Branch = Branch()
    privacy: bool = False
    alarm: Alarm | None = None


class View(_Message):
    """`view`: the whole screen."""

    type: Literal["view"]
    seq: int
    step_seq: int
    screen: str = Field(pattern=r"^[a-z_]+/[A-Z][A-Za-z]*$")
    title: str = ""
    position: tuple[int, int] = (0, 0)
    values: dict[str, Any] = Field(default_factory=dict)
    offers: list[str] = Field(default_factory=list)
    speech: list[Said] = Field(default_factory=list)
    notice: Said | None = None
    preview: bool = False
    chrome: Chrome = Chrome()


class Answer(_Message):
    """`answer`: the reply to an ask of the same n."""

    type: Literal["answer"]
    n: int
    items: list[dict[str, Any]]


class Refused(_Message):
    """`refused`: nothing changed, and why."""

    type: Literal["refused"]
    intent: str = ""
    reason: str
    args: dict[str, Any] = Field(default_factory=dict)


Down = View | Answer | Refused
_DOWN: TypeAdapter[Down] = TypeAdapter(Annotated[Down, Field(discriminator="type")])


def read(line: bytes) -> Down | None:
    """One line of the core, or None when it is none of the contract's messages."""
    try:
        return _DOWN.validate_json(line)
    except ValidationError:
        return None
