"""The plan: everybody placed once, every rule kept or listed, the same seed the same plan, and never silently worse than simpler plans."""

import numpy as np
import polars as pl
import pytest

from community import ENDS, demo_community
from tenfold.errors import PlanError, SpecError
from tenfold.people.contacts import Contacts
from tenfold.people.readers import read_contacts
from tenfold.people.roster import People
from tenfold.plan.limits import Load
from tenfold.plan.locks import Locks
from tenfold.plan.plan import Plan, make_plan


@pytest.fixture(scope="module")
def community() -> tuple[People, Contacts]:
    return demo_community()


@pytest.fixture(scope="module")
def plan(community) -> Plan:
    return make_plan(*community, at=ENDS, replicates=20, seed=1)


def test_everybody_is_in_exactly_one_circle(community, plan):
    people, _ = community
    placed, away = plan.circles["person"].to_list(), plan.excluded["person"].to_list()
    assert sorted(placed + away) == sorted(people.table["id"])
    assert len(set(placed)) == len(placed)
    assert away
    assert set(plan.circle_table["size"]) <= set(range(8, 13))
    assert plan.circle_table["size"].sum() == len(placed)


def test_addresses_are_the_way_to_each_seat(plan):
    assert plan.circles["address"].n_unique() == plan.circles.height
    table = dict(plan.circle_table.select("circle", "address").iter_rows())
    for circle, address in plan.circles.select("circle", "address").iter_rows():
        assert address.rpartition(".")[0] == table[circle]
    assert len(set(table.values())) == len(table)


def test_carers_keep_to_what_they_said_and_can_carry(community, plan):
    people, _ = community
    circle_of = dict(plan.circles.select("person", "circle").iter_rows())
    able = set(people.table.filter(pl.col("can_mentor"))["id"])
    refused = set(people.table.filter(~pl.col("can_mentor"))["id"])
    assert refused
    for row in plan.mentors.iter_rows(named=True):
        assert not {row["mentor"], row["backup"]} & refused
        assert row["mentor"] is None or row["mentor"] != row["backup"]
        assert row["backup"] is None or circle_of[row["backup"]] == row["circle"]
        assert row["looks_after"] <= row["capacity"]
        assert row["backup_looks_after"] <= row["backup_capacity"]
    said = {rule: set(rows["who"]) for (rule,), rows in plan.unmet.group_by("rule")}
    for row in plan.mentors.iter_rows(named=True):
        circle, mentor = f"circle {row['circle']}", row["mentor"]
        assert (circle in said.get("a mentor for each circle", ())) == (mentor is None)
        assert (circle in said.get("a mentor who can mentor", ())) == (mentor is not None and mentor not in able)
        assert (circle in said.get("a mentor from the circle", ())) == (mentor is not None and circle_of[mentor] != row["circle"])
    load = plan.carers.drop_nulls()["carer"].value_counts()
    capacity = dict(people.table.select("id", pl.col("capacity").fill_null(8)).iter_rows())
    assert all(count <= capacity[who] for who, count in load.iter_rows())


def test_the_never_included_get_a_first_contact_this_week_or_it_is_said(plan):
    assert plan.left_out.height >= 3
    week = plan.this_week.filter(pl.col("purpose") == "first contact")
    named = set(plan.left_out.drop_nulls("first_contact").select("first_contact", "person").iter_rows())
    made = set(week.select("who", "whom").iter_rows())
    assert made <= named
    waiting = plan.unmet.filter(pl.col("rule").str.starts_with("a first contact this week"))["what"].to_list()
    left = plan.left_out.height - len(made)
    assert [int(what.split()[0]) for what in waiting] == ([left] if left else [])


def test_the_load_is_modest_and_no_limit_is_passed(community):
    people, contacts = community
    usual = make_plan(people, contacts, at=ENDS, replicates=2)
    n = usual.circles.height
    assert 0 < usual.this_week.height <= 0.4 * n + 1
    assert usual.this_week["whom"].is_unique().all()
    load = Load(contacts_per_carer=2, contacts_in_all=20, quiet_days=("Sat", "Sun"), kinds=("call",))
    small = make_plan(people, contacts, at=ENDS, replicates=2, load=load)
    assert small.this_week.height == 20
    assert small.this_week["who"].value_counts()["count"].max() <= 2
    assert set(small.this_week["kind"]) == {"call"}
    assert not set(small.this_week["due"].dt.weekday()) & {6, 7}
    assert small.settings["load"]["contacts_in_all"] == 20


