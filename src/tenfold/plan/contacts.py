"""Who contacts whom, week by week.

Three reasons lead to a contact: a carer and those they look after (first of all the never included), a bond inside the circle that is
due, a bridge to another circle. Carers go weekly for 8 weeks, fortnightly to week 26, then every four weeks. Of those that are due, the
contacts that keep the most are chosen first (`calls`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.bonds.rhythm import LOST, PRIOR_GAP
from tenfold.plan.calls import Outlook
from tenfold.plan.circles import Ties
from tenfold.plan.mentors import Mentors
from tenfold.plan.rules import Rules

__all__ = [
    "CARER",
    "FIRST",
    "ORDERS",
    "PURPOSES",
    "UPKEEP",
    "Candidates",
    "Pairs",
    "cadence",
    "find_candidates",
    "weekly_contacts",
]

Ints = NDArray[np.int64]
PURPOSES = ("first contact", "carer", "upkeep", "bridge")
FIRST, CARER, UPKEEP, BRIDGE = range(4)
ORDERS = {
    "index": "what a contact keeps, in weeks in touch (Whittle index), beside those chosen before",
    "purpose": "carers first, then bonds that are due, then bridges; in each by silence and strength",
    "overdue": "the longest silence against the usual gap first",
    "turns": "round-robin: the one that had the fewest turns first",
}
FIRST_OF_ALL = 1e9  # worth of a first contact, above all others
NEVER = 1e6  # weeks: silence of a pair that has not met


class Pairs:
    """Numbers for pairs of people: those with a bond first, in the order of `ties`, then others as they come."""

    def __init__(self, ties: Ties, n: int) -> None:
        self._n = n
        self._number = {int(key): k for k, key in enumerate(np.minimum(ties.a, ties.b) * n + np.maximum(ties.a, ties.b))}

    def __len__(self) -> int:
        return len(self._number)

    def number(self, who: Ints, whom: Ints) -> Ints:
        """The number of each pair."""
        keys = (np.minimum(who, whom) * self._n + np.maximum(who, whom)).tolist()
        return np.array([self._number.setdefault(key, len(self._number)) for key in keys], np.int64)

    def ends(self) -> tuple[Ints, Ints]:
        """The two people of each pair, the smaller row first."""
        keys = np.fromiter(self._number, np.int64, len(self._number))
        return keys // self._n, keys % self._n


@dataclass(frozen=True)
class Candidates:
    """Contacts that the plan may ask for.

    `who`, `whom` (rows of people), `pair` (number), `purpose` (index of PURPOSES), `gap` (weeks between two such contacts), `silence`
    (weeks since the pair was in contact), `worth` (more first).
    """

    who: Ints
    whom: Ints
    pair: Ints
    purpose: Ints
    gap: NDArray[np.float64]
    silence: NDArray[np.float64]
    worth: NDArray[np.float64]


def cadence(week: int) -> int:
    """Weeks between two contacts of a carer, by week of the plan."""
    return 1 if week < 8 else 2 if week < 26 else 4


def find_candidates(
    circle: Ints, ties: Ties, mentors: Mentors, never: NDArray[np.bool_], bridges: Ints, pairs: Pairs
) -> Candidates:
    """All contacts that the circles, the carers and the bridges (rows of two people) may call for."""
    same = np.flatnonzero(circle[ties.a] == circle[ties.b])
    cared = np.flatnonzero(mentors.carer >= 0)
    upkeep_a, upkeep_b = ties.a[same], ties.b[same]
    who = np.concatenate([mentors.carer[cared], upkeep_a, upkeep_b, bridges[:, 0], bridges[:, 1]])
    whom = np.concatenate([cared, upkeep_b, upkeep_a, bridges[:, 1], bridges[:, 0]])
    kinds = np.where(never[cared], FIRST, CARER)
    purpose = np.concatenate([kinds, np.full(2 * same.size, UPKEEP), np.full(2 * len(bridges), BRIDGE)])
    pair = pairs.number(who, whom)
    known = pair < len(ties.a)
    table = ties.table
    silence, gap, strength = np.full(len(pair), NEVER), np.zeros(len(pair)), np.zeros(len(pair))
    usual = table["usual_gap"].fill_null(PRIOR_GAP).to_numpy()
    silence[known] = table["silence"].to_numpy()[pair[known]] / 7
    gap[known] = usual[pair[known]] / 7
    strength[known] = ties.strength()[pair[known]]
    gap[(purpose == FIRST) | (purpose == CARER)] = 0
    return Candidates(who, whom, pair, purpose, gap, silence, strength)


def weekly_contacts(
    candidates: Candidates,
    mentors: Mentors,
    rules: Rules,
    weeks: int,
    n_pairs: int,
    *,
    outlook: Outlook | None = None,
    by: str = "index",
    limit: int | None = None,
) -> list[Ints]:
    """Rows of `candidates` that are chosen in each week, best first; nobody gives or takes more than the rules allow.

    Parameters
    ----------
    outlook
        What is expected of everybody at the start, for ``"index"``; it moves on with the weeks.
    by
        One of `ORDERS`: the order in which contacts that are due are taken.
    limit
        Contacts of a week, of all together.
    """
    from tenfold.kernels.plan.contacts import choose_by_gain, choose_contacts

    n = mentors.carer.size
    gives = np.full(n, rules.others, np.int32)
    for carers in (mentors.mentor, mentors.backup):
        carers = carers[carers >= 0]
        gives[carers] = np.maximum(gives[carers], mentors.carries[carers])
    takes = np.full(n, rules.receives, np.int32)
    silence, turns = np.full(n_pairs, NEVER), np.zeros(len(candidates.who), np.int64)
    np.minimum.at(silence, candidates.pair, candidates.silence)
    who, whom, pair = candidates.who.astype(np.int32), candidates.whom.astype(np.int32), candidates.pair
    done, most = np.zeros(n_pairs, np.bool_), len(pair) if limit is None else limit
    chosen: list[Ints] = []
    for week in range(weeks):
        slack = np.where(candidates.purpose <= CARER, 1.0, 0.0)  # a carer's contact falls due within the week
        wait = np.maximum(candidates.gap, cadence(week) * np.where(candidates.purpose == BRIDGE, 2, 1))
        due = np.flatnonzero(silence[pair] + slack >= wait - 1e-9)
        if by == "index" and outlook is not None:
            works, alone, each = outlook.worth(pair)
            alone += FIRST_OF_ALL * (candidates.purpose == FIRST)
            again = 1 - outlook.hazards.adherence
            picked = choose_by_gain(due, who, whom, pair, works, alone, each, again, gives, takes, done, most)
        else:
            ratio = silence[pair[due]] / wait[due]
            urgency = np.minimum(ratio, LOST) * np.sqrt(candidates.worth[due])
            keys = {"purpose": (due, -urgency, candidates.purpose[due]), "overdue": (due, -ratio), "turns": (due, turns[due])}
            order = due[np.lexsort(keys[by])]
            taken = choose_contacts(order, who, whom, pair, gives, takes, n_pairs)
            picked = order[taken[order]][:most]
        if outlook is not None:
            outlook.pass_week(pair[picked])
        turns[picked] += 1
        silence += 1
        silence[pair[picked]] = 0.5  # some time in the week
        chosen.append(picked)
    return chosen
