"""Tables as people have them: names for ids, titles above, registers, words of many languages; each kind in several variants."""

from datetime import UTC, date, datetime

import pytest
import xlsxwriter

from tenfold.errors import DataError
from tenfold.people.readers import read_file, read_tables

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture
def workbook(tmp_path):
    def write(sheets: dict[str, list[list[object]]], merged: dict[str, list[tuple[object, ...]]] | None = None, **options):
        path = tmp_path / "w.xlsx"
        with xlsxwriter.Workbook(path, options) as book:
            for name, rows in sheets.items():
                sheet = book.add_worksheet(name)
                for k, row in enumerate(rows):
                    sheet.write_row(k, 0, row)
                for area in (merged or {}).get(name, ()):
                    sheet.merge_range(*area)
        return path

    return write


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ("Datum;Wer;Mit wem;Art;Dauer", ["time", "a", "b", "kind", "minutes"]),
        ("Date;Qui;Avec qui;Type;Durée", ["time", "a", "b", "kind", "minutes"]),
        ("Fecha;Quién;Con quién;Tipo;Duración", ["time", "a", "b", "kind", "minutes"]),
        ("Data;Quem;Com quem;Tipo;Duração (minutos)", ["time", "a", "b", "kind", "minutes"]),
        ("Data;Chi;Con chi;Tipo;Durata", ["time", "a", "b", "kind", "minutes"]),
        ("Datum;Wie;Met wie;Soort;Duur", ["time", "a", "b", "kind", "minutes"]),
        ("Data;Kto;Z kim;Rodzaj;Czas trwania", ["time", "a", "b", "kind", "minutes"]),
        ("Дата;Кто;С кем;Вид;Длительность", ["time", "a", "b", "kind", "minutes"]),
        ("Дата;Хто;З ким;Вид;Тривалість", ["time", "a", "b", "kind", "minutes"]),
        ("תאריך;מי;עם מי;סוג;משך", ["time", "a", "b", "kind", "minutes"]),
        ("التاريخ;من;مع;النوع;المدة", ["time", "a", "b", "kind", "minutes"]),
        ("Ngày;Ai;Với ai;Loại;Thời lượng", ["time", "a", "b", "kind", "minutes"]),
    ],
)
def test_headers_of_each_language(read, headers, expected):
    reading = read(f"{headers}\n2026-09-03;Ana;Binh;call;12,5\n")
    assert (reading.what, list(reading.mapping)) == ("contacts", expected)
    assert list(reading.mapping.values()) == headers.split(";")
    assert reading.frame["minutes"].to_list() == [12.5]


@pytest.mark.parametrize(
    ("header", "row", "column"),
    [
        ("Vorname\tNachname\tWohnort", "Ana\tLima\tJena", "place"),
        ("Prénom\tNom\tVille", "Ana\tLima\tLyon", "place"),
        ("Nombre\tApellidos\tCiudad", "Ana\tLima\tCádiz", "place"),
        ("Nome\tCognome\tCittà", "Ana\tLima\tBari", "place"),
        ("Imię\tNazwisko\tMiasto", "Ana\tLima\tŁódź", "place"),
        ("Фамилия\tИмя\tГород", "Lima\tAna\tКазань", "place"),
        ("Прізвище\tІм'я\tМісто", "Lima\tAna\tЛьвів", "place"),
        ("שם פרטי\tשם משפחה\tעיר", "Ana\tLima\tחיפה", "place"),
        ("Last Name\tFirst Name\tTown", "Lima\tAna\tAshford", "place"),
        ("member_last_name\tmember_first_name\tTown", "Lima\tAna\tAshford", "place"),
    ],
)
def test_first_and_last_name_make_the_name(read, header, row, column):
    reading = read(f"{header}\n{row}\n")
    assert reading.what == "people"
    assert reading.frame.select("id", "name").rows() == [("Ana Lima", "Ana Lima")]
    assert reading.made_ids
    assert column in reading.mapping


def test_a_comma_turns_a_name_around(read):
    assert read('Name,Town\n"Lima, Ana",Porto\n').frame["name"].to_list() == ["Ana Lima"]


