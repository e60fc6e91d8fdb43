"""Streams of random numbers: every use has one of its own, so that no two uses of a seed can meet.

The stream is the first word of the counter (see `rng`). Its low 16 bits tell the uses apart, and the 15 above count the blocks of a long
draw. The upper half of all streams belongs to the rules of models, as whoever writes a model chooses how many there are:
the stream of a rule is `RULES` | its number, with the continuous clock | the number of an arc among parallel ones << 8 besides.
"""

from __future__ import annotations

RULES = 1 << 31

# forecast: the weekly simulation
BOND_HAZARD, PERSON_HAZARD, PLANNED_CONTACT, FORMATION, REACTIVATION = 1, 2, 3, 4, 5

# plan: the search for circles, the baselines, and the trial of mentors
PERSON, NEIGHBOUR, PARTNER, PARTNER_KIND, MOVE = 11, 12, 13, 14, 15
RANDOM_PAIRING, RANDOM_CIRCLES = 21, 22
MENTORED_BONDS, RANDOM_MENTORS = 71, 72

# networks: the generators
ERDOS_RENYI, CONFIGURATION, WATTS_STROGATZ, STOCHASTIC_BLOCK, BARABASI_ALBERT, NESTED_TENS = 31, 32, 33, 34, 35, 36

# seeds: reverse-reachable sets, nomination, and perturbed networks; ROOTS also in steps of 256, one for each of the others
SELECTION, VALIDATION, OVERALL, ROOTS, ESTIMATE, REPORTED = 61, 62, 74, 75, 76, 78
NOMINATED, NOMINATED_FRIEND = 63, 77
FIRST_END, SECOND_END, NEW_WEIGHT = 67, 68, 69

# world: the implicit network, the wave, attainment and crisis
MATCHINGS, MATCHING_PATTERNS, TRANSMISSION = 64, 65, 66
JOIN, LAPSE, DISTURBANCE, RANK, DEVOTED, APART, MENTOR, HOST = 101, 102, 103, 104, 105, 106, 107, 108
OUTBREAK, AREA, MEETINGS = 110, 111, 112

# spread: what models draw besides their rules; TRAITS << 32 | a checksum of the name of each trait that a file draws
INITIAL_STATES, THRESHOLDS, IMITATION, TRAITS = 251, 252, 253, 254
