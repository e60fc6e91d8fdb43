"""Real kills of real processes: a few here; `python benchmarks/kills.py --kills 1000` is the long run."""

import kills
from every_command import ROWS


def test_every_command_that_writes_is_among_those_that_are_killed():
    assert {name for name, row in ROWS.items() if row.folders or row.stores} == {one.name for one in kills.WRITERS}


def test_some_kills_lose_and_mix_nothing(capsys):
    assert kills.main(["--kills", "4", "--only", "log,export"]) == 0
    assert capsys.readouterr().out.endswith("4 kills: 0 lost or mixed\n")