@pytest.mark.parametrize(
    ("rows", "ids"),
    [
        ("Zoe Tran,a@x.org,\nZoe Tran,b@x.org,\n", ["Zoe Tran (a@x.org)", "Zoe Tran (b@x.org)"]),
        ("Zoe Tran,,07700 900065\nzoe  tran,,+44 7700 900765\n", ["Zoe Tran (…065)", "Zoe Tran (…765)"]),
        ("Zoe Tran,,\nZoe\u00a0Tran,,\n", ["Zoe Tran"]),
        ("Zoe Tran,a@x.org,\nZoe Tran,,5\n", ["Zoe Tran"]),
        ("Zoe Tran,,+44 7700 900065\nZoe Tran,,07700-900065\n", ["Zoe Tran"]),
    ],
)
def test_two_of_one_name_are_told_apart_or_one(read, rows, ids):
    reading = read("Name,Email,Tel\n" + rows)
    assert reading.frame["id"].to_list() == ids
    assert len(reading.understanding.questions) == (len(ids) > 1)
    assert len(reading.understanding.guesses) == (len(ids) == 1)
    other = read("Name,Email,Tel\n" + "\n".join(rows.splitlines()[::-1]) + "\n")
    assert sorted(one.casefold() for one in other.frame["id"]) == sorted(one.casefold() for one in ids)


@pytest.mark.parametrize(
    "above", ["Visits autumn 2026,,\n", "\nVisits\n\nby Joan\n", "Visits;of;us\n,\n", '"Title, with comma"\n']
)
def test_the_header_is_found_below_a_title(read, above):
    reading = read(above + "date,from,to\n2026-11-03,Ana,Binh\nsoon,Ana,Binh\n", skip_bad=True)
    assert reading.frame.select("a", "b").rows() == [("Ana", "Binh")]
    line = (above + "x").count("\n") + 1
    assert reading.understanding.heading_row == line
    with pytest.raises(DataError, match=f"row {line + 2}: time 'soon'"):
        read(above + "date,from,to\n2026-11-03,Ana,Binh\nsoon,Ana,Binh\n")


def test_every_sheet_with_a_table_is_read(workbook):
    path = workbook(
        {
            "About": [["last changed by Joan"]],
            "Calls": [["Calls of the year"], [], ["When", "Who called", "Whom"], ["2026-09-03", "Ana", "Binh"]],
            "Members": [["Full name", "Town"], ["Ana", "Porto"], ["Binh", "Huế"], ["Total", "2"]],
        }
    )
    people, calls = read_tables(path, now=NOW)
    assert (people.what, people.understanding.sheet, people.frame["name"].to_list()) == ("people", "Members", ["Ana", "Binh"])
    assert people.skipped == {"sums up the rows above": 1}
    assert (calls.what, calls.understanding.sheet, calls.understanding.heading_row) == ("contacts", "Calls", 3)


def test_a_header_of_two_rows(workbook, read):
    rows = [["Date", "Who", ""], ["", "From", "To"], ["2026-09-03", "Ana", "Binh"]]
    for reading in (read_file(workbook({"S": rows}), now=NOW), read("\n".join(",".join(row) for row in rows) + "\n")):
        assert reading.frame.select("a", "b").rows() == [("Ana", "Binh")]
        assert reading.understanding.heading_row == 2


def test_merged_cells_hold_for_all_their_rows(workbook):
    rows = [["Event", "Start", "Person"], ["", "", "Ana"], ["", "", "Binh"], ["", "", "Chi"], ["Tea", "2026-09-10", "Ana"]]
    merged = {"S": [(1, 0, 3, 0, "Supper"), (1, 1, 3, 1, "2026-09-03")]}
    frame = read_file(workbook({"S": rows}, merged), now=NOW).frame
    assert frame["event"].to_list() == ["Supper", "Supper", "Supper", "Tea"]
    assert frame["start"].dt.day().to_list() == [3, 3, 3, 10]


@pytest.mark.parametrize(("date_1904", "serial"), [(False, 46_329), (True, 44_867)])
def test_days_of_both_epochs(workbook, date_1904, serial):
    path = workbook({"S": [["time", "a", "b"], [serial, "x", "y"]]}, date_1904=date_1904)
    assert read_file(path, now=NOW).frame["time"].to_list() == [datetime(2026, 11, 3, tzinfo=UTC)]


@pytest.mark.parametrize(
    "text",
    [
        "20261103",
        "2026-11-03",
        "3 Nov 2026",
        "November 3, 2026",
        "3. November 2026",
        "3 novembre 2026",
        "3 listopada 2026",
        "3 ноября 2026",
        "3 листопада 2026",
        "3 בנובמבר 2026",
        "3 نوفمبر 2026",
        "3 tháng 11 2026",
        "Tue 3 Nov",
        "46329",
        "20261103T000000Z",
    ],
)
def test_dates_as_people_write_them(read, text):
    assert read(f"time;a;b\n{text};x;y\n").frame["time"].to_list() == [datetime(2026, 11, 3, tzinfo=UTC)]


