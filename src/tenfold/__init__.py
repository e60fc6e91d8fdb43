"""Tenfold keeps what a group attained together, and multiplies it: bonds, forecast and plan from who met whom."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenfold.bonds.standing import measure_standing
    from tenfold.bonds.strength import Bonds, measure_bonds
    from tenfold.errors import BackendError, DataError, PlanError, SpecError, StoreError, TenfoldError
    from tenfold.people.contacts import Contacts
    from tenfold.people.readers import read_contacts, read_people
    from tenfold.people.roster import People
    from tenfold.plan.plan import Plan, make_plan
    from tenfold.plan.rules import Locks, read_locks

__all__ = [
    "BackendError",
    "Bonds",
    "Contacts",
    "DataError",
    "Locks",
    "People",
    "Plan",
    "PlanError",
    "SpecError",
    "StoreError",
    "TenfoldError",
    "make_plan",
    "measure_bonds",
    "measure_standing",
    "read_contacts",
    "read_locks",
    "read_people",
]

__version__ = version("tenfold")

_ROOMS = {
    "tenfold.errors": ("BackendError", "DataError", "PlanError", "SpecError", "StoreError", "TenfoldError"),
    "tenfold.bonds.strength": ("Bonds", "measure_bonds"),
    "tenfold.bonds.standing": ("measure_standing",),
    "tenfold.people.contacts": ("Contacts",),
    "tenfold.people.roster": ("People",),
    "tenfold.people.readers": ("read_contacts", "read_people"),
    "tenfold.plan.plan": ("Plan", "make_plan"),
    "tenfold.plan.rules": ("Locks", "read_locks"),
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for, so that importing the package stays quick."""
    if name not in _ROOM_OF:
        raise AttributeError(f"module 'tenfold' has no attribute '{name}'")
    return getattr(import_module(_ROOM_OF[name]), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
