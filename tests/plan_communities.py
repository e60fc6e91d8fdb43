"""Random communities for the rules of plans: of any size, with languages, capacities, people who said no, and people without bonds."""

from __future__ import annotations

import random

import polars as pl

from tenfold.people.contacts import Contacts
from tenfold.people.roster import People
from tenfold.plan.limits import Load

__all__ = ["random_community"]

DAY = 86400


def random_community(n: int, seed: int) -> tuple[People, Contacts, Load]:
    """n people; how many know each other, speak what, and can carry what differs from seed to seed, nobody and everybody among it."""
    rng = random.Random(seed)
    ids = [f"p{k}" for k in range(n)]
    languages = rng.choice([[None], ["Tamil"], ["Tamil", "Yoruba", "Tamil|Yoruba", None], ["A", "B", "C", "D"]])
    answers = rng.choice([[None], [False], [True], [True, False, None], [None, False], [True, *[False] * 9]])
    capacities = rng.choice([[None], [0, 1, 3, None], [2], [8, None]])
    table = pl.DataFrame(
        {
            "id": ids,
            "name": ids,
            "language": [rng.choice(languages) for _ in ids],
            "place": [rng.choice([None, "Lima", "Hué"]) for _ in ids],
            "can_mentor": [rng.choice(answers) for _ in ids],
            "capacity": [rng.choice(capacities) for _ in ids],
        },
        schema_overrides={
            **dict.fromkeys(("language", "place"), pl.String),
            "can_mentor": pl.Boolean,
            "capacity": pl.Int64,
        },
    )
    known = [one for one in ids if rng.random() < rng.choice([0, 0.5, 1])] if rng.random() < 0.8 else ids
    rows = []
    if len(known) > 1:
        for _ in range(rng.choice([0, 1, 3]) * n):
            a, b = rng.sample(known, 2)
            rows += [(rng.randrange(60) * DAY, a, b) for _ in range(rng.randint(1, 4))]
    rows = rows or [(0, ids[0], ids[1])]
    contacts = Contacts.from_table(pl.DataFrame(rows, schema=["t", "a", "b"], orient="row"), time="t", a="a", b="b")
    willing = table.filter(pl.col("can_mentor").fill_null(True))["id"].to_list()
    load = Load(
        carers=tuple(rng.sample(willing, rng.randint(1, min(len(willing), 12)))) if willing and rng.random() < 0.3 else None,
        contacts_per_carer=rng.choice([0, 2, 5]),
        contacts_in_all=rng.choice([None, None, 0, 3, n]),
        quiet_days=rng.choice([(), ("Sun",), ("Sat", "Sun")]),
        kinds=rng.choice([("visit", "call", "message"), ("call",), ("message",)]),
    )
    return People.from_table(table), contacts, load