def test_named_carers_alone_carry(community):
    people, contacts = community
    named = people.table.filter(pl.col("can_mentor") & pl.col("paused_until").is_null())["id"].to_list()[:6]
    plan = make_plan(people, contacts, at=ENDS, replicates=2, load=Load(tuple(named), 3))
    assert set(plan.this_week["who"]) <= set(named)
    assert plan.this_week["who"].value_counts()["count"].max() <= 3
    roles = {
        *plan.circle_table["mentor"].drop_nulls(),
        *plan.circle_table["backup"].drop_nulls(),
        *plan.carers["carer"].drop_nulls(),
    }
    assert roles <= set(named)
    refused = people.table.filter(~pl.col("can_mentor"))
    with pytest.raises(PlanError, match=f"carers: {refused['name'][0]} said no"):
        make_plan(people, contacts, at=ENDS, replicates=2, load=Load((refused["id"][0],)))
    with pytest.raises(PlanError, match="carers: 'nobody' is not among the people of the plan"):
        make_plan(people, contacts, at=ENDS, replicates=2, load=Load(("nobody",)))


def test_the_curve_rises_and_marks_the_plan(plan):
    curve = plan.curve
    assert curve["contacts"].is_sorted()
    assert curve["plan"].sum() == 1
    assert curve["knee"].sum() <= 1
    assert curve["people"][-1] > curve["people"][0]
    assert (curve["low"] <= curve["people"]).all()
    assert (curve["people"] <= curve["high"]).all()


def test_the_never_included_come_among_people_who_know_each_other(plan):
    counts = plan.left_out.group_by("circle").len()["len"]
    assert counts.max() <= 3
    assert plan.left_out.height > 3


def test_contacts_of_the_week_keep_the_limits_and_give_reasons(community, plan):
    people, _ = community
    capacity = dict(people.table.select("id", pl.col("capacity").fill_null(8)).iter_rows())
    carers = set(plan.mentors["mentor"]) | set(plan.mentors["backup"])
    gives = dict(plan.this_week.group_by("who").len().iter_rows())
    assert all(count <= (max(capacity[who], 1) if who in carers else 1) for who, count in gives.items())
    assert plan.this_week.group_by("whom").len()["len"].max() <= 3
    pairs = [frozenset(pair) for pair in plan.this_week.select("who", "whom").iter_rows()]
    assert len(set(pairs)) == len(pairs)
    assert plan.this_week["reason"].str.contains(r"days? (silent|ago)|first contact: |new bridge").all()
    assert set(plan.this_week["kind"]) <= {"call", "message", "visit"}
    away = set(plan.excluded["person"])
    assert not away & (set(plan.this_week["who"]) | set(plan.this_week["whom"]))


def test_reasons_tell_silence_and_rhythm():
    frame = pl.DataFrame({"a": ["ana"] * 3, "b": ["binh"] * 3, "t": ["2026-01-01", "2026-01-07", "2026-01-13"]})
    contacts = Contacts.from_table(frame, time="t", a="a", b="b")
    plan = make_plan(People.from_ids(["ana", "binh", "chi"]), contacts, at="2026-02-03", replicates=2)
    row = plan.this_week.filter(pl.col("purpose") != "first contact").row(0, named=True)
    assert {row["who"], row["whom"]} == {"ana", "binh"}
    assert row["reason"] == "21 days silent, usual gap 6"


def test_two_bridges_from_each_circle(plan):
    ends = pl.concat([plan.bridges["circle"], plan.bridges["to_circle"]])
    counts = dict(ends.value_counts().iter_rows())
    assert all(counts.get(circle, 0) >= 2 for circle in plan.circle_table["circle"])
    circle_of = dict(plan.circles.select("person", "circle").iter_rows())
    for row in plan.bridges.iter_rows(named=True):
        assert (circle_of[row["a"]], circle_of[row["b"]]) == (row["circle"], row["to_circle"])
        assert row["circle"] != row["to_circle"]


