"""Being answered and a bond that lasts: the association that was put in comes out, and none where there is none."""

import numpy as np
import polars as pl

from tenfold.forecast.answers import associate_answers
from tenfold.people.contacts import Contacts

DAY = 86400


def approaches(effect: float, pairs: int = 1500, directed: bool = True) -> Contacts:
    """First contacts of which half are answered on the next day; of the answered .3 + effect are alive later, else .3."""
    rng = np.random.default_rng(4)
    rows = []
    for k in range(pairs):
        a, b, t = f"a{k % 150}", f"b{k % 151}", int(rng.uniform(0, 700)) * DAY
        rows.append((t, a, b))
        answered = rng.random() < 0.5
        if answered:
            rows.append((t + DAY // 2, b, a) if directed else (t + DAY // 2, a, b))
        if rng.random() < 0.3 + effect * answered:
            rows.append((t + int(rng.uniform(20, 60)) * DAY, a, b))
    frame = pl.DataFrame(rows, schema=["t", "a", "b"], orient="row").unique(maintain_order=True)
    return Contacts.from_table(frame, time="t", a="a", b="b")


def test_the_difference_that_is_there_is_found_and_none_where_there_is_none():
    row = associate_answers(approaches(0.25)).row(0, named=True)
    assert row["low"] < 0.25 < row["high"]
    assert 0.1 < row["high"] - row["low"] < 0.25
    assert "This is an association" in row["words"]
    none = associate_answers(approaches(0.0)).row(0, named=True)
    assert none["low"] < 0 < none["high"]
    assert "no clear difference" in none["words"]


def test_no_row_where_nobody_is_known_to_have_acted_first_or_cases_are_few():
    assert associate_answers(approaches(0.25, directed=False)).is_empty()
    assert associate_answers(approaches(0.25, pairs=20)).is_empty()
    assert associate_answers(Contacts(approaches(0.25).table.clear())).is_empty()