def test_a_date_that_could_only_lie_ahead_is_the_other(read):
    reading = read("time,a,b\n12/11/2026,x,y\n")  # 11 December is still to come
    assert reading.frame["time"].to_list() == [datetime(2026, 11, 12, tzinfo=UTC)]
    assert reading.notes == ["time: read with the day first, as the other order lies in the future"]
    assert reading.understanding.date_order == "day first"


@pytest.mark.parametrize("clock", ["5:00pm", "17:00", "5 PM", "17h00", "17.00 Uhr", "5:00\u202fp.m."])
@pytest.mark.parametrize(("zone", "hour"), [(None, 17), ("Europe/Berlin", 16), ("W. Europe Standard Time", 16), ("UTC+7", 10)])
def test_date_and_clock_in_two_columns(read, clock, zone, hour):
    text = f"event_name,date,time,player_first_name,player_last_name,attendance\nPractice,2026-11-03,{clock},Ana,Le,Present\n"
    reading = read(text, timezone=zone)
    assert reading.frame.select("start", "person").rows() == [(datetime(2026, 11, 3, hour, tzinfo=UTC), "Ana Le")]
    assert reading.mapping["start"] == "date + time"


@pytest.mark.parametrize(
    ("header", "text", "minutes"),
    [
        ("Duration", "1h 18m 58s", 78 + 58 / 60),
        ("Duration", "1:18:58", 78 + 58 / 60),
        ("Duration", "78 min", 78),
        ("Dauer", "1 Std. 18 Min.", 78),
        ("Durée", "1 h 18 min", 78),
        ("Длительность", "1 ч 18 мин", 78),
        ("Duration (seconds)", "90", 1.5),
        ("Duration (hours)", "1.5", 90),
        ("Duration", "PT1H18M", 78),
        ("Minutes", "78", 78),
        ("Thời lượng", "1 giờ 18 phút", 78),
    ],
)
def test_lengths_of_time(read, header, text, minutes):
    assert read(f"time;a;b;{header}\n2026-01-02;x;y;{text}\n").frame["minutes"].to_list() == [pytest.approx(minutes)]


@pytest.mark.parametrize(
    "header", ["date,time,from,to", "from,to,time,date", "Datum,Uhrzeit,Von,An", "Date,Heure,De,À", "Fecha,Hora,De,A"]
)
def test_contacts_with_a_clock_beside_the_date(read, header):
    cells = {
        "date": "2026-11-03",
        "datum": "2026-11-03",
        "time": "5pm",
        "uhrzeit": "17:00",
        "heure": "17h00",
        "fecha": "2026-11-03",
        "hora": "17:00",
    }
    others = {"from": "Ana", "von": "Ana", "de": "Ana", "to": "Binh", "an": "Binh", "à": "Binh", "a": "Binh"}
    row = ",".join((cells | others)[one.lower()] for one in header.split(","))
    frame = read(f"{header}\n{row}\n").frame
    assert frame.select("time", "a", "b").rows() == [(datetime(2026, 11, 3, 17, tzinfo=UTC), "Ana", "Binh")]


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ("id,call_date,caller_id,callee_id", "1,2026-11-03,Ana,Binh\n2,2026-11-04,Ana,Chi\n"),
        ("ID;Callee Name;Caller Name;Date", "7;Binh;Ana;2026-11-03\n8;Chi;Ana;2026-11-04\n"),
        ("No,When,Visited,Visitor", "7,2026-11-03,Binh,Ana\n8,2026-11-04,Chi,Ana\n"),
        ("id,date,from,to", "7,2026-11-03,Ana,Binh\n8,2026-11-04,Ana,Chi\n"),
    ],
)
def test_a_table_of_calls_with_ids_is_contacts(read, header, rows):
    reading = read(f"{header}\n{rows}")
    assert reading.what == "contacts"
    assert sorted(reading.frame.select("a", "b").rows()) == [("Ana", "Binh"), ("Ana", "Chi")]


INVISIBLE = [
    "Ana\u200bLe",
    "Ana Le\u200d",
    "\u200eAna Le",
    "\ufeffAna Le",
    "Ana\u202fLe",
    "Ana\u00ad Le",
    "\u202bAna Le\u202c",
    "Ana\u00a0Le",
    "Ana\u2060 Le",
    "\uff21na Le",
    "ANA LE",
    "Ana  Le",
    "\u2068Ana Le\u2069",
    "Ana\u3000Le",
]


