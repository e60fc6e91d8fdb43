"""Sizes and limits that a plan keeps to."""

from __future__ import annotations

from dataclasses import dataclass

from tenfold import checks

__all__ = ["Limits"]


@dataclass(frozen=True)
class Limits:
    """Sizes of circles, and contacts in a week.

    Attributes
    ----------
    circle_size
        People in a circle, 3 to 50; two less to two more are allowed.
    capacity
        People whom one carer looks after, and contacts that a carer makes in a week, 1 to 150, where the roster does not say.
    contacts_made
        Contacts that anybody else makes in a week, 0 to 150.
    contacts_received
        Planned contacts that one person receives in a week, 1 to 150.
    contacts_in_all
        Contacts of a week, of all people together; None: no limit.

    Raises
    ------
    SpecError
        One of them is out of range.
    """

    circle_size: int = 10
    capacity: int = 8
    contacts_made: int = 1
    contacts_received: int = 3
    contacts_in_all: int | None = None

    def __post_init__(self) -> None:
        checks.whole(self.circle_size, "circle_size", low=3, high=50)
        checks.whole(self.capacity, "capacity", low=1, high=150)
        checks.whole(self.contacts_made, "contacts_made", low=0, high=150)
        checks.whole(self.contacts_received, "contacts_received", low=1, high=150)
        if self.contacts_in_all is not None:
            checks.whole(self.contacts_in_all, "contacts_in_all", low=0)

    @property
    def smallest_circle(self) -> int:
        """People in the smallest circle."""
        return max(2, self.circle_size - 2)

    @property
    def largest_circle(self) -> int:
        """People in the largest circle."""
        return self.circle_size + 2
