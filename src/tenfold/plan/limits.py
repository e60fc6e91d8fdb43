"""Sizes and limits that a plan keeps to: the circles, and the load that people carry."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, field

from tenfold import checks
from tenfold.errors import SpecError

__all__ = ["KINDS", "WEEKDAYS", "Limits", "Load"]

KINDS = ("visit", "call", "message")
"""Kinds of contact that a plan may ask for."""
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
USUAL = 0.4
"""Planned contacts of a week for each person, where no total is set: what a programme sustains, and no more than every other person."""


@dataclass(frozen=True)
class Load:
    """What people carry in a week. All limits are hard.

    Attributes
    ----------
    carers
        Ids of those who carry; nobody else then is a mentor or a backup, or plans a contact unless `contacts_per_member` says so. None:
        who said yes (`can_mentor`), or, where nobody did, everybody who did not say no.
    contacts_per_carer
        Contacts that a carer makes in a week, 0 to 150; fewer where the roster's `capacity` is less.
    contacts_per_member
        Contacts that anybody else makes in a week, 0 to 150; None: one, or none where `carers` are named.
    contacts_received
        Planned contacts that one person receives in a week, 1 to 150.
    contacts_in_all
        Contacts of a week, of all people together; None: 0.4 for each person.
    quiet_days
        Days of the week on which nothing is due, some of `WEEKDAYS`, but not all.
    kinds
        Kinds of contact that are possible, some of `KINDS`.

    Raises
    ------
    SpecError
        One of them is out of range.
    """

    carers: tuple[str, ...] | None = None
    contacts_per_carer: int = 5
    contacts_per_member: int | None = None
    contacts_received: int = 1
    contacts_in_all: int | None = None
    quiet_days: tuple[str, ...] = ()
    kinds: tuple[str, ...] = KINDS

    def __post_init__(self) -> None:
        checks.whole(self.contacts_per_carer, "contacts_per_carer", low=0, high=150)
        checks.whole(self.contacts_received, "contacts_received", low=1, high=150)
        if self.contacts_per_member is not None:
            checks.whole(self.contacts_per_member, "contacts_per_member", low=0, high=150)
        if self.contacts_in_all is not None:
            checks.whole(self.contacts_in_all, "contacts_in_all", low=0)
        if self.carers is not None:
            object.__setattr__(self, "carers", tuple(dict.fromkeys(str(one) for one in self.carers)))
        for name, allowed, least in (("quiet_days", WEEKDAYS, 0), ("kinds", KINDS, 1)):
            object.__setattr__(self, name, _some_of(getattr(self, name), name, allowed, least))
        if len(self.quiet_days) == len(WEEKDAYS):
            raise SpecError("quiet_days are all seven; expected a day on which something may be due. Leave one out.")

    def of_member(self) -> int:
        """Contacts that somebody who is no carer makes in a week."""
        if self.contacts_per_member is not None:
            return self.contacts_per_member
        return 1 if self.carers is None else 0

    def in_all(self, n: int) -> int:
        """Contacts of a week among n people."""
        return math.ceil(USUAL * n) if self.contacts_in_all is None else self.contacts_in_all


@dataclass(frozen=True)
class Limits:
    """Sizes of circles, and the load.

    Attributes
    ----------
    circle_size
        People in a circle, 3 to 50; two less to two more are allowed.
    capacity
        People whom one carer looks after, 1 to 150, where the roster does not say.
    load
        Contacts of a week.

    Raises
    ------
    SpecError
        One of them is out of range.
    """

    circle_size: int = 10
    capacity: int = 8
    load: Load = field(default_factory=Load)

    def __post_init__(self) -> None:
        checks.whole(self.circle_size, "circle_size", low=3, high=50)
        checks.whole(self.capacity, "capacity", low=1, high=150)

    @property
    def smallest_circle(self) -> int:
        """People in the smallest circle."""
        return max(2, self.circle_size - 2)

    @property
    def largest_circle(self) -> int:
        """People in the largest circle."""
        return self.circle_size + 2


def _some_of(given: Collection[str], name: str, allowed: tuple[str, ...], least: int) -> tuple[str, ...]:
    """Some of the allowed words, in their order."""
    wanted = {given} if isinstance(given, str) else set(given)
    unknown = sorted(str(one) for one in wanted - set(allowed))
    if unknown or len(wanted) < least:
        got = f"has '{unknown[0]}'" if unknown else "is empty"
        raise SpecError(f"{name} {got}; expected some of {', '.join(allowed)}.")
    return tuple(one for one in allowed if one in wanted)