def test_invisible_characters_make_nobody_else(read):
    rows = "".join(f'2026-11-{k + 1:02},Binh,"{name}"\n' for k, name in enumerate(["Ana Le", *INVISIBLE]))
    assert read("time,a,b\n" + rows).frame["b"].unique().to_list() == ["Ana Le"]


@pytest.mark.parametrize(
    ("cell", "people"),
    [
        ("Ana | Binh", 2),
        ("Ana; Binh ;Ana", 2),
        ("Ana Le, Binh Vo", 2),
        ("Ana Le/Binh Vo", 2),
        ("Le, Ana", 1),
        ("Chi, Ana", 2),
        ("Ana, Binh, Dao", 3),
    ],
)
def test_several_people_in_a_cell(read, cell, people):
    frame = read(f'time,a,b\n2026-11-03,Eve,"{cell}"\n2026-11-03,Eve,Chi\n').frame
    assert frame.height == people + 1


def test_languages_and_zones_by_any_name(read):
    text = "name;language;timezone\nAna;EN, vietnamesisch/pt-BR;W. Europe Standard Time\n"
    text += "Binh;польский | עברית;UTC+7\nChi;Tlhingan;Asia/Tokyo\n"
    frame = read(text).frame
    assert frame["language"].to_list() == ["English|Vietnamese|Portuguese", "Polish|Hebrew", "Tlhingan"]
    assert frame["timezone"].to_list() == ["Europe/Berlin", "Etc/GMT-7", "Asia/Tokyo"]


def test_a_form_is_a_list_of_people(read):
    text = "Timestamp,Email Address,What is your full name?,Which town do you live in?,Would you host a group?\n"
    reading = read(text + "10/17/2026 15:56:34,m@x.org,Mei Silva,Ashford,Yes\n")
    assert reading.frame.select("id", "email", "place").rows() == [("Mei Silva", "m@x.org", "Ashford")]
    assert reading.understanding.unused == ["Timestamp", "Would you host a group?"]
    assert "'Which town do you live in?' is taken for place" in reading.understanding.guesses


@pytest.mark.parametrize("header", ["Emergency contact name", "Mother's email", "Date of birth", "Last modified"])
def test_what_belongs_to_somebody_else_is_not_used(read, header):
    assert read(f"Member,{header}\nAna,Binh\n").understanding.unused == [header]


def test_a_joining_day_that_is_none_stays_empty(read):
    reading = read("Name,Joined on\nAna,2020\nBinh,31/12/2019\n")
    assert reading.frame["joined"].to_list() == [None, date(2019, 12, 31)]
    assert reading.understanding.guesses == ("joined: 1 cells are no date and stay empty: '2020'",)


def test_unknown_columns_are_refused_with_what_they_could_be(read):
    text = "Aika;Kuka;Kenen kanssa\n2026-09-03;Ana;Binh\n"
    with pytest.raises(
        DataError, match="none of its columns is known: 'Aika' holds times \\(time, start or joined\\), 'Kuka' holds names"
    ):
        read(text)
    assert read(text, mapping={"Aika": "time", "Kuka": "a", "Kenen kanssa": "b"}).frame.height == 1


def test_a_table_with_a_header_of_its_own_may_be_empty(read):
    reading = read("time,a,b,kind,minutes,group,source\n")
    assert (reading.what, reading.frame.height, reading.notes) == ("contacts", 0, ["has a header and no rows"])


def test_text_of_windows_is_read_and_said(tmp_path):
    path = tmp_path / "c.csv"
    path.write_bytes("When;Who;Whom\n2026-09-03;Jörg Müller;José\n".encode("cp1252"))
    reading = read_file(path, now=NOW)
    assert reading.frame["b"].to_list() == ["José"]
    assert reading.understanding.guesses == ("encoding: cp1252, such as 'Jörg'",)
    path.write_bytes("Когда;Кто;Кому\n2026-09-03;Анна;Олег\n".encode("cp1251"))
    with pytest.raises(DataError, match="is not UTF-8"):
        read_file(path, now=NOW)


def test_locks_are_no_people(read):
    with pytest.raises(DataError, match=r"is a file of locks; .* tenfold plan --locks"):
        read("rule,person,with\nin,Ana,3\n")


@pytest.mark.parametrize("days", [1e300, -1e300, 1e18])
def test_a_date_that_no_calendar_holds_in_a_workbook(tmp_path, days):
    path = tmp_path / "calls.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, as_date = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["time", "a", "b"])
        sheet.write_row(1, 1, ["Ana", "Binh"])
        sheet.write_number(1, 0, days, as_date)
    with pytest.raises(DataError, match=r"calls\.xlsx") as told:
        read_file(path)
    assert "\n" not in str(told.value)
