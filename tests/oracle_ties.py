"""Plain-Python twins of the implicit network and the wave: whole groups as lists, from the definitions in docs/ties.md."""

from __future__ import annotations

import math
from itertools import combinations

from oracle import MASK, draw, philox

KEYS, PERMUTATIONS, TRANSMISSION = 64, 65, 66
LONG = (1 << 64) - 1
SMALL, MIN_PATTERNS = 100, 512


def hash64(key: int, value: int) -> int:
    z = (value + key) * 0x9E3779B97F4A7C15 & LONG
    for _ in range(2):
        z = (z ^ z >> 32) * 0xD6E8FEB86659FD93 & LONG
    return z ^ z >> 32


def rotate_right(key: int, places: int) -> int:
    return (key >> places | key << 64 - places) & LONG


def round_function(value: int, key: int) -> int:
    h = (value ^ key & MASK) * 0x9E3779B1 & MASK
    return (h ^ h >> 15) * 0x85EBCA6B & MASK


def feistel(place: int, size: int, key: int) -> int:
    """The position of a place in the permutation of a large group."""
    bits = (size.bit_length() - 1) // 2
    rows = math.ceil(size / 2**bits)
    while True:
        high, low = divmod(place, 2**bits)
        k = key
        for _ in range(3):
            low ^= round_function(high, k) >> 32 - bits
            k = rotate_right(k, 23)
            high = (high + (round_function(low, k) * rows >> 32)) % rows
            k = rotate_right(k, 23)
        place = high * 2**bits + low
        if place < size:
            return place


