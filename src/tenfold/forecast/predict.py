"""Chances that people and bonds are seen again, learned from the community's own past."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from tenfold import checks
from tenfold.errors import DataError
from tenfold.forecast.direct import Forecast, forecast_bonds, forecast_people
from tenfold.forecast.features import Target
from tenfold.forecast.histories import community_of
from tenfold.people.contacts import Contacts

__all__ = ["predict_bonds", "predict_people"]


def predict_people(contacts: Contacts, at: object, horizon: object) -> pl.DataFrame:
    """Chance of any activity of each person within the horizon.

    Parameters
    ----------
    contacts
        Who was in contact with whom, and who was at which gathering; later ones than `at` do not count.
    at
        The moment: a datetime, ISO 8601 text, or seconds since 1970.
    horizon
        How far to predict: seconds, a timedelta, or text such as ``"30d"``.

    Returns
    -------
    frame
        `person`, `chance` of any contact or gathering in (at, at + horizon], for everybody seen up to `at`, sorted by person; `model`, the
        name of the model that was chosen on the past, and `why` in words.

    Raises
    ------
    SpecError
        `at` is no moment, or `horizon` no positive duration.
    DataError
        Nothing is on record up to `at`.

    References
    ----------
    Learned from the own past by logistic regression, BG/NBD (Fader, Hardie, Lee 2005, doi:10.1287/mksc.1040.0098) or, where people come
    together at times of their own, BG/BB (Fader, Hardie, Shang 2010, doi:10.1287/mksc.1100.0580).

    Examples
    --------
    >>> frame = pl.DataFrame({"t": [0, 604800], "a": ["ana", "ana"], "b": ["binh", "binh"]})
    >>> predict_people(Contacts.from_table(frame, time="t", a="a", b="b"), 700000, "7d")["person"].to_list()
    ['ana', 'binh']
    """
    moment, target = checks.moment(at, "at"), _target(horizon)
    _check_record(contacts, moment, "predict_people")
    community = community_of(contacts, moment)
    found = forecast_people(community, int(moment.timestamp()), target)
    return _with_reasons({"person": community.names.gather(found.case)}, found)


def predict_bonds(contacts: Contacts, at: object, horizon: object) -> pl.DataFrame:
    """Chance that each known pair is in contact again within the horizon.

    Parameters
    ----------
    contacts, at, horizon
        As in `predict_people`; attendance at gatherings makes no pair, but tells of both people.

    Returns
    -------
    frame
        `a`, `b` (a < b), `chance` of a contact in (at, at + horizon], for every pair in contact up to `at`, sorted; `model` and `why`.

    Raises
    ------
    SpecError
        `at` is no moment, or `horizon` no positive duration.
    DataError
        No contact is on record up to `at`, or gatherings only: these make no pairs.

    Examples
    --------
    >>> frame = pl.DataFrame({"t": [0, 604800], "a": ["ana", "binh"], "b": ["binh", "ana"]})
    >>> predict_bonds(Contacts.from_table(frame, time="t", a="a", b="b"), 700000, "7d").select("a", "b").rows()
    [('ana', 'binh')]
    """
    moment, target = checks.moment(at, "at"), _target(horizon)
    past = contacts.until(moment)
    if not len(past) and past.gatherings.height:
        raise DataError(
            "predict_bonds: there are gatherings only, and these make no pairs; expected contacts between two people. "
            "Use predict_people, which counts attendance."
        )
    _check_record(contacts, moment, "predict_bonds")
    community = community_of(contacts, moment)
    found = forecast_bonds(community, int(moment.timestamp()), target)
    ends = {name: community.names.gather(end[found.case]) for name, end in (("a", community.a), ("b", community.b))}
    return _with_reasons(ends, found)


def _target(horizon: object) -> Target:
    """Within the horizon, in whole seconds, one at least."""
    return Target(max(round(checks.seconds(horizon, "horizon")), 1))


def _check_record(contacts: Contacts, moment: datetime, where: str) -> None:
    """Raise where nothing is on record up to `moment`."""
    first = contacts.first()
    if first is None:
        raise DataError(f"{where}: there are no contacts and no gatherings; expected some. Import them first.")
    if moment < first:
        raise DataError(
            f"{where}: at is {moment:%Y-%m-%d %H:%M} UTC, before the first contact or gathering ({first:%Y-%m-%d %H:%M} UTC); "
            "expected a later moment."
        )


def _with_reasons(who: dict[str, pl.Series], found: Forecast) -> pl.DataFrame:
    """The frame of a forecast: `who`, `chance`, `model`, `why`."""
    frame = pl.DataFrame(who | {"chance": pl.Series(found.chance, dtype=pl.Float64)})
    return frame.with_columns(model=pl.lit(found.model), why=pl.lit(found.why))
