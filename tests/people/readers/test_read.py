"""What people really have: tables and traces in many shapes, read into the same frames."""

import gzip
import unicodedata
from datetime import UTC, date, datetime

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenfold.errors import DataError
from tenfold.people.names import name_key
from tenfold.people.readers import read_contacts, read_file, read_people

NOW = datetime(2026, 6, 1, tzinfo=UTC)
PEOPLE = "id,Full Name,E-mail,Languages,Time zone,Town,Joined on,Mentor,capacity,Availability\n"
PEOPLE += "1,Ana Lima,ana@example.org,pt|en,Europe/Lisbon,Porto,2025-01-31,yes,8,Mon-Fri 18-22\n2,دانا,,he,,,,,,\n"
CONTACTS = "time,a,b,kind,minutes\n2026-03-01 18:30,1,2,call,20\n2026-03-02T08:00:00+02:00,2,1,message,\n"


@pytest.fixture
def put(tmp_path):
    def write(name: str, content: str | bytes):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def test_people_with_loose_headers(put):
    table = read_people(put("p.csv", PEOPLE)).table
    assert table["name"].to_list() == ["Ana Lima", "دانا"]
    assert table.row(0, named=True) == {
        "id": "1",
        "name": "Ana Lima",
        "aliases": None,
        "email": "ana@example.org",
        "language": "Portuguese|English",
        "timezone": "Europe/Lisbon",
        "place": "Porto",
        "joined": date(2025, 1, 31),
        "role": None,
        "can_mentor": True,
        "capacity": 8,
        "degree": None,
        "availability": "Mon-Fri 18-22",
        "paused_until": None,
        "consent": None,
    }


def test_contacts_with_zones_and_blanks(put):
    reading = read_file(put("c.csv", CONTACTS), now=NOW)
    assert reading.what == "contacts"
    assert reading.frame["time"].to_list() == [datetime(2026, 3, 1, 18, 30, tzinfo=UTC), datetime(2026, 3, 2, 6, tzinfo=UTC)]
    assert reading.frame["minutes"].to_list() == [20.0, None]
    assert (reading.read, reading.skipped, reading.mapping["a"]) == (2, {}, "a")
    assert reading.preview.height == 2


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("packed", [False, True])
def test_any_delimiter_encoding_and_packing(put, delimiter, encoding, packed):
    data = PEOPLE.replace(",", delimiter).encode(encoding)
    path = put("p.csv.gz" if packed else "p.csv", gzip.compress(data) if packed else data)
    assert read_people(path).table["name"].to_list() == ["Ana Lima", "دانا"]


def test_named_encoding(put):
    path = put("p.csv", "id,name\n1,Имя\n".encode("cp1251"))
    with pytest.raises(DataError, match=r"p.csv: byte 11 \(0xc8, in line 2\) is not UTF-8; .* --encoding cp1252"):
        read_people(path)
    assert read_people(path, encoding="cp1251").table["name"].to_list() == ["Имя"]


def test_xlsx_and_parquet_hold_the_same(put, tmp_path):
    csv = read_file(put("c.csv", CONTACTS), now=NOW).frame
    pl.read_csv(tmp_path / "c.csv").write_excel(tmp_path / "text.xlsx")
    csv.with_columns(pl.col("time").dt.replace_time_zone(None)).write_excel(tmp_path / "typed.xlsx")
    csv.write_parquet(tmp_path / "c.parquet")
    for name in ("text.xlsx", "typed.xlsx", "c.parquet"):
        reading = read_file(tmp_path / name, now=NOW)
        assert reading.frame.to_dicts() == csv.to_dicts(), name
        assert reading.format == ("Parquet" if name.endswith("parquet") else "XLSX")


def test_several_recipients_and_repeats(put):
    frame = read_file(put("c.csv", "when,from,to\n2026-01-02,ana,binh| chi |ana2\n2026-01-02,ana,binh\n"), now=NOW).frame
    assert frame.select("a", "b").rows() == [("ana", "binh"), ("ana", "chi"), ("ana", "ana2"), ("ana", "binh")]


def test_attendance_stays_gatherings(put):
    rows = "event,start,participant,status\n"
    rows += "".join(f"Tea,2026-01-02 10:00,{one}\n" for one in ("ana,", "binh,attended", "chi,no-show"))
    path = put("a.csv", rows + "Tea,2026-01-09 10:00,ana,\n")
    contacts = read_contacts(path)
    assert len(contacts) == 0
    assert contacts.gatherings.group_by("gathering").len().sort("gathering")["len"].to_list() == [2, 1]
    assert read_file(path, now=NOW).skipped == {"did not attend": 1}


def test_mapping_wins(put):
    path = put("c.csv", "Wann,Wer,Mit wem,time\n2026-01-02,ana,binh,x\n")
    frame = read_file(path, mapping={"Wann": "time", "wer": "a", "Mit wem": "b"}, now=NOW).frame
    assert frame.select("a", "b").rows() == [("ana", "binh")]