def test_circles_are_built_from_bonds_and_languages(community, plan):
    people, _ = community
    inside = plan.comparison.filter(pl.col("measure") == "bond strength inside circles")
    assert (inside["plan"] > 3 * inside["other"]).all()
    spoken = dict(people.table.select("id", "language").iter_rows())
    strangers = {}
    for (circle,), rows in plan.circles.group_by("circle"):
        lists = [set(spoken[one].split("|")) for one in rows["person"] if spoken[one]]
        strangers[circle] = len(lists) - max(sum(language in one for one in lists) for language in set().union(*lists))
    assert sum(strangers.values()) <= 0.07 * plan.circles.height  # 120 people of six languages do not part into tens
    listed = plan.unmet.filter(pl.col("rule") == "one language")["who"]
    assert set(listed) == {f"circle {circle}" for circle, count in strangers.items() if count}


def test_the_plan_is_compared_on_the_same_luck(plan):
    assert set(plan.comparison["baseline"]) == {"nothing", "random pairing", "round-robin"}
    assert plan.wins == plan.comparison.filter(pl.col("measure") == "people kept at 12 weeks")["wins"].all()
    start = plan.forecast.filter((pl.col("week") == 0) & (pl.col("measure") == "people"))
    assert start["mean"].n_unique() == 1
    costs = plan.comparison.filter(pl.col("measure") == "people kept at 12 weeks")["contacts_a_week"].to_list()
    assert costs[0] == 0
    assert costs[1] == costs[2] > 0


def test_forecast_reaches_a_year_and_bands_hold_the_mean(plan):
    assert plan.forecast["week"].max() == 52
    assert (
        (plan.forecast["low"] <= plan.forecast["mean"] + 1e-9) & (plan.forecast["mean"] <= plan.forecast["high"] + 1e-9)
    ).mean() > 0.95
    wide = plan.forecast.filter(pl.col("measure") == "people").pivot("scenario", index="week", values="mean")
    assert (wide["plan"] >= wide["nothing"]).all()
    assert (
        (plan.risks["without"] >= 0) & (plan.risks["without"] <= plan.risks["with_plan"]) & (plan.risks["with_plan"] <= 1)
    ).all()


def test_same_seed_same_plan_and_another_seed_another(community, plan):
    again = make_plan(*community, at=ENDS, replicates=20, seed=1)
    for name, frame in plan.tables().items():
        assert frame.equals(again.tables()[name]), name
    other = make_plan(*community, at=ENDS, replicates=20, seed=2)
    assert not other.circles.equals(plan.circles)


def test_a_new_plan_keeps_circles_names_roles_and_carers(community, plan):
    people, contacts = community
    same = make_plan(people, contacts, at=ENDS, replicates=2, seed=9, previous=plan.tables())
    moved = same.changes.filter((pl.col("what") == "circle") & pl.col("before").is_not_null())
    assert moved.height <= 0.1 * plan.circles.height
    assert same.circle_table.select("circle", "name", "address").equals(plan.circle_table.select("circle", "name", "address"))
    assert same.changes.filter(pl.col("what").is_in(["mentor", "backup"])).height == 0
    assert (same.changes["why"] != "").all()
    fresh = make_plan(people, contacts, at=ENDS, replicates=2, seed=9, previous=plan.tables(), fresh=True)
    assert fresh.changes.height == 0
    assert not fresh.circles.equals(plan.circles)
    joined = People.from_table(pl.concat([people.table, people.table.head(1).with_columns(id=pl.lit("new"), name=pl.lit("New"))]))
    more = make_plan(joined, contacts, at=ENDS, replicates=2, seed=9, previous=plan.tables())
    new = more.changes.filter((pl.col("what") == "circle") & (pl.col("person") == "new"))
    assert new.select("before", "why").rows() == [(None, "new")]


