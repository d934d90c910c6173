"""The branch's command line with one more service on its menu: the shared steps for the purpose `intake`, alone."""

from __future__ import annotations

from dataclasses import replace

import main
from kiosk import menu
from kiosk.config import Branch
from kiosk.flow import Service
from kiosk.services.identity.service import Identity

shipped = menu.services


def services(branch: Branch, approved: bool) -> tuple[Service, ...]:
    """The shipped menu, and the plain check asked for as a bank would ask."""
    found = shipped(branch, approved)
    plain = next(each for each in found if isinstance(each, Identity))
    return (*found, replace(plain, name="intake_check", purpose="intake"))


if __name__ == "__main__":
    menu.services = services
    main.app()
