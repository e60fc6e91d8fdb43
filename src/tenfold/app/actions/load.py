"""What people carry in a week, as the organiser asked: now, or when the last plan was made."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from tenfold.errors import DataError, SpecError
from tenfold.people.readers.raw_file import decode_text, read_raw_file
from tenfold.people.store import Store
from tenfold.plan.limits import KINDS, WEEKDAYS, Load

__all__ = ["LoadRequest", "load_of"]

MOST_NAMES = 100_000
ALL = ("all", "everybody", "anybody")


@dataclass(frozen=True)
class LoadRequest:
    """What was asked for; None: as in the last plan, or else the default of `Load`.

    `carers`: a file with a name on each line, or names separated by commas; "all" for who said yes. `quiet_days`, `kinds`: words separated
    by commas; "none" for no quiet day.
    """

    carers: str | None = None
    contacts_per_carer: int | None = None
    contacts_per_member: int | None = None
    contacts: int | None = None
    quiet_days: str | None = None
    kinds: str | None = None


def load_of(request: LoadRequest, store: Store, settings: Mapping[str, Any] | None) -> Load:
    """The load; `settings`: those of the last plan, None for none.

    Raises
    ------
    DataError
        A carer is not on the list.
    SpecError
        A number, a day or a kind is none.
    """
    given: dict[str, Any] = _as_before(settings)
    if request.carers is not None:
        given["carers"] = None if request.carers.strip().lower() in ALL else _people(request.carers, store)
    numbers = {
        "contacts_per_carer": request.contacts_per_carer,
        "contacts_per_member": request.contacts_per_member,
        "contacts_in_all": request.contacts,
    }
    given |= {name: value for name, value in numbers.items() if value is not None}
    if request.quiet_days is not None:
        given["quiet_days"] = () if request.quiet_days.strip().lower() == "none" else _words(request.quiet_days, WEEKDAYS)
    if request.kinds is not None:
        given["kinds"] = _words(request.kinds, KINDS)
    return Load(**given)


def _as_before(settings: Mapping[str, Any] | None) -> dict[str, Any]:
    """The load of the last plan as keywords; nothing where it has none, or one that no longer is one."""
    saved = {} if settings is None else settings.get("load")
    names = {one.name for one in fields(Load)}
    if not isinstance(saved, dict) or not set(saved) <= names:
        return {}
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in saved.items()}
    try:
        Load(**values)
    except (SpecError, TypeError, ValueError):
        return {}
    return values


def _people(text: str, store: Store) -> tuple[str, ...]:
    """Ids of people, from a file with one on each line, or from names separated by commas."""
    path, names = Path(text), []
    if path.is_file():
        written, _ = decode_text(read_raw_file(path), None)
        names = [line.strip().strip("\ufeff") for line in written.splitlines()]
    else:
        names = re.split(r"[,;\n]", text)
    names = [one.strip() for one in names if one.strip()]
    if not 0 < len(names) <= MOST_NAMES:
        raise DataError(
            f"carers: '{text[:60]}' names {len(names)} people; expected names separated by commas, or a file with one on each line."
        )
    return tuple(store.find_person(one) for one in names)


def _words(text: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    """Words separated by commas, each as it begins one of those allowed, in capitals or not."""
    found = []
    for word in (one.strip() for one in text.split(",")):
        fitting = [one for one in allowed if word and one.lower().startswith(word.lower()[: len(one)])]
        if len(fitting) != 1:
            raise SpecError(f"'{word[:30]}' is none of {', '.join(allowed)}; expected some of them, separated by commas.")
        found.append(fitting[0])
    return tuple(found)