def test_who_leaves_a_role_is_replaced_and_the_reason_is_given(community, plan):
    people, contacts = community
    leaver = plan.circle_table["mentor"].drop_nulls()[0]
    table = people.table.with_columns(can_mentor=pl.when(pl.col("id") == leaver).then(False).otherwise("can_mentor"))
    found = make_plan(People.from_table(table), contacts, at=ENDS, replicates=2, previous=plan.tables())
    changed = found.changes.filter(pl.col("what") == "mentor")
    assert changed.select("before", "why").rows() == [(leaver, "said no")]
    cared = found.changes.filter(pl.col("what") == "carer")
    assert set(cared.filter(pl.col("before") == leaver)["why"]) == {"said no"}


def test_decisions_hold(community, plan):
    people, contacts = community
    cared = dict(plan.carers.drop_nulls().iter_rows())
    a, b, c = [one for one in plan.circles.filter(pl.col("role") == "member")["person"] if one in cared][:30:10]
    able = people.table.filter(pl.col("can_mentor"))["id"].to_list()
    mentor = next(one for one in plan.circles["person"] if one in able and one != cared[a])
    locks = Locks(
        inside={mentor: 2},
        mentor={2: mentor},
        carer={a: mentor},
        not_this_week=frozenset([b, c]),
        names={1: "Harbour"},
        meetings={1: "Tue 19:30 Europe/Berlin"},
    )
    found = make_plan(people, contacts, at=ENDS, replicates=2, previous=plan.tables(), locks=locks)
    table = {row["circle"]: row for row in found.circle_table.iter_rows(named=True)}
    assert table[2]["mentor"] == mentor
    assert (table[1]["name"], table[1]["meeting"]) == ("Harbour", "Tue 19:30 Europe/Berlin")
    assert dict(found.carers.iter_rows())[a] == mentor
    assert not {b, c} & {*found.this_week["who"], *found.this_week["whom"]}
    assert found.changes.filter((pl.col("what") == "carer") & (pl.col("person") == a))["why"].to_list() == ["as you decided"]
    with pytest.raises(PlanError, match="circles 1 and 2 are both called 'Harbour'"):
        make_plan(people, contacts, at=ENDS, replicates=2, locks=Locks(names={1: "Harbour", 2: "harbour"}))
    refused = people.table.filter(~pl.col("can_mentor"))["id"][0]
    with pytest.raises(PlanError, match=r"mentor of circle 2: .* cannot carry"):
        make_plan(people, contacts, at=ENDS, replicates=2, locks=Locks(mentor={2: refused}))


def test_open_tasks_come_before_others(community, plan):
    people, contacts = community
    few = Load(contacts_in_all=10, contacts_per_carer=8)
    cut = make_plan(people, contacts, at=ENDS, replicates=2, previous=plan.tables(), load=few)
    upkeep = plan.this_week.filter(pl.col("purpose") != "first contact").tail(3).select("who", "whom")
    kept = make_plan(
        people, contacts, at=ENDS, replicates=2, previous=plan.tables(), load=Load(contacts_in_all=60), open_tasks=upkeep
    )
    pairs = set(kept.this_week.select("who", "whom").iter_rows())
    assert set(upkeep.iter_rows()) <= pairs
    assert cut.this_week.height == 10


def test_locks_hold(community):
    people, contacts = community
    ids = people.table.filter(pl.col("role").is_null() | (pl.col("role") != "gone"))["id"].to_list()
    first = make_plan(people, contacts, at=ENDS, replicates=2)
    inside = first.circles["person"].to_list()
    a, b, c, d, e = (one for one in inside[:50:10])
    locks = Locks(inside={a: 3}, outside=((b, 1), (b, 2)), together=((c, d),), apart=((a, e),))
    plan = make_plan(people, contacts, at=ENDS, replicates=2, locks=locks)
    circle_of = dict(plan.circles.select("person", "circle").iter_rows())
    assert circle_of[a] == 3
    assert circle_of[b] not in (1, 2)
    assert circle_of[c] == circle_of[d]
    assert circle_of[a] != circle_of[e]
    assert len(ids) > 50


