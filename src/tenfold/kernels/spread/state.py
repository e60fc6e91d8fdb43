"""The arrays that the kernels of spread work on: the rules of a model, its networks, and the people of one replicate.

Arrays that belong together are passed together, as NamedTuples that are built once, outside of the kernels. For each array that a kernel
takes out of such a tuple, or puts into another, numba counts references, which costs more than a short kernel does. So kernels pass them
on whole, and build tuples of numbers alone.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit

__all__ = [
    "ALWAYS_LISTED",
    "AMOUNT",
    "CHANCE",
    "COLUMNS",
    "CONTACT",
    "GROUP",
    "IMITATION",
    "KIND",
    "LAYER",
    "LIST",
    "MIXING",
    "MOVE",
    "NO_RULE",
    "NO_STATE",
    "RANDOM",
    "ROW",
    "SINCE",
    "SOURCE",
    "SPONTANEOUS",
    "TARGET",
    "TEMPORAL_CONTACT",
    "THRESHOLD",
    "TRAIT",
    "UNTIL",
    "VIA",
    "WEIGHTED",
    "Adjacency",
    "Batch",
    "Buffers",
    "DrawAddress",
    "Extensions",
    "Hyperedges",
    "InitialStates",
    "Networks",
    "People",
    "Records",
    "Rule",
    "Rules",
    "Span",
    "Thresholds",
    "state_mask",
]

SPONTANEOUS, CONTACT, THRESHOLD, GROUP, MIXING, IMITATION, MOVE, TEMPORAL_CONTACT = range(8)  # kinds of rule
KIND, SOURCE, VIA, TARGET, CHANCE, SINCE, UNTIL, LAYER, WEIGHTED, TRAIT, AMOUNT, ROW, LIST, COLUMNS = range(14)
NO_RULE = NO_STATE = 255
ALWAYS_LISTED = 1024  # up to so many people an index list has room for everybody
RANDOM = -1  # required by a threshold that each person draws
_EVERY, _LOW, _PACK = np.uint64(0x0101010101010101), np.uint64(0x7F7F7F7F7F7F7F7F), np.uint64(0x0102040810204080)


class Rules(NamedTuple):
    """The rules of a model, a row each.

    The columns of `table`: KIND; SOURCE, VIA and TARGET, states; CHANCE as `chances` says (of a move: a share in 2⁻³²); SINCE and UNTIL,
    the first and the last step at which the rule is on; LAYER, which network of its kind; WEIGHTED, 1 where each arc has its own chance;
    TRAIT, row of the personal chances, or −1; AMOUNT, members that a group rule takes, people that imitation looks at, people moved (−1: a
    share, −2: those named); ROW, which rule of its kind; LIST, row of `People.list_length`.
    """

    table: NDArray[np.int64]  # (rules, COLUMNS)
    rate: NDArray[np.float64]  # (rules) for the continuous clock


class Adjacency(NamedTuple):
    """Who acts, and whom they reach: arcs in compressed sparse rows, several layers behind one another."""

    active: NDArray[np.int32]  # (lists, capacity) index lists of those who act: `People.index_list`
    start: NDArray[np.int64]  # (layers, n + 1)
    neighbour: NDArray[np.int32]  # (arcs)
    weight: NDArray[np.uint32]  # (arcs) a chance in 32 bits, or empty
    planes: NDArray[np.uint32]  # (rows, 4) the first four bits of the weights of 32 arcs, or empty


class Thresholds(NamedTuple):
    """What threshold rules require, and what they count."""

    required: NDArray[np.int32]  # (thresholds, n) active neighbours (or 2⁻³⁰ of active weight), or RANDOM
    weight: NDArray[np.int32]  # (arcs) in 2⁻³⁰, or empty
    missing: NDArray[np.int32]  # (thresholds, n) what is still missing; 0 or less: the threshold is met
    met: NDArray[np.int32]  # (thresholds, n) index list of those whose threshold is met, and of some whose was
    is_listed: NDArray[np.uint8]  # (thresholds, n) whether somebody is in `met`


class Hyperedges(NamedTuple):
    """The groups, several layers behind one another, and what group rules count in them."""

    members: Adjacency  # from a group to its members, (1, groups + 1) row pointers; `active`: groups with enough members, and some that had
    membership_start: NDArray[np.int64]  # (n + 1) rows of the groups of each person
    membership: NDArray[np.int32]
    layer_start: NDArray[np.int64]  # (layers + 1) the groups of each layer
    occupancy: NDArray[np.int32]  # (group rules, groups) members in the rule's state `via`
    is_listed: NDArray[np.uint8]  # (group rules, groups) whether a group is in `members.active`


class Extensions(NamedTuple):
    """What few models have: contacts in time, personal chances, moves, and imitation, which looks up who can reach somebody."""

    window: NDArray[np.int64]  # (networks in time, windows + 1) the contacts of each window, in order of time
    contact_a: NDArray[np.int32]  # (contacts)
    contact_b: NDArray[np.int32]  # (contacts)
    one_way: NDArray[np.uint8]  # (networks in time) 1: only a acts
    trait: NDArray[np.uint32]  # (traits, n) a chance in 32 bits
    move_start: NDArray[np.int64]  # (moves + 1) rows of the people whom each move names
    moved: NDArray[np.int32]
    in_start: NDArray[np.int64]  # (layers, n + 1) rows of those who can reach somebody; empty where no rule imitates
    in_neighbour: NDArray[np.int32]


class Networks(NamedTuple):
    """All that rules act on; None for what the model does not have, which is then not compiled."""

    adjacency: Adjacency
    thresholds: Thresholds | None
    hyperedges: Hyperedges | None
    extensions: Extensions | None


class People(NamedTuple):
    """The people of one replicate.

    Of some states, those who are in them are kept in an index list, so that rules visit nobody else. `list_length` holds the lengths of
    those lists (−1: too long, not kept), then those of the lists of thresholds that are met, then of groups.
    """

    state: NDArray[np.uint8]  # (n)
    state_words: NDArray[np.uint64]  # the same, eight states a word, up to a multiple of 32 people; beyond n: NO_STATE
    fired: NDArray[np.uint8]  # (n) the rule that has fired for each person at this step, or NO_RULE
    counts: NDArray[np.int64]  # (states) people in each state
    list_of: NDArray[np.int64]  # (states) row of the index list of each state; −1: no rule visits those who are in it
    index_list: NDArray[np.int32]  # (lists, capacity) people in a state, and some who have left it
    list_length: NDArray[np.int64]  # (lists)
    first_time: NDArray[np.int32]  # (states, n) step of the first visit, −1: none; or (states, 0) where nobody asked


class InitialStates(NamedTuple):
    """Who is in which state at step 0."""

    state: NDArray[np.uint8]  # (n) of those who are named; the others: the first state
    named: NDArray[np.int32]  # those who are named for another state than the first
    candidates: NDArray[np.int32]  # who is not named, to be drawn from
    drawn_state: NDArray[np.int64]  # the states for which people are drawn
    drawn_count: NDArray[np.int64]  # how many for each of them


class Rule(NamedTuple):
    """A row of `Rules.table`, as numbers."""

    kind: int
    source: int
    via: int
    chance: np.uint64
    layer: int
    weighted: bool
    trait: int
    amount: int
    row: int
    list_row: int
    everybody: bool  # its index list is not kept: everybody is visited


class DrawAddress(NamedTuple):
    """How the draws of one rule at one step are named; each draw adds the people, the group or the contact concerned."""

    rule: int
    step: int
    seed: int
    replicate: int


class Span(NamedTuple):
    """The rows of a rule that one thread tries: `low` (a multiple of 32) to `high` − 1."""

    low: int
    high: int


class Buffers(NamedTuple):
    """Scratch memory of one thread."""

    draws: NDArray[np.uint32]  # (ROWS, BATCH) of `rng.draw_buffer`
    changed: NDArray[np.int32]  # (n + 32 · BATCH) index list of those who change; behind them those who are hit


class Batch(NamedTuple):
    """The replicates to run one after the other, and how far."""

    steps: int
    seed: int
    replicates: NDArray[np.int64]  # their numbers
    stop: NDArray[np.uint8]  # (1) turns 1 when the rest is not wanted any more


class Records(NamedTuple):
    """What a batch of replicates leaves behind."""

    counts: NDArray[np.int64]  # (replicates, steps + 1, states)
    first_time: NDArray[np.int32]  # (replicates, states, n), or empty
    final: NDArray[np.uint8]  # (replicates, n) last states, or empty


@jit
def state_mask(state_words: NDArray[np.uint64], block: int, state: int) -> np.uint64:
    """Which of the 32 people from 32 · block on are in a state, as a bit mask; eight bytes are compared at once."""
    pattern, mask = np.uint64(state) * _EVERY, np.uint64(0)
    for k in range(4):
        word = state_words[4 * block + k] ^ pattern
        same = ~(((word & _LOW) + _LOW) | word) & ~_LOW  # the top bit of each byte that is zero
        mask |= ((same >> np.uint64(7)) * _PACK >> np.uint64(56)) << np.uint64(8 * k)
    return mask
