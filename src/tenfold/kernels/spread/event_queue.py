"""A queue of events in order of time: buckets of time (a calendar queue), and a heap for the bucket that is being emptied.

Brown 1988, doi:10.1145/63039.63045. So inserting an event and taking the next one out cost about the same for ten events as for ten
million.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.rng import typed_zero

__all__ = [
    "ACTOR",
    "HEAP_SIZE",
    "NEW_BUCKET",
    "PREFETCHED",
    "WHO",
    "Event",
    "EventQueue",
    "fill_heap",
    "free_slots",
    "grow",
    "insert",
    "make_queue",
    "peek",
    "pop",
]

TIME, WHO, RULE, ACTOR, STAMP, _NEXT = range(6)  # columns of an event; _NEXT: the slot of the next one of its chain plus one
_FREE, _HEAP_TIME = 6, 7  # columns that belong to no event: a stack of slots to use again, and the times of the heap
_COLUMNS = 8  # a line of the cache
_CHAINS = 4  # of a bucket, so that the memory is asked for four events at once
# Of `counters`: slots used, of them free again, events on the heap, its bucket, the bits of time in a bucket, 1: the bucket is new, a sum
# that nobody reads, so that the compiler keeps the reads ahead.
_USED, _FREED, HEAP_SIZE, _BUCKET, _SHIFT, NEW_BUCKET, PREFETCHED, _COUNTERS = range(8)


class Event(NamedTuple):
    """A clock that runs out at `time`, in 2⁻³⁶: a rule would change person `who` (or try the group).

    `actor` acts; of rules that are tried again it is the number of tries. `stamp` is how often the people concerned had changed when the
    clock was started; the clock is void once they have changed again.
    """

    time: int
    rule: int
    who: int
    actor: int
    stamp: int


class EventQueue(NamedTuple):
    """The events to come."""

    events: NDArray[np.int64]  # (slots, 8)
    heap: NDArray[np.int32]  # (slots) slots of the events on the heap
    chains: NDArray[np.int32]  # (4 · buckets) the first slot of each chain plus one
    counters: NDArray[np.int64]  # (7)


@jit
def make_queue(slots: int, horizon: int, buckets: int) -> EventQueue:
    """A queue with so many slots, for events up to a time, in at most so many buckets and one."""
    counters = np.zeros(_COUNTERS, np.int64)
    while horizon >> counters[_SHIFT] > buckets:
        counters[_SHIFT] += 1
    chains = np.zeros(_CHAINS * ((horizon >> counters[_SHIFT]) + 2), np.int32)
    return EventQueue(np.empty((slots, _COLUMNS), np.int64), np.empty(slots, np.int32), chains, counters)


@jit
def free_slots(queue: EventQueue) -> int:
    """How many events can still be inserted."""
    return int(len(queue.events) - queue.counters[_USED] + queue.counters[_FREED])


@jit
def grow(queue: EventQueue) -> EventQueue:
    """The same events with twice the slots."""
    slots = len(queue.events)
    events, heap = np.empty((2 * slots, _COLUMNS), np.int64), np.empty(2 * slots, np.int32)
    for slot in range(slots):
        heap[slot] = queue.heap[slot]
        for column in range(_COLUMNS):
            events[slot, column] = queue.events[slot, column]
    return EventQueue(events, heap, queue.chains, queue.counters)


@jit
def insert(queue: EventQueue, event: Event) -> None:
    """Insert an event, not before the bucket that is being emptied, and within the horizon."""
    events, counters = queue.events, queue.counters
    if counters[_FREED]:
        counters[_FREED] -= 1
        slot = events[counters[_FREED], _FREE]
    else:
        slot = counters[_USED]
        counters[_USED] += 1
    bucket = event.time >> counters[_SHIFT]
    events[slot, TIME], events[slot, WHO], events[slot, RULE] = event.time, event.who, event.rule
    events[slot, ACTOR], events[slot, STAMP] = event.actor, event.stamp
    if bucket > counters[_BUCKET]:
        chain = _CHAINS * bucket + (slot & (_CHAINS - 1))
        events[slot, _NEXT] = queue.chains[chain]
        queue.chains[chain] = slot + 1
    else:
        _sift_up(queue, event.time, slot)


@jit
def _sift_up(queue: EventQueue, time: int, slot: int) -> None:
    """Put an event on the heap."""
    events, heap = queue.events, queue.heap
    at = queue.counters[HEAP_SIZE]
    queue.counters[HEAP_SIZE] += 1
    while at:
        parent = (at - 1) >> 1
        if events[parent, _HEAP_TIME] <= time:
            break
        events[at, _HEAP_TIME], heap[at] = events[parent, _HEAP_TIME], heap[parent]
        at = parent
    events[at, _HEAP_TIME], heap[at] = time, slot


@jit
def _unchain(queue: EventQueue, bucket: int) -> int:
    """Write the events of a bucket behind one another into the place of the heap, one of each chain in turn. Returns how many."""
    events, heap, chains = queue.events, queue.heap, queue.chains
    size, first, more = 0, _CHAINS * bucket, True
    while more:
        more = False
        for chain in range(first, first + _CHAINS):
            slot = np.int64(chains[chain]) - 1
            if slot >= 0:
                events[size, _HEAP_TIME], heap[size] = events[slot, TIME], slot
                chains[chain] = events[slot, _NEXT]
                size += 1
                more = True
    return size


@jit
def fill_heap(queue: EventQueue, until: int) -> None:
    """Fill an empty heap with the events of the next bucket that has any, if it begins not after the time `until`."""
    last = until >> queue.counters[_SHIFT]
    while queue.counters[HEAP_SIZE] == 0 and queue.counters[_BUCKET] < last:
        queue.counters[_BUCKET] += 1
        size = _unchain(queue, queue.counters[_BUCKET])
        for at in range(size):
            _sift_up(queue, queue.events[at, _HEAP_TIME], int(np.int64(queue.heap[at])))
        queue.counters[NEW_BUCKET] = 1


@jit
def peek(queue: EventQueue, otherwise: int) -> int:
    """When the first event on the heap is; `otherwise` where the heap is empty."""
    return int(queue.events[0, _HEAP_TIME]) if queue.counters[HEAP_SIZE] else otherwise


@jit
def pop(queue: EventQueue) -> Event:
    """Take the next event out of the heap."""
    events, heap, counters = queue.events, queue.heap, queue.counters
    slot = np.int64(heap[0])
    events[counters[_FREED], _FREE] = slot
    counters[_FREED] += 1
    counters[HEAP_SIZE] -= 1
    size = counters[HEAP_SIZE]
    time, moved, at = events[size, _HEAP_TIME], heap[size], typed_zero()
    while 2 * at + 1 < size:
        child = 2 * at + 1
        if child + 1 < size and events[child + 1, _HEAP_TIME] < events[child, _HEAP_TIME]:
            child += 1
        if events[child, _HEAP_TIME] >= time:
            break
        events[at, _HEAP_TIME], heap[at] = events[child, _HEAP_TIME], heap[child]
        at = child
    events[at, _HEAP_TIME], heap[at] = time, moved
    return Event(events[slot, TIME], events[slot, RULE], events[slot, WHO], events[slot, ACTOR], events[slot, STAMP])
