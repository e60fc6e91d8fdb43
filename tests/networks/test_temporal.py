"""Contacts in windows of time."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcome import outcome
from tenfold.errors import DataError, SpecError
from tenfold.networks.temporal import Temporal, read_temporal

CONTACTS = st.lists(st.tuples(st.integers(-50, 500), st.integers(0, 9), st.integers(0, 9)), max_size=60)


@given(CONTACTS, st.sampled_from([1, 7, 20.0, "1min"]), st.booleans())
def test_windows_hold_their_contacts(rows, window, directed):
    time, a, b = ([row[k] for row in rows] for k in range(3))
    found = Temporal.from_contacts(time, a, b, window=window, n=10, directed=directed)
    kept = sorted([row for row in rows if row[1] != row[2]], key=lambda row: row[0])  # stable
    assert list(zip(found.a.tolist(), found.b.tolist(), strict=True)) == [row[1:] for row in kept]
    assert (found.contacts, found.start[-1], found.begin) == (len(kept), len(kept), kept[0][0] if kept else 0)
    for w in range(found.windows):
        low, high = found.begin + w * found.window, found.begin + (w + 1) * found.window
        assert found.start[w + 1] - found.start[w] == sum(low <= row[0] < high for row in kept)
    middle = found.windows // 2
    rows_of_graph = kept[found.start[middle] :] if found.windows else []
    pairs = Counter(row[1:] if directed else tuple(sorted(row[1:])) for row in rows_of_graph)
    graph = found.graph(middle)
    arcs = {(i, int(graph.other[k])): graph.weight[k] for i in range(10) for k in range(graph.start[i], graph.start[i + 1])}
    assert arcs == {**pairs, **({} if directed else {(j, i): count for (i, j), count in pairs.items()})}
    assert graph.directed == directed


def test_tables_with_dates_and_ids():
    start = datetime(2026, 3, 1, 18, tzinfo=UTC)
    for times in (
        [start, start + timedelta(days=3)],
        [start.date(), start.date() + timedelta(days=3)],
        ["2026-03-01T18:00:00", "2026-03-04T18:00:00"],
        [0, 3 * 86400],
        ["0", "259200"],
    ):
        frame = pl.DataFrame({"when": times, "a": ["ana", "ana"], "b": ["chi", "binh"]})
        found = Temporal.from_table(frame, time="when", a="a", b="b", window="1d")
        assert (found.labels.to_list(), found.start.tolist(), found.b.tolist()) == (
            ["ana", "binh", "chi"],
            [0, 1, 1, 1, 2],
            [2, 1],
        )
    assert found.graph(0, 1).labels.to_list() == ["ana", "binh", "chi"]
    assert found.graph(1, 3).arcs == 0


@pytest.mark.parametrize(
    "content",
    [
        "0 4 5\n20 4 5\n40 5 9\n",
        "time,a,b\n40,5,9\n0,4,5\n20,4,5\n",
        "src dst time\n4 5 0\n4 5 20\n5 9 40\n",
        "# SNAP\n# FromNodeId\tToNodeId\tTimestamp\n4 5 0\n4 5 20\n5 9 40\n",
        "0\t4\t5\tMED\tADM\n20\t4\t5\tMED\tADM\n40\t5\t9\tADM\tADM\n",
    ],
)
def test_files_in_any_order(tmp_path, content):
    (tmp_path / "c.txt").write_text(content)
    found = read_temporal(tmp_path / "c.txt", window=20)
    assert (found.labels.to_list(), found.a.tolist(), found.b.tolist()) == ([4, 5, 9], [0, 0, 1], [1, 1, 2])
    assert (found.start.tolist(), found.begin, found.window) == ([0, 1, 2, 3], 0.0, 20.0)


def test_real_contacts(shared_data):
    work = read_temporal(shared_data / "contacts" / "invs13_workplace.tij.dat.gz", window=20)
    assert (work.n, work.contacts) == (92, 9827)
    assert work.graph().arcs == 2 * 755  # as SocioPatterns counts the pairs
    assert work.graph().weight.sum() == 2 * 9827
    party = read_temporal(shared_data / "contacts" / "sfhh_conference.tij.dat.gz", window="1h")
    assert (party.n, party.contacts) == (403, 70_261)
    with pytest.raises(DataError, match="third column seems to hold the times"):
        read_temporal(shared_data / "messages" / "collegemsg.txt.gz", window="1d")


def test_parquet(tmp_path):
    pl.DataFrame({"a": [1, 2], "b": [2, 3], "time": [datetime(2026, 1, 1), datetime(2026, 1, 2)]}).write_parquet(
        tmp_path / "c.parquet"
    )
    assert read_temporal(tmp_path / "c.parquet", window="1d").start.tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([0], [1], [1, 2]), "time has 1 rows, a 1 and b 2"),
        (([np.nan], [0], [1]), "time 0 is no finite number"),
        ((["x"], [0], [1]), "time is no list of numbers"),
        (([[0]], [0], [1]), "time is no list of numbers"),
        (([10**400], [0], [1]), "time is no list of numbers"),
        (([0], [-1], [1]), "a holds -1"),
        (([0], [0], [7]), "end 7 is out of range"),
        (([0, 1e18], [0, 0], [1, 1]), "at most 100000000"),
        (([-1e308, 1e308], [0, 0], [1, 1]), "at most 100000000"),
    ],
)
def test_bad_contacts(arguments, words):
    with pytest.raises(DataError, match=words):
        Temporal.from_contacts(*arguments, window=1, n=3)


def test_bad_arguments(tmp_path):
    contacts = Temporal.from_contacts([0, 5], [0, 1], [1, 2], window=2)
    for call in (
        lambda: contacts.graph(-1),
        lambda: contacts.graph(2, 1),
        lambda: contacts.graph(0, 99),
        lambda: Temporal.from_contacts([0], [0], [1], window=0),
        lambda: read_temporal(tmp_path / "none.txt", window="long"),
    ):
        with pytest.raises(SpecError):
            call()
    frame = pl.DataFrame({"time": ["2026-01-01", "soon"], "a": [1, 2], "b": [2, 3]})
    with pytest.raises(DataError, match="time 1 is 'soon'"):
        Temporal.from_table(frame, time="time", a="a", b="b", window="1d")
    for content, words in ((b"", "0 fields"), (b"1 2\n", "2 fields"), (b"1 2 3\n4 5\n", "an empty one"), (b"\0", "binary")):
        (tmp_path / "bad.txt").write_bytes(content)
        with pytest.raises(DataError, match=rf"bad\.txt.*{words}"):
            read_temporal(tmp_path / "bad.txt", window=1)


@given(
    st.one_of(
        st.binary(max_size=100),
        st.text(max_size=100).map(lambda text: text.encode(errors="replace")),
        st.lists(
            st.lists(st.sampled_from(["1", "2", "x", "", "-3", "1e400", "2026-01-01"]), min_size=2, max_size=4), min_size=1
        ).map(lambda rows: "\n".join(",".join(row) for row in rows).encode()),
    )
)
def test_junk_is_read_or_refused(tmp_path_factory, junk):
    path = tmp_path_factory.getbasetemp() / "contacts.csv"
    path.write_bytes(junk)
    found, words = outcome(lambda: read_temporal(path, window="1d"))
    assert words.startswith("contacts.csv") if found is None else found.start[-1] == found.contacts
    assert "\n" not in words


MEETINGS = Temporal.from_contacts([0, 20, 40], [0, 1, 2], [1, 2, 0], window=20)


@given(CONTACTS, st.sampled_from(["stop", "repeat", "hold"]), st.integers(0, 20))
def test_steps_past_the_end(rows, after, steps):
    time, a, b = ([row[k] for row in rows] for k in range(3))
    found = Temporal.from_contacts(time, a, b, window=100, n=10, after=after)
    seen = found.window_of_steps(steps)
    for step, window in enumerate(seen.tolist()):
        if step < found.windows:
            assert window == step
        elif after == "stop" or not found.windows:
            assert window == -1
        else:
            assert window == (step % found.windows if after == "repeat" else found.windows - 1)
    made = found.for_steps(steps)
    assert made.windows == steps
    for step, window in enumerate(seen.tolist()):
        rows_here = slice(made.start[step], made.start[step + 1])
        expected = slice(0, 0) if window < 0 else slice(found.start[window], found.start[window + 1])
        assert made.a[rows_here].tolist() == found.a[expected].tolist()
        assert made.b[rows_here].tolist() == found.b[expected].tolist()
    assert (found.past_end(steps) is None) == (not (seen < 0).any())


def test_what_is_past_the_end_is_said():
    assert MEETINGS.after == "stop"
    assert MEETINGS.past_end(3) is None
    assert MEETINGS.past_end(5).startswith(
        "The contacts end after step 3, so nobody meets in the last 2 of 5 steps. Take after='repeat'"
    )
    for after in ("repeat", "hold"):
        assert replace(MEETINGS, after=after).past_end(10**6) is None
        assert Temporal.from_contacts([], [], [], window=1, after=after).past_end(2).endswith("There are no contacts at all.")
    for make in (
        lambda: replace(MEETINGS, after="loop"),
        lambda: Temporal.from_contacts([0], [0], [1], window=1, after=True),
        lambda: MEETINGS.window_of_steps(-1),
    ):
        with pytest.raises(SpecError):
            make()
    many = Temporal.from_contacts([0] * 3000, [0] * 3000, [1] * 3000, window=1, after="hold")
    with pytest.raises(DataError, match="3000000000 contacts; at most"):
        many.for_steps(10**6)
    with pytest.raises(SpecError, match="steps is 1000000000"):
        many.for_steps(10**9)


INTERVALS = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 150), st.integers(0, 5), st.integers(0, 5)), max_size=20)


@given(INTERVALS, st.sampled_from([1, 7, 20]))
def test_contacts_that_last_are_in_each_window_that_they_touch(rows, window):
    begin, end = [row[0] for row in rows], [row[0] + row[1] for row in rows]
    found = Temporal.from_intervals(begin, end, [row[2] for row in rows], [row[3] for row in rows], window=window, n=6)
    kept = [(row[0], row[0] + row[1], row[2], row[3]) for row in rows if row[2] != row[3]]
    zero = min((row[0] for row in kept), default=0)
    expected = Counter()
    for one, two, a, b in kept:
        for w in range((one - zero) // window, (two - zero) // window + 1):
            low, high = zero + w * window, zero + (w + 1) * window
            if (one < high and two > low) or low <= one < high:
                expected[w, a, b] += 1
    seen = Counter(
        (w, int(found.a[k]), int(found.b[k])) for w in range(found.windows) for k in range(found.start[w], found.start[w + 1])
    )
    assert seen == expected


def test_bad_intervals():
    with pytest.raises(DataError, match="1 ends at 3, before it begins at 5"):
        Temporal.from_intervals([0, 5], [1, 3], [0, 0], [1, 1], window=1)
    with pytest.raises(DataError, match="begin has 1 rows, end 2"):
        Temporal.from_intervals([0], [1, 3], [0], [1], window=1)
    with pytest.raises(DataError, match="windows of 1 s in all; at most 100000000"):
        Temporal.from_intervals([0, 0], [1e8, 1e8], [0, 0], [1, 1], window=1)


def contacts_of(found: Temporal) -> list[tuple[int, object, object]]:
    names = found.labels.to_list()
    return [
        (w, names[found.a[k]], names[found.b[k]]) for w in range(found.windows) for k in range(found.start[w], found.start[w + 1])
    ]


DAYS = [(0, "ana", "binh"), (2, "binh", "chi")]


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("time,source,target\n2026-09-01,ana,binh\n2026-09-03,binh,chi\n", {}),
        ("id,call_date,caller_id,callee_id\n1,2026-09-01,ana,binh\n2,2026-09-03,binh,chi\n", {}),
        ("target,note,source,date\nbinh,x,ana,20260901\nchi,y,binh,20260903\n", {}),
        ("from\tto\tunixtime\nana\tbinh\t1788220800\nbinh\tchi\t1788393600\n", {}),
        ("from;to;timestamp\nana;binh;1788220800000\nbinh;chi;1788393600000\n", {}),
        ("when,ego,alter\n2026-09-01T10:00:00Z,ana,binh\n2026-09-03T14:00:00+02:00,binh,chi\n", {}),
        ("when,ego,alter\n2026-09-01,ana,binh\n2026-09-03T10:00,binh,chi\n", {}),
        ("Datum;Von;An\n2026/09/01;ana;binh\n2026/09/03;binh;chi\n", {}),
        ("2026-09-01 ana binh\n2026-09-03 binh chi\n", {}),
        ("day,boss,staff\n2026-09-01,ana,binh\n2026-09-03,binh,chi\n", {"columns": {"a": "boss", "b": "staff"}}),
        ("x,boss,staff\n2026-09-01,ana,binh\n2026-09-03,binh,chi\n", {"columns": {"time": "x", "a": "boss", "b": "staff"}}),
        ("start,end,a,b\n2026-09-01,2026-09-02,ana,binh\n2026-09-03,2026-09-03T06:00,binh,chi\n", {}),
        ("a,b,time,weight\nana,binh,2026-09-01,5\nbinh,chi,2026-09-03,7\n", {}),
    ],
)
def test_times_and_people_are_found_by_their_names(tmp_path, text, options):
    (tmp_path / "c.csv").write_text(text)
    found = read_temporal(tmp_path / "c.csv", window="1d", directed=True, **options)
    assert contacts_of(found) == DAYS
    assert any(note.startswith("Time: ") for note in found.notes)
    assert any(note.startswith("Times: ") for note in found.notes)


def test_contacts_in_files_that_last(tmp_path):
    (tmp_path / "c.csv").write_text("a,b,begin,end\n1,2,0,60\n2,3,20,30\n")
    found = read_temporal(tmp_path / "c.csv", window=20, after="repeat")
    assert contacts_of(found) == [(0, 1, 2), (1, 2, 3), (1, 1, 2), (2, 1, 2)]
    assert found.after == "repeat"
    assert any(note.startswith("End: 'end'") for note in found.notes)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("time,boss,staff\n2026-09-01,ana,binh\n", "which columns hold the two ends is not known"),
        ("time,person,place\n2026-09-01,ana,home\n", "which columns hold the two ends is not known"),
        ("event,start,person,minutes,status\nChoir,2026-09-01,ana,5,present\n", "which columns hold the two ends"),
        ("source,target,weight\nana,binh,3\n", "which column holds the time is not known"),
        ("time,a,b\n03/04/2026,ana,binh\n", "time 0 is '03/04/2026', whose day and month are unclear"),
        ("time,a,b\n3.4.26 10:00,ana,binh\n", "day and month are unclear"),
        ("time,a,b\nsoon,ana,binh\n", "time 0 is 'soon'"),
        ("time,a,b\n,ana,binh\n", "time 0 is 'None'"),
        ("start,end,a,b\n20,10,1,2\n", "ends at 10, before it begins at 20"),
        ("boss,staff,team\nana,binh,red\n", "may be names of columns or a first contact"),
        ("1 2 1082008561\n2 3 1082008562\n", "third column seems to hold the times"),
    ],
)
def test_contacts_that_cannot_be_known_are_refused(tmp_path, text, words):
    (tmp_path / "c.csv").write_text(text)
    with pytest.raises(DataError, match=words) as caught:
        read_temporal(tmp_path / "c.csv", window="1d")
    assert str(caught.value).startswith("c.csv: ")


def test_bad_columns(tmp_path):
    (tmp_path / "c.csv").write_text("t,x,y\n1,a,b\n")
    for columns, words in (
        ({"who": "x"}, "columns: names 'who'; expected some of time, a, b, end"),
        ({"a": "x"}, "only one of a and b"),
        ({"a": "x", "b": "x"}, "names a column twice"),
    ):
        with pytest.raises(SpecError, match=words):
            read_temporal(tmp_path / "c.csv", window=1, columns=columns)
    with pytest.raises(SpecError, match="after is 'never'"):
        read_temporal(tmp_path / "c.csv", window=1, after="never")


GEXF = """<gexf xmlns="http://gexf.net/1.3" version="1.3"><graph mode="dynamic" defaultedgetype="{kind}" timeformat="{form}">
<nodes><node id="ana"/><node id="binh"/><node id="chi"/></nodes><edges>{edges}</edges></graph></gexf>"""


def dynamic(folder, edges, kind="undirected", form="double", window: object = 20, **options) -> Temporal:
    (folder / "d.gexf").write_text(GEXF.format(kind=kind, form=form, edges=edges))
    return read_temporal(folder / "d.gexf", window=window, **options)


def test_dynamic_gexf(tmp_path):
    edges = '<edge source="ana" target="binh" start="0" end="40"/><edge source="binh" target="chi"><spells><spell start="20" end="30"/>'
    edges += '<spell start="60" end="70"/></spells></edge>'
    found = dynamic(tmp_path, edges)
    assert contacts_of(found) == [(0, "ana", "binh"), (1, "binh", "chi"), (1, "ana", "binh"), (3, "binh", "chi")]
    dates = '<edge source="ana" target="binh" start="2026-09-01" end="2026-09-01"/>'
    dates += '<edge source="binh" target="chi" timestamp="2026-09-03"/>'
    found = dynamic(tmp_path, dates, "directed", "date", "1d")
    assert (found.directed, contacts_of(found)) == (True, DAYS)
    half = '<edge source="ana" target="binh" end="40"/><edge source="ana" target="chi" start="20"/><edge source="binh" target="chi"/>'
    found = dynamic(tmp_path, half, directed=True)
    assert contacts_of(found) == [(0, "ana", "binh"), (0, "ana", "chi")]
    said = " ".join(found.notes)
    assert "from the first or to the last time" in said
    assert "Left out: 1 edges without any time" in said
    assert "directed=True does not count" in said
    from tenfold.networks.graph_files import read_graph

    assert "Times of edges are not used here; read_temporal reads them." in read_graph(tmp_path / "d.gexf").notes


@pytest.mark.parametrize(
    ("edges", "words"),
    [
        ('<edge source="ana" target="binh"/>', "its edges have no times"),
        ('<edge source="ana" target="zoe" start="1"/>', "names the node 'zoe'"),
        ('<edge source="ana" target="binh" start="5" end="1"/>', "ends at 1, before it begins at 5"),
        ('<edge source="ana" target="binh" start="x" end="y"/>', "time 0 is 'x'"),
        ('<edge source="ana" target="binh" start="1"/><edge source="ana" target="chi" start="2026-01-01"/>', "of several kinds"),
        (
            '<edge source="ana" target="binh" start="1" type="directed"/><edge source="ana" target="chi" start="2"/>',
            "some are not",
        ),
    ],
)
def test_bad_dynamic_gexf(tmp_path, edges, words):
    with pytest.raises(DataError, match=rf"d\.gexf: .*{words}"):
        dynamic(tmp_path, edges)