def test_locks_that_cannot_be_kept_name_who_and_which(community):
    people, contacts = community
    inside = make_plan(people, contacts, at=ENDS, replicates=2).circles["person"].to_list()
    with pytest.raises(PlanError, match=r"13 people are fixed in circle 2 .*; it holds 12\. Free some"):
        make_plan(people, contacts, at=ENDS, replicates=2, locks=Locks(inside=dict.fromkeys(inside[:13], 2)))
    with pytest.raises(PlanError, match=r"circle 99 for .* does not exist; there are"):
        make_plan(people, contacts, at=ENDS, replicates=2, locks=Locks(inside={inside[0]: 99}))
    everywhere = tuple((inside[0], circle) for circle in range(1, 30))
    with pytest.raises(PlanError, match=r"does not exist|no circle is left"):
        make_plan(people, contacts, at=ENDS, replicates=2, locks=Locks(outside=everywhere))
    count = make_plan(people, contacts, at=ENDS, replicates=2).circle_table.height
    with pytest.raises(PlanError, match=f"no circle is left for {inside[0]}: the locks"):
        make_plan(people, contacts, at=ENDS, replicates=2, locks=Locks(outside=everywhere[:count]))


def test_sfhh_places_all_403(shared_data):
    contacts = read_contacts(shared_data / "contacts" / "sfhh_conference.tij.dat.gz")
    plan = make_plan(People.from_ids(contacts.people()), contacts, replicates=20)
    assert plan.circles["person"].n_unique() == plan.circles.height == 403
    assert plan.wins
    assert plan.statements["drift"].str.contains("the record is shorter").all()


@pytest.mark.parametrize("n", [1, 2, 3, 7, 8, 13, 25, 97])
def test_any_number_of_people(n):
    rng = np.random.default_rng(n)
    ids = [f"p{k}" for k in range(n)]
    frame = pl.DataFrame({"t": list(range(4 * n)), "a": rng.choice(ids, 4 * n), "b": rng.choice(ids, 4 * n)})
    contacts = Contacts.from_table(frame, time="t", a="a", b="b")
    plan = make_plan(People.from_ids(ids), contacts, at="1970-01-03", replicates=3)
    assert sorted(plan.circles["person"]) == sorted(ids)
    sizes = plan.circle_table["size"].to_list()
    if n in (1, 2, 3, 7, 13):
        assert plan.unmet["rule"].str.starts_with("8 to 12").any()
    else:
        assert all(8 <= size <= 12 for size in sizes)


def test_who_is_not_on_the_list_or_nobody_at_all():
    contacts = Contacts.from_table(pl.DataFrame({"t": [0], "a": ["ana"], "b": ["binh"]}), time="t", a="a", b="b")
    with pytest.raises(PlanError, match="contacts name 1 people who are not on the list, first 'binh'"):
        make_plan(People.from_ids(["ana"]), contacts)
    gone = People.from_table(pl.DataFrame({"id": ["ana", "binh"], "role": ["gone", "left"]}))
    with pytest.raises(PlanError, match="nobody is to be placed"):
        make_plan(gone, contacts)
    with pytest.raises(SpecError, match="weeks is 53"):
        make_plan(People.from_ids(["ana", "binh"]), contacts, weeks=53)
    with pytest.raises(SpecError, match="by is 'luck'"):
        make_plan(People.from_ids(["ana", "binh"]), contacts, by="luck")
    with pytest.raises(
        SpecError, match=r"make_plan takes no 'halflife'; expected some of by, at, half_life, .* Did you mean half_life\?"
    ):
        make_plan(People.from_ids(["ana", "binh"]), contacts, halflife="7d")


def test_a_plan_that_does_not_win_says_so():
    """Everybody is in touch with everybody all the time: nothing can be won."""
    ids = [f"p{k}" for k in range(10)]
    rows = [(t, a, b) for t in range(3) for a in ids for b in ids if a < b]
    contacts = Contacts.from_table(pl.DataFrame(rows, schema=["t", "a", "b"], orient="row"), time="t", a="a", b="b")
    plan = make_plan(People.from_ids(ids), contacts, weeks=1, replicates=2)
    assert plan.wins is False
    assert "does not keep more people at 1 weeks than" in plan.warning
