"""The plan where a contact does less than is assumed."""

from dataclasses import replace

import pytest

from tenfold.plan.effect import effect_table
from tenfold.plan.limits import Limits
from tenfold.plan.scenarios import schedules
from tenfold.plan.trial import Design, paired_interval, run_scenarios
from tenfold.plan.week import choose_contacts


def test_half_the_effect_gains_less_and_none_gains_nothing(situation, candidates, carers):
    weeks = choose_contacts(situation, candidates, carers, Limits(), weeks=8)
    contacts, design = schedules(situation.n, candidates, weeks, 1), Design(endpoint=8, replicates=30, seed=1)
    table = effect_table(situation, contacts, run_scenarios(situation, contacts, design), design)
    whole, half, none = table.filter(least=False).iter_rows(named=True)
    assert whole["difference"] > half["difference"] > none["difference"] == 0
    assert (none["low"], none["high"]) == (0, 0)
    least = table.filter(least=True).row(0, named=True)
    assert least["wins"]
    assert 0 < least["worth"] <= 1
    idle = {"plan": contacts["plan"], "nothing": contacts["nothing"]}
    nothing = run_scenarios(situation, idle, design)["nothing"]
    assert nothing.people_kept[:, 8].mean() == pytest.approx(none["plan"])


def test_the_least_share_wins_and_a_sixteenth_less_does_not(situation, candidates, carers):
    weeks = choose_contacts(situation, candidates, carers, Limits(), weeks=8)
    contacts, design = schedules(situation.n, candidates, weeks, 1), Design(endpoint=8, replicates=30, seed=1)
    table = effect_table(situation, contacts, run_scenarios(situation, contacts, design), design)
    worth = table.filter(least=True)["worth"].item()
    for share, wins in ((worth, True), (worth - 1 / 16, False)):
        weaker = replace(situation, assumptions=situation.assumptions.worth(share))
        found = run_scenarios(weaker, {name: contacts[name][:8] for name in ("plan", "nothing")}, design)
        gain = found["plan"].people_kept[:, 8].astype(float) - found["nothing"].people_kept[:, 8]
        assert (paired_interval(gain)[0] > 0) == wins, (table, share)
