"""The list of services, one line each."""

from __future__ import annotations

from kiosk.config import Branch
from kiosk.flow import Service
from kiosk.services.bank.proving import Shown
from kiosk.services.bank.service import open_service as bank
from kiosk.services.identity.service import open_services as identity
from kiosk.services.maintenance.service import open_service as open_maintenance
from kiosk.services.send_parcel.service import open_service as send_parcel


def services(branch: Branch, approved: bool) -> tuple[Service, ...]:
    """Every service of this branch, in the order of the home screen; `approved`: the rig has a type approval."""
    who = branch.branch
    own = branch.identity
    names = {"ko": own.commissioner_ko, "en": own.commissioner_en}
    shown = identity((who.name_ko, who.name_en, who.telephone), own.commissioner, names)
    there = "id_check" in branch.devices
    counter = (bank(branch, branch.bank, Shown() if there else None),) if branch.bank is not None else ()
    return (send_parcel(branch, approved), *counter, *(shown if there else ()))


def maintenance(
    printers: dict[str, tuple[int, int]], doors: int, cameras: tuple[str, ...] = (), box_mm: tuple[float, ...] = ()
) -> Service:
    """What a badge opens; no customer is offered it. `printers`: width in dots and dots per inch by name; `cameras`: of
    the measuring table; `box_mm`: the box of known size."""
    return open_maintenance(printers, doors, cameras, box_mm)
