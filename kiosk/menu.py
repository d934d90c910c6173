"""The list of services, one line each."""

from __future__ import annotations

from kiosk.config import Branch
from kiosk.flow import Service
from kiosk.services.send_parcel.service import open_service as send_parcel


def services(branch: Branch, approved: bool) -> tuple[Service, ...]:
    """Every service of this branch, in the order of the home screen; `approved`: the rig has a type approval."""
    return (send_parcel(branch, approved),)