def round_robin(size: int) -> list[list[tuple[int, int]]]:
    """Rounds in which every two meet once."""
    others = size - 1
    return [
        [(others, number)] + [((number + k) % others, (number - k) % others) for k in range(1, size // 2)]
        for number in range(others)
    ]


class Ties:
    """All ties of a small world: `partner[slot][person]` and `level[slot][person]`."""

    def __init__(self, people: int, ties: int = 10, alpha: float = 1.0, lowest: int = 1, seed: int = 0) -> None:
        self.people, self.ties, self.seed = people, ties, seed
        self.top = max(1, next(level for level in range(12) if 10**level >= people))
        weight = [math.exp(-alpha * level) if level >= lowest else 0.0 for level in range(1, self.top + 1)]
        self.shares = [one / math.fsum(weight) for one in weight]
        self.known: dict[tuple[int, int], list[tuple[list[tuple[int, int]], list[int]]]] = {}
        self.unmatched = self.count_unmatched()
        self.partner = [[-1] * people for _ in range(ties)]
        self.level = [[0] * people for _ in range(ties)]
        for slot in range(ties):
            self.match(slot)

    def count_unmatched(self) -> list[list[int]]:
        """How many are passed up from a full group, by level and slot: even numbers; rounding errors are carried over to the next slot."""
        found = [[1] * self.ties]
        for level in range(1, self.top):
            members = [10 * one for one in found[-1]]
            wanted, carried, here = sum(self.shares[level:]) * 10**level * self.ties, 0.0, []
            for one in members:
                carried += wanted * one / max(sum(members), 1)
                here.append(min(max(2 * round(carried / 2), 0), one))
                carried -= here[-1]
            found.append(here)
        return [*found, [0] * self.ties]

    def permutation(self, size: int, one: int, two: int) -> list[int]:
        low, high = self.seed & MASK, self.seed >> 32
        return sorted(range(size), key=lambda k: (draw(low, high, PERMUTATIONS, one << 8 | size, two, k), k))

    def patterns(self, size: int, matched: int) -> list[tuple[list[tuple[int, int]], list[int]]]:
        """The patterns of full groups of a size."""
        if matched == 0:
            return [([], list(range(size)))]
        if (size, matched) not in self.known:
            half, found = size // 2, []
            runs = [[(start + k) % half for k in range(matched // 2)] for start in range(half if matched < size else 1)]
            choices = list(combinations(range(half), matched // 2)) if size == 10 else runs
            copies = math.ceil(MIN_PATTERNS / ((size - 1) * len(choices)))
            for copy in range(copies):
                number = copy * 1000 + matched
                who = self.permutation(size, 0, number)
                for k, paired in enumerate(round_robin(size)):
                    row = range(half) if size == 10 else self.permutation(half, 0, number << 8 | 1 + k)
                    named = [(who[paired[one][0]], who[paired[one][1]]) for one in row]
                    for chosen in choices:
                        up = [one for place in range(half) if place not in chosen for one in named[place]]
                        found.append(([named[place] for place in chosen], sorted(up)))
            self.known[size, matched] = found
        return self.known[size, matched]

    def match(self, slot: int) -> None:
        """Level by level, from the people up: who is matched in each group, and who is passed up."""
        low, high = self.seed & MASK, self.seed >> 32
        ascending = {person: [person] for person in range(self.people)}  # by the group below, in the order of their ranks
        for level in range(1, self.top + 1):
            key = draw(low, high, KEYS, 0, slot, level) << 32 | draw(low, high, KEYS, 1, slot, level)
            size, below, goes = 10**level, 10 ** (level - 1), {}
            for group in range(math.ceil(self.people / size)):
                here = range(group * size, min((group + 1) * size, self.people))
                parts = [ascending[part] for part in range(here[0] // below, here[-1] // below + 1)]
                whole = [part for k, part in enumerate(parts) if here[0] + (k + 1) * below <= self.people]
                members = [part[rank] for rank in range(self.unmatched[level - 1][slot]) for part in whole]
                members += [one for part in parts[len(whole) :] for one in part]
                goes[group] = self.match_group(slot, level, members, len(here) == size, hash64(key, group))
            ascending = goes

    def match_group(self, slot: int, level: int, members: list[int], full: bool, hashed: int) -> list[int]:
        """Match some of the members of a group; the others are passed up."""
        size = len(members)
        if full:
            matched = size - self.unmatched[level][slot]
        elif level == self.top:
            matched = size // 2 * 2
        else:
            most = 10 * self.unmatched[level - 1][slot]
            up = self.unmatched[level][slot] / max(most, 1)
            matched = min(2 * round(size * (1 - up) / 2), size // 2 * 2)
        if size == 0:
            return []
        if size > SMALL:
            order = [0] * size
            for place in range(size):
                order[feistel(place, size, hashed)] = place
            pairs, up = [(order[k], order[k + 1]) for k in range(0, matched, 2)], order[matched:]
        elif full:
            patterns = self.patterns(size, matched)
            pairs, up = patterns[(hashed >> 32) * len(patterns) >> 32]
        else:
            order = self.permutation(size, 1 + slot, level)
            pairs, up = [(order[k], order[k + 1]) for k in range(0, matched, 2)], sorted(order[matched:])
        for one, two in pairs:
            for a, b in ((one, two), (two, one)):
                self.partner[slot][members[a]], self.level[slot][members[a]] = members[b], level
        return [members[place] for place in up]

    def carries(self, person: int, slot: int, chance: int) -> bool:
        """Whether a tie that a person tries carries the wave: bit `slot` of 32 words is their draw."""
        drawn = 0
        for block in range(8):
            counter = TRANSMISSION + (block << 16), 0, person & MASK, person >> 32
            for plane in philox(counter, (self.seed & MASK, self.seed >> 32)):
                drawn = drawn << 1 | plane >> slot & 1
        return drawn < chance

    def wave(self, seeds: list[int], chance: float) -> list[set[int]]:
        """Who is newly reached at each step; the last is nobody."""
        limit, found, reached = round(chance * 2**32), [set(seeds)], set(seeds)
        while found[-1]:
            hit = {
                self.partner[slot][person]
                for person in found[-1]
                for slot in range(self.ties)
                if self.partner[slot][person] >= 0 and self.carries(person, slot, limit)
            }
            found.append(hit - reached)
            reached |= hit
        return found
