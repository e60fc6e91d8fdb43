"""Events to come, in order of time: buckets of time, and a heap for the bucket that is being emptied.

Brown 1988, doi:10.1145/63039.63045 (calendar queues). So putting an event in and taking the next one out cost about the same for ten events
as for ten million.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit

__all__ = [
    "ACTOR",
    "FRESH",
    "HEAP",
    "IDLE",
    "RULE",
    "STAMP",
    "TIME",
    "WHO",
    "bigger",
    "lines",
    "put",
    "room_left",
    "take",
    "turn_to_next",
]

TIME, WHO, RULE, ACTOR, STAMP, NEXT = range(6)  # columns of a slot; NEXT: the next one of its bucket plus one
_FREE, _HEAP_TIME = 6, 7  # columns of no slot in particular: a stack of slots to use again, and the times of the heap
_COLUMNS = 8  # a line of the cache
_CHAINS = 4  # of a bucket, so that the memory is asked for four slots at once
# Of `tally`: slots used, of them free again, events on the heap, the bucket, its bits, 1 when it is new, a sum that nobody reads.
_USED, _SPARE, HEAP, _BUCKET, _SHIFT, FRESH, IDLE, _FIELDS = range(8)


@jit
def lines(
    slots: int, horizon: int, buckets: int
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]:
    """Room for events up to a time: slots, the heap's slots, the first slot of each chain of about so many buckets, and a tally."""
    tally = np.zeros(_FIELDS, np.int64)
    while horizon >> tally[_SHIFT] > buckets:
        tally[_SHIFT] += 1
    head = np.zeros(_CHAINS * ((horizon >> tally[_SHIFT]) + 2), np.int32)
    return np.empty((slots, _COLUMNS), np.int64), np.empty(slots, np.int32), head, tally


@jit
def room_left(slots: NDArray[np.int64], tally: NDArray[np.int64]) -> int:
    """How many events can still be put in."""
    return int(len(slots) - tally[_USED] + tally[_SPARE])


@jit
def bigger(slots: NDArray[np.int64], heap: NDArray[np.int32], size: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The same with more room."""
    more, more_heap = np.empty((size, _COLUMNS), np.int64), np.empty(size, np.int32)
    for row in range(len(slots)):
        more_heap[row] = heap[row]
        for column in range(_COLUMNS):
            more[row, column] = slots[row, column]
    return more, more_heap


@jit
def put(
    slots: NDArray[np.int64], heap: NDArray[np.int32], head: NDArray[np.int32], tally: NDArray[np.int64], time: int, rule: int,
    who: int, actor: int, stamp: int,
) -> None:  # fmt: skip
    """An event to come; `time` is not before the bucket that is being emptied, and within the horizon."""
    if tally[_SPARE]:
        tally[_SPARE] -= 1
        slot = slots[tally[_SPARE], _FREE]
    else:
        slot = tally[_USED]
        tally[_USED] += 1
    bucket, own = time >> tally[_SHIFT], slots[slot]
    own[TIME], own[WHO], own[RULE], own[ACTOR], own[STAMP] = time, who, rule, actor, stamp
    if bucket > tally[_BUCKET]:
        chain = _CHAINS * bucket + (slot & (_CHAINS - 1))
        own[NEXT] = head[chain]
        head[chain] = slot + 1
    else:
        _climb(slots, heap, tally, time, slot)


@jit
def _climb(slots: NDArray[np.int64], heap: NDArray[np.int32], tally: NDArray[np.int64], time: int, slot: int) -> None:
    at = tally[HEAP]
    tally[HEAP] += 1
    while at:
        above = (at - 1) >> 1
        if slots[above, _HEAP_TIME] <= time:
            break
        slots[at, _HEAP_TIME], heap[at] = slots[above, _HEAP_TIME], heap[above]
        at = above
    slots[at, _HEAP_TIME], heap[at] = time, slot


@jit
def _unchain(slots: NDArray[np.int64], heap: NDArray[np.int32], head: NDArray[np.int32], bucket: int) -> int:
    """Write the events of a bucket behind one another into the place of the heap, a slot of each chain in turn."""
    size, chain, more = 0, _CHAINS * bucket, True
    while more:
        more = False
        for k in range(chain, chain + _CHAINS):
            slot = np.int64(head[k]) - 1
            if slot >= 0:
                slots[size, _HEAP_TIME], heap[size] = slots[slot, TIME], slot
                head[k] = slots[slot, NEXT]
                size += 1
                more = True
    return size


@jit
def turn_to_next(
    slots: NDArray[np.int64], heap: NDArray[np.int32], head: NDArray[np.int32], tally: NDArray[np.int64], until: int
) -> int:
    """When the next event is, if it is not after the time `until`, else a later time; an empty heap is filled from the next bucket."""
    last = until >> tally[_SHIFT]
    while tally[HEAP] == 0 and tally[_BUCKET] < last:
        tally[_BUCKET] += 1
        size = _unchain(slots, heap, head, tally[_BUCKET])
        for at in range(size):
            _climb(slots, heap, tally, slots[at, _HEAP_TIME], heap[at])
        tally[FRESH] = 1
    return int(slots[0, _HEAP_TIME]) if tally[HEAP] else until + 1


@jit
def take(slots: NDArray[np.int64], heap: NDArray[np.int32], tally: NDArray[np.int64]) -> int:
    """The slot of the next event; it stays readable until another is put in."""
    slot = np.int64(heap[0])
    slots[tally[_SPARE], _FREE] = slot
    tally[_SPARE] += 1
    tally[HEAP] -= 1
    size = tally[HEAP]
    time, moved, at = slots[size, _HEAP_TIME], heap[size], 0
    while 2 * at + 1 < size:
        below = 2 * at + 1
        if below + 1 < size and slots[below + 1, _HEAP_TIME] < slots[below, _HEAP_TIME]:
            below += 1
        if slots[below, _HEAP_TIME] >= time:
            break
        slots[at, _HEAP_TIME], heap[at] = slots[below, _HEAP_TIME], heap[below]
        at = below
    slots[at, _HEAP_TIME], heap[at] = time, moved
    return int(slot)
