"""Plain-Python twins of the ties and the wave: whole groups as lists, from the definitions in docs/ties.md."""

from __future__ import annotations

import math
from itertools import combinations

from oracle import MASK, draw, philox

KEYS, ORDERS, CHANCES = 64, 65, 66
LONG = (1 << 64) - 1
SMALL, PATTERNS = 100, 512


def mix(key: int, group: int) -> int:
    z = (group + key) * 0x9E3779B97F4A7C15 & LONG
    for _ in range(2):
        z = (z ^ z >> 32) * 0xD6E8FEB86659FD93 & LONG
    return z ^ z >> 32


def turn_right(key: int, places: int) -> int:
    return (key >> places | key << 64 - places) & LONG


def word(value: int, key: int) -> int:
    h = (value ^ key & MASK) * 0x9E3779B1 & MASK
    return (h ^ h >> 15) * 0x85EBCA6B & MASK


def network(place: int, size: int, key: int) -> int:
    """Where a member of a large group comes in its order."""
    bits = (size.bit_length() - 1) // 2
    rows = math.ceil(size / 2**bits)
    while True:
        high, low = divmod(place, 2**bits)
        k = key
        for _ in range(3):
            low ^= word(high, k) >> 32 - bits
            k = turn_right(k, 23)
            high = (high + (word(low, k) * rows >> 32)) % rows
            k = turn_right(k, 23)
        place = high * 2**bits + low
        if place < size:
            return place


def rounds(size: int) -> list[list[tuple[int, int]]]:
    """Everyone meets everyone else once."""
    others = size - 1
    return [
        [(others, turn)] + [((turn + k) % others, (turn - k) % others) for k in range(1, size // 2)] for turn in range(others)
    ]


class Ties:
    """All ties of a small world: `partner[slot][person]` and `level[slot][person]`."""

    def __init__(self, people: int, ties: int = 10, alpha: float = 1.0, lowest: int = 1, seed: int = 0) -> None:
        self.people, self.ties, self.seed = people, ties, seed
        self.top = max(1, next(level for level in range(12) if 10**level >= people))
        weight = [math.exp(-alpha * level) if level >= lowest else 0.0 for level in range(1, self.top + 1)]
        self.shares = [one / math.fsum(weight) for one in weight]
        self.pools: dict[tuple[int, int], list[tuple[list[tuple[int, int]], list[int]]]] = {}
        self.rise = self.counts()
        self.partner = [[-1] * people for _ in range(ties)]
        self.level = [[0] * people for _ in range(ties)]
        for slot in range(ties):
            self.pair(slot)

    def counts(self) -> list[list[int]]:
        """How many go up from a full group, for each level and slot: even numbers, what one has too much the next has less."""
        found = [[1] * self.ties]
        for level in range(1, self.top):
            members = [10 * one for one in found[-1]]
            wanted, rest, here = sum(self.shares[level:]) * 10**level * self.ties, 0.0, []
            for one in members:
                rest += wanted * one / max(sum(members), 1)
                here.append(min(max(2 * round(rest / 2), 0), one))
                rest -= here[-1]
            found.append(here)
        return [*found, [0] * self.ties]

    def order(self, size: int, one: int, two: int) -> list[int]:
        low, high = self.seed & MASK, self.seed >> 32
        return sorted(range(size), key=lambda k: (draw(low, high, ORDERS, one << 8 | size, two, k), k))

    def pool(self, size: int, pair: int) -> list[tuple[list[tuple[int, int]], list[int]]]:
        """The patterns of full groups of a size."""
        if pair == 0:
            return [([], list(range(size)))]
        if (size, pair) not in self.pools:
            half, found = size // 2, []
            stretches = [[(start + k) % half for k in range(pair // 2)] for start in range(half if pair < size else 1)]
            choices = list(combinations(range(half), pair // 2)) if size == 10 else stretches
            copies = math.ceil(PATTERNS / ((size - 1) * len(choices)))
            for copy in range(copies):
                number = copy * 1000 + pair
                who = self.order(size, 0, number)
                for k, turn in enumerate(rounds(size)):
                    row = range(half) if size == 10 else self.order(half, 0, number << 8 | 1 + k)
                    named = [(who[turn[one][0]], who[turn[one][1]]) for one in row]
                    for chosen in choices:
                        up = [one for place in range(half) if place not in chosen for one in named[place]]
                        found.append(([named[place] for place in chosen], sorted(up)))
            self.pools[size, pair] = found
        return self.pools[size, pair]

    def pair(self, slot: int) -> None:
        """Level by level, from the people up: who pairs in each group, and who goes up."""
        low, high = self.seed & MASK, self.seed >> 32
        climbing = {person: [person] for person in range(self.people)}  # by the group below, in the order of their ranks
        for level in range(1, self.top + 1):
            key = draw(low, high, KEYS, 0, slot, level) << 32 | draw(low, high, KEYS, 1, slot, level)
            size, below, goes = 10**level, 10 ** (level - 1), {}
            for group in range(math.ceil(self.people / size)):
                here = range(group * size, min((group + 1) * size, self.people))
                parts = [climbing[part] for part in range(here[0] // below, here[-1] // below + 1)]
                whole = [part for k, part in enumerate(parts) if here[0] + (k + 1) * below <= self.people]
                members = [part[rank] for rank in range(self.rise[level - 1][slot]) for part in whole]
                members += [one for part in parts[len(whole) :] for one in part]
                goes[group] = self.meet(slot, level, members, len(here) == size, mix(key, group))
            climbing = goes

    def meet(self, slot: int, level: int, members: list[int], full: bool, bits: int) -> list[int]:
        """Pair some of the members of a group; the others go up."""
        size = len(members)
        if full:
            pair = size - self.rise[level][slot]
        elif level == self.top:
            pair = size // 2 * 2
        else:
            most = 10 * self.rise[level - 1][slot]
            up = self.rise[level][slot] / max(most, 1)
            pair = min(2 * round(size * (1 - up) / 2), size // 2 * 2)
        if size == 0:
            return []
        if size > SMALL:
            order = [0] * size
            for place in range(size):
                order[network(place, size, bits)] = place
            couples, up = [(order[k], order[k + 1]) for k in range(0, pair, 2)], order[pair:]
        elif full:
            pool = self.pool(size, pair)
            couples, up = pool[(bits >> 32) * len(pool) >> 32]
        else:
            order = self.order(size, 1 + slot, level)
            couples, up = [(order[k], order[k + 1]) for k in range(0, pair, 2)], sorted(order[pair:])
        for one, two in couples:
            for a, b in ((one, two), (two, one)):
                self.partner[slot][members[a]], self.level[slot][members[a]] = members[b], level
        return [members[place] for place in up]

    def carries(self, person: int, slot: int, chance: int) -> bool:
        """Whether a tie that a person tries carries the wave: bit `slot` of 32 words is their draw."""
        drawn = 0
        for block in range(8):
            counter = CHANCES + (block << 16), 0, person & MASK, person >> 32
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
