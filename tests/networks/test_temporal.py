"""Contacts in windows of time."""

from collections import Counter
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
