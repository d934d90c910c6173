"""What tables of configuration files are made of, and some of those of branch.toml. Pure."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Text = Annotated[str, Field(min_length=1, max_length=200)]
Millimetres = Annotated[float, Field(gt=0, le=2000, strict=False)]
Seconds = Annotated[float, Field(ge=0.2, le=600, strict=False)]
#: A raw 32-byte key, hex.
Key = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Table(BaseModel):
    """A table of a configuration file: frozen, no unknown keys, no conversions."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


class IdentityTable(Table):
    """[identity]: how often documents may be tried. `commissioner` is the code of the authority whose checks are taken
    on, its name stands on the consent."""

    tries_a_number: Annotated[int, Field(ge=1, le=20)] = 5
    tries_an_hour: Annotated[int, Field(ge=3, le=500)] = 40
    commissioner: Annotated[str, Field(pattern=r"^[a-z0-9-]{0,40}$")] = ""
    commissioner_ko: Annotated[str, Field(max_length=20)] = ""
    commissioner_en: Annotated[str, Field(max_length=30)] = ""

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.commissioner and not (self.commissioner_ko and self.commissioner_en):
            raise ValueError("an authority stands on the consent: name it with commissioner_ko and commissioner_en")
        return self


class CounterTable(Table):
    """[bank]: the bank counter; without this table there is none. Folder and file lie beside branch.toml."""

    products: Text = "banks"
    fraud: Text = "fraud.toml"
    contract_signing: bool = False


class CentreTable(Table):
    """[centre]: the raw X25519 key to which data that only the centre needs is sealed; without it none is kept."""

    seal_key: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""


class BankTable(Table):
    """[banks.<institution code>]: the key that signs its decisions (Ed25519) and the one to seal to (X25519), raw, hex.

    `demonstration`: keys that everybody can make; production refuses them.
    """

    name_ko: Text
    name_en: Text
    sign_key: Key
    seal_key: Key
    demonstration: bool = False


class OfficerTable(Table):
    """[[officers]]: whose answers are believed: raw Ed25519 key, hex. `live`: their desk shows the person."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,20}$")]
    key: Key
    live: bool = False
    demonstration: bool = False


class UpkeepTable(Table):
    """[upkeep]: the box of known size, mm by ruler, how often it is measured, and how far off its sides may be."""

    reference_mm: Annotated[tuple[Millimetres, Millimetres, Millimetres], Field(strict=False)] = (340.0, 250.0, 210.0)
    every_days: Annotated[int, Field(ge=1, le=366)] = 7
    within_mm: Annotated[float, Field(gt=0, le=20)] = 5.0


class FeedTable(Table):
    """[feed]: where the status page listens."""

    host: Text
    port: Annotated[int, Field(ge=0, le=65535)]


class PatienceTable(Table):
    """[patience]: how long the branch waits for its devices, seconds; what is left out keeps the value given here."""

    weigh: Seconds = 6.0
    measure: Seconds = 8.0
    enquire: Seconds = 5.0
    print: Seconds = 30.0
    hatch: Seconds = 8.0
    drop: Seconds = 120.0
    back_off: Seconds = 1.0
    back_off_most: Seconds = 30.0


class PanelTable(Table):
    """[panel]: the display, and the sound device of its earphone outlet (as ALSA names it; empty: it has none)."""

    px_per_mm: Annotated[float, Field(gt=0.5, lt=50)]
    earphones: Annotated[str, Field(max_length=80)] = ""