@pytest.mark.parametrize(
    ("texts", "dayfirst", "expected"),
    [
        (["25/03/2026", "04/03/2026"], None, [(3, 25), (3, 4)]),
        (["03/25/26", "03/04/26"], None, [(3, 25), (3, 4)]),
        (["3.4.2026 18:30"], True, [(4, 3)]),
        (["3/4/2026 6:30 pm"], False, [(3, 4)]),
        (["4/4/2026"], None, [(4, 4)]),
        (["2026/3/4", "2026-03-05"], None, [(3, 4), (3, 5)]),
        (["1767312000", "1767312000000"], None, [(1, 2), (1, 2)]),
    ],
)
def test_dates(put, texts, dayfirst, expected):
    path = put("c.csv", "time,a,b\n" + "".join(f"{text},x,y\n" for text in texts))
    times = read_file(path, dayfirst=dayfirst, now=NOW).frame["time"]
    assert [(one.month, one.day) for one in times] == expected


def test_hours_of_half_days(put):
    path = put(
        "c.csv", "time,a,b\n13/2/2026 12:15 am,x,y\n13/2/2026 12:15 pm,x,y\n13/2/2026 1:15 PM,x,y\n13/2/2026 23:15:30,x,y\n"
    )
    assert [str(one.time()) for one in read_file(path, now=NOW).frame["time"]] == ["00:15:00", "12:15:00", "13:15:00", "23:15:30"]


def test_traces(put):
    tij = put("t.dat", "20\t1\t2\tA\tB\n40\t2\t3\tA\tA\n40\t3\t3\tA\tA\n")
    snap = put("s.txt", "# comment\n1 2 1082040961\n3 4 1082155839\n5 2 1082414391\n")
    reading = read_file(tij)
    assert (reading.format, reading.read, reading.skipped) == ("SocioPatterns t i j", 3, {"with oneself": 1})
    assert reading.frame.select("a", "b").rows() == [("1", "2"), ("2", "3")]
    assert read_file(snap).format == "SNAP i j t"
    assert read_file(snap).frame["time"].dt.year().to_list() == [2004] * 3
    both = put("u.txt", "1 2 3\n4 5 6\n7 8 9\n")
    with pytest.raises(DataError, match="Say --format sociopatterns or --format snap"):
        read_file(both)
    assert read_file(both, format="snap").frame["a"].to_list() == ["1", "4", "7"]


@pytest.mark.parametrize(
    ("name", "rows", "people"),
    [
        ("contacts/sfhh_conference.tij.dat.gz", 70_261, 403),
        ("contacts/invs13_workplace.tij.dat.gz", 9_827, 92),
        ("messages/collegemsg.txt.gz", 59_835, 1_899),
    ],
)
def test_real_traces(shared_data, name, rows, people):
    contacts = read_contacts(shared_data / name)
    assert (len(contacts), len(contacts.people())) == (rows, people)


def test_skip_bad_counts_each_reason(put):
    text = "time,a,b,minutes\n2026-01-01,a,b,5\nsoon,a,b,5\n2026-01-01,a,a,5\n2026-01-01,a,b,-1\n2030-01-01,a,b,1\n,a,b,1\n"
    reading = read_file(put("c.csv", text), skip_bad=True, now=NOW)
    assert reading.frame.height == 1
    assert reading.read == 6
    assert reading.skipped == {
        "time is empty": 1,
        "time is no date": 1,
        "time is in the future": 1,
        "minutes is negative": 1,
        "a is in contact with oneself": 1,
    }


NAME = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "S", "Pc"), exclude_characters="|ㅤﾠᅟᅠ"),
    min_size=1,
    max_size=12,
).map(lambda text: unicodedata.normalize("NFC", text))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(st.datetimes(datetime(1990, 1, 1), datetime(2026, 5, 1)), NAME, NAME), min_size=1, max_size=20),
    tab=st.booleans(),
)
def test_what_is_written_is_read(tmp_path, rows, tab):
    rows = [(time.replace(microsecond=0), a.strip() or "x", b.strip() or "y") for time, a, b in rows]
    rows = [(time, a, b) for time, a, b in rows if name_key(a) != name_key(b)] or [(datetime(2000, 1, 1), "x", "y")]
    path = tmp_path / "c.csv"
    pl.DataFrame(rows, schema=["time", "a", "b"], orient="row").write_csv(
        path, separator="\t" if tab else ",", quote_style="always"
    )
    frame = read_file(path, now=NOW).frame
    found = [(name_key(a), name_key(b)) for a, b in frame.select("a", "b").rows()]
    assert found == [(name_key(a), name_key(b)) for _, a, b in rows]
    assert [one.replace(tzinfo=None) for one in frame["time"]] == [time for time, _, _ in rows]
