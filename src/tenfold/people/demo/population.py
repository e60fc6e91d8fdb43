"""The population of the demo: places, languages, activity; and the roster as an organiser keeps it, with gaps and duplicates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.people.demo.names import LANGUAGES, PLACES, ZONES, Name, draw_names, email_address, misspelt, strip_accents
from tenfold.people.roster import PEOPLE_SCHEMA

__all__ = ["DAYS_AFTER", "DuplicateEntries", "Population", "draw_population", "roster_table"]

DAYS_AFTER = 84
"""Days from the end of the convention to the moment of the demo."""

NEVER, PAUSED, GONE, MENTORS = 0.04, 0.03, 0.04, 0.12  # shares of all people
AWAY = 26 / 600  # at home during the convention, and in touch with others later
PLENARY_ONLY = 10 / 600  # heard the plenary, met nobody
DUPLICATES = 8 / 600  # stand on the list twice

_WEEKDAYS = (
    "Mon-Fri 18-22",
    "Mon-Fri 19-21",
    "Mon-Thu 18-21",
    "Mon-Fri 20-23",
    "Mon-Wed 19-22",
    "Tue,Thu 18-22",
    "weekdays 17-20",
)
_WEEKENDS = ("", "; Sat 9-12", "; Sat 9-13; Sun 16-20", "; Sun 10-18", "; weekends 14-18")


@dataclass(frozen=True)
class Population:
    """The people, one entry each in the arrays. `zone`, `place` and `language` are positions in the lists of `names`.

    `activity`: how readily a person gets in contact, mean about 1. `never`: never included. `present`: at the convention and among
    people. `plenary`: on the list of the convention's plenary. `stops`: days after the convention at which the person left or
    paused, else infinity.
    """

    names: list[Name]
    place: NDArray[np.int64]
    language: NDArray[np.int64]
    zone: NDArray[np.int64]
    activity: NDArray[np.float64]
    never: NDArray[np.bool_]
    present: NDArray[np.bool_]
    plenary: NDArray[np.bool_]
    gone: NDArray[np.bool_]
    paused: NDArray[np.bool_]
    stops: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.names)

    @property
    def ids(self) -> NDArray[np.str_]:
        """The ids on the list."""
        width = len(str(len(self) + round(DUPLICATES * len(self))))
        return np.array([f"p{number:0{width}d}" for number in range(1, len(self) + 1)])


@dataclass(frozen=True)
class DuplicateEntries:
    """People who are on the roster twice: `who` (rows of the population) and their second `ids`."""

    who: NDArray[np.int64]
    ids: NDArray[np.str_]


def draw_population(n_people: int, rng: np.random.Generator) -> Population:
    """Draw the people: place, language, activity, and who was never included, away, gone or paused."""
    places = min(len(PLACES), max(1, n_people // 12))
    weight = 1 / np.arange(3, places + 3) ** 0.6
    own = np.repeat(np.arange(places), min(4, n_people // places))  # no place is empty
    place = np.sort(np.concatenate([own, rng.choice(places, n_people - len(own), p=weight / weight.sum())]))
    spoken_there, zone_there = np.array([one[1] for one in PLACES]), np.array([one[2] for one in PLACES])
    moved = rng.random(n_people) < 0.06  # speaks another language than the place
    language = np.where(moved, rng.integers(len(LANGUAGES), size=n_people), spoken_there[place])
    shuffle = rng.permutation(n_people)  # the order of the list says nothing
    place, language = place[shuffle], language[shuffle]
    drawn = rng.permutation(n_people)  # blocks of it: never included, away, gone, paused

    def block(start: float, share: float) -> NDArray[np.bool_]:
        mask = np.zeros(n_people, np.bool_)
        mask[drawn[round(start * n_people) : round((start + share) * n_people)]] = True
        return mask

    never, away = block(0, NEVER), block(NEVER, AWAY)
    gone, paused = block(NEVER + AWAY, GONE), block(NEVER + AWAY + GONE, PAUSED)
    present = ~never & ~away
    stops = np.where(gone, rng.uniform(10, 75, n_people), np.where(paused, rng.uniform(50, 80, n_people), np.inf))
    activity = rng.lognormal(-0.32, 0.8, n_people)
    names = draw_names(language, rng)
    plenary = present | block(0, PLENARY_ONLY)
    return Population(names, place, language, zone_there[place], activity, never, present, plenary, gone, paused, stops)


def roster_table(population: Population, ends: datetime, rng: np.random.Generator) -> tuple[pl.DataFrame, DuplicateEntries]:
    """The roster, with empty cells as in a real one, and the people who are on it twice."""
    n, today = len(population), ends.date()
    convention = today - timedelta(days=DAYS_AFTER + 3)
    taken: set[str] = set()
    domains = rng.choice(["example.org", "example.com", "example.net"], n)
    mentor = (rng.permutation(n) < round(MENTORS * n)) & ~population.gone & ~population.never
    second = rng.random((n, 2))
    others = rng.integers(1, len(LANGUAGES), n)
    joined = rng.integers(0, 3300, n)
    until = rng.integers(7, 61, n)
    hours = rng.integers(0, (len(_WEEKDAYS), len(_WEEKENDS)), (n, 2))
    degree = np.where(mentor, rng.integers(2, 4, n), rng.choice([1, 1, 1, 2, 2, 3], n))
    capacity = rng.integers(6, 10, n)
    blank = rng.random((n, 7))  # what a real list leaves empty
    rows: list[dict[str, object]] = []
    for i, (one, name) in enumerate(zip(population.ids.tolist(), population.names, strict=True)):
        english = population.language[i] != 0 and second[i, 0] < 0.45
        extra = LANGUAGES[0] if english else LANGUAGES[others[i]] if population.language[i] == 0 and second[i, 1] < 0.25 else ""
        spoken = LANGUAGES[population.language[i]]
        row = {
            "id": one,
            "name": name.full,
            "aliases": " ".join(name.latin) if not name.in_latin_letters and blank[i, 0] > 0.3 else None,
            "email": email_address(name, taken, str(domains[i])) if blank[i, 1] > 0.06 else None,
            "language": f"{spoken}|{extra}" if extra else spoken,
            "timezone": ZONES[population.zone[i]] if blank[i, 2] > 0.03 else None,
            "place": PLACES[population.place[i]][0],
            "joined": convention - timedelta(days=int(joined[i])) if blank[i, 3] > 0.05 else None,
            "role": "gone" if population.gone[i] else "coordinator" if mentor[i] and second[i, 0] < 0.3 else _role(blank[i, 4]),
            "can_mentor": True if mentor[i] else False if blank[i, 5] > 0.2 else None,
            "capacity": int(capacity[i]) if mentor[i] else None,
            "degree": int(degree[i]) if mentor[i] or blank[i, 5] > 0.04 else None,
            "availability": _WEEKDAYS[hours[i, 0]] + _WEEKENDS[hours[i, 1]] if blank[i, 6] > 0.12 else None,
            "paused_until": today + timedelta(days=int(until[i])) if population.paused[i] else None,
            "consent": False if population.gone[i] and blank[i, 1] < 0.3 else True if blank[i, 4] > 0.1 else None,
        }
        rows.append(row)
    duplicates = _draw_duplicates(population, rng)
    for number, (who, again) in enumerate(zip(duplicates.who.tolist(), duplicates.ids.tolist(), strict=True)):
        rows.append(_duplicate_row(rows[who], again, population.names[who], number, taken, convention, rng))
    frame = pl.DataFrame(rows, schema=PEOPLE_SCHEMA)
    spaced = pl.Series(np.isin(np.arange(len(frame)), rng.choice(n, 5, replace=False)))
    spaced_place = pl.Series(np.isin(np.arange(len(frame)), rng.choice(n, 4, replace=False)))
    frame = frame.with_columns(
        pl.when(spaced).then(pl.col("name") + " ").otherwise("name").alias("name"),
        pl.when(spaced_place).then(pl.col("place") + " ").otherwise("place").alias("place"),
    )
    return frame, duplicates


def _role(chance: float) -> str | None:
    """The role in the roster: "member" for three in four, else empty."""
    return "member" if chance > 0.25 else None


def _draw_duplicates(population: Population, rng: np.random.Generator) -> DuplicateEntries:
    """Draw who is on the roster twice: people with contacts who are neither gone nor paused."""
    eligible = np.flatnonzero(population.present & ~population.gone & ~population.paused)
    count = min(max(1, round(DUPLICATES * len(population))), len(eligible))
    who = np.sort(rng.choice(eligible, count, replace=False))
    width = len(str(population.ids[0])) - 1
    return DuplicateEntries(who, np.array([f"p{len(population) + 1 + number:0{width}d}" for number in range(count)]))


def _duplicate_row(
    row: dict[str, object], one: str, name: Name, number: int, taken: set[str], convention: date, rng: np.random.Generator
) -> dict[str, object]:
    """The second row of a person: another spelling of the name, another email, and more empty cells."""
    latin = strip_accents(" ".join(name.latin))
    ways = (latin, f"{name.family}, {name.given}", f"{name.latin[0][0]}. {strip_accents(name.latin[1])}", misspelt(latin, rng))
    written = ways[number % len(ways)]
    return {
        **dict.fromkeys(PEOPLE_SCHEMA),
        "id": one,
        "name": written if written != name.full else misspelt(latin, rng),
        "email": email_address(name, taken, "mail.example.com"),
        "language": row["language"] if number % 3 else None,
        "timezone": row["timezone"],
        "place": row["place"],
        "joined": convention if number % 2 else None,
        "degree": 1 if number % 2 else None,
    }
