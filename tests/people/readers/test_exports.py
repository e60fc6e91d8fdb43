"""Exports of programs: recognised by their content, and read to contacts and attendance without the text of a message."""

import io
import json
import tarfile
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from made_up_exports import CALENDAR, DISCOURSE, MARKER, MBOX, mattermost, slack, telegram, whatsapp, zipped, zulip
from tenfold.errors import DataError
from tenfold.people.readers import read_tables

NOW = datetime(2026, 11, 27, tzinfo=UTC)


@pytest.fixture
def read(tmp_path):
    def command(name: str, content: str | bytes, **options):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_tables(path, now=NOW, **options)

    return command


def test_slack_has_contacts_of_each_kind(read):
    contacts, people = read("whatever.zip", slack())
    assert contacts.frame.select("a", "b", "kind", "group").sort("kind").rows() == [
        ("Ana Lima", "Chi Ho", "direct message", None),
        ("Chi Ho", "Binh Vo", "mention", "#general"),
        ("Chi Ho", "Ana Lima", "reaction", "#general"),
        ("Binh Vo", "Ana Lima", "reply", "#general"),
    ]
    assert contacts.frame["time"].min() == datetime(2026, 9, 21, 14, 13, 20, 100, tzinfo=UTC)
    assert contacts.skipped == {"notices and messages of bots": 1}
    assert people.frame.select("name", "email").rows() == [
        ("Ana Lima", "u0@x.org"),
        ("Binh Vo", "u1@x.org"),
        ("Chi Ho", "u2@x.org"),
    ]


@pytest.mark.parametrize("name", ["../users.json", "/users.json", "a/../../users.json", "C:/users.json"])
def test_a_path_out_of_an_archive_is_refused(read, name):
    with pytest.raises(DataError, match="has a path that leads out of the archive"):
        read("s.zip", zipped({name: [], "channels.json": [], "users.json": []}))


@pytest.mark.parametrize("form", ["android", "ios", "american", "dotted"])
def test_whatsapp_of_a_group(read, form):
    (table,) = read("WhatsApp Chat with Tuesday.txt", whatsapp(["Ana", "Binh", "+84 91 234"], form=form))
    assert table.what == "attendance"
    assert table.frame.height == 60
    assert table.frame["event"].unique().to_list() == ["Tuesday (chat)"]
    assert table.frame["start"].dt.day().unique().sort().to_list() == list(range(1, 21))
    assert table.frame["start"].dt.month().unique().to_list() == [9]
    assert table.skipped == {"notices of the chat": 1}


def test_whatsapp_of_two_is_contacts(read):
    (table,) = read("_chat.txt", whatsapp(["Ana", "Binh"]))
    assert table.what == "contacts"
    assert table.frame.select("a", "b", "kind").unique().sort("a").rows() == [
        ("Ana", "Binh", "message"),
        ("Binh", "Ana", "message"),
    ]


def test_whatsapp_of_days_that_may_be_months_is_asked(read):
    with pytest.raises(DataError, match="may be day/month or month/day, and no message decides; say --dayfirst"):
        read("_chat.txt", whatsapp(["Ana", "Binh"], days=8))
    (table,) = read("_chat.txt", whatsapp(["Ana", "Binh"], days=8), dayfirst=True)
    assert table.frame["time"].dt.month().unique().to_list() == [9]


def test_a_calendar_has_who_accepted(read):
    (table,) = read("any.ics", CALENDAR)
    assert table.frame.select("event", "start", "person", "minutes").rows() == [
        ("Supper", datetime(2026, 10, 20, 16, tzinfo=UTC), "Ana Lima", 90.0),
        (
            "Supper",
            datetime(2026, 11, 3, 17, tzinfo=UTC),
            "Ana Lima",
            90.0,
        ),  # 18:00 in Berlin before and after the change of clocks
    ]
    assert table.understanding.status_line() == "there: ACCEPTED 2; not there: NEEDS-ACTION 2, TENTATIVE 2"
    assert {"cancelled events": 1, "events to come": 1}.items() <= table.skipped.items()
    assert "who accepted is taken to have come" in table.understanding.guesses


ZOOM = (
    "\ufeffMeeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants\n"
    "111 222,Supper,10/27/2026 07:00:00 PM,10/27/2026 08:00:00 PM,h@x.org,61,2\n\n"
    "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest\n"
    "Ana Lima (Ana),ana@x.org,10/27/2026 07:01:00 PM,10/27/2026 07:21:00 PM,20,No\n"
    "Ana Lima (Ana),ana@x.org,10/27/2026 07:30:00 PM,10/27/2026 08:00:00 PM,30,No\n"
    "Binh Vo,,10/27/2026 07:02:00 PM,10/27/2026 07:42:00 PM,40,Yes\n"
)
TEAMS = (
    "1. Zusammenfassung\nBesprechungstitel\tSupper\nTeilnehmende\t2\nStartzeit\t27.10.26, 19:00:00\nEndzeit\t27.10.26, 20:00:00\n\n"
    "2. Teilnehmende\nName\tErster Beitritt\tLetztes Verlassen\tBesprechungsdauer\tE-Mail\tRolle\n"
    "Ana Lima\t27.10.26, 19:01:00\t27.10.26, 20:00:00\t50 Min. 0 Sek.\tana@x.org\tOrganisator\n"
    "Binh Vo\t27.10.26, 19:02:00\t27.10.26, 19:42:00\t40 Min.\t\tReferent\n\n"
    "3. Aktivitäten\nName\tBeitrittszeit\tAustrittszeit\tDauer\n"
    "Ana Lima\t27.10.26, 19:01:00\t27.10.26, 19:21:00\t20 Min.\nAna Lima\t27.10.26, 19:30:00\t27.10.26, 20:00:00\t30 Min.\n"
)
MEET = "First name,Last name,Email,Duration,Time joined,Time exited\n"
MEET += "Ana,Lima,ana@x.org,50 min,7:00 PM,8:00 PM\nBinh,Vo,,40 min,7:02 PM,7:42 PM\n"
FLAT = (
    "Topic;Start Time;Name;User Email;Join Time;Leave Time;Duration (Minutes)\n"
    "Supper;2026-10-27 19:00;Ana Lima;ana@x.org;2026-10-27 19:01;2026-10-27 19:21;0:20:00\n"
    "Supper;2026-10-27 19:00;Ana Lima;ana@x.org;2026-10-27 19:30;2026-10-27 20:00;0:30:00\n"
    "Supper;2026-10-27 19:00;Binh Vo;;2026-10-27 19:02;2026-10-27 19:42;40 min\n"
)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("zoom.csv", ZOOM.encode()),
        ("teams.csv", TEAMS.encode("utf-16")),
        ("2026-10-27 19_00 Supper - Attendance Report.csv", MEET.encode()),
        ("flat.csv", FLAT.encode()),
    ],
)
def test_meetings_of_each_program_are_the_same(read, name, content):
    (table,) = read(name, content)
    start = datetime(2026, 10, 27, 19, tzinfo=UTC)
    assert table.frame.select("event", "start", "person", "minutes").rows() == [
        ("Supper", start, "Ana Lima", 50.0),
        ("Supper", start, "Binh Vo", 40.0),
    ]
    assert table.named.rows() == [("Ana Lima", "Ana Lima", "ana@x.org"), ("Binh Vo", "Binh Vo", None)]


def test_a_meeting_without_a_day_asks_for_one(read):
    with pytest.raises(DataError, match="the times of joining have no day, and neither has the name of the file"):
        read("report.csv", MEET)


def contacts(tables) -> list[tuple[str, str, str]]:
    (table,) = (one for one in tables if one.what == "contacts")
    assert table.frame["time"].dt.truncate("1h").unique().to_list() == [datetime(2026, 9, 21, 14, tzinfo=UTC)]
    return sorted(table.frame.select("a", "b", "kind").rows())


def test_telegram(read):
    tables = read("result.json", telegram())
    assert contacts(tables) == [
        ("Ana Lima", "Chi Ho", "message"),
        ("Binh Vo", "Ana Lima", "reply"),
        ("Chi Ho", "Ana Lima", "message"),
        ("Chi Ho", "Ana Lima", "reaction"),
        ("Chi Ho", "Binh Vo", "mention"),
    ]
    (group,) = (one for one in tables if one.what == "attendance")
    assert group.frame.select("event", "person").rows() == [
        ("Tuesday (chat)", name) for name in ("Ana Lima", "Binh Vo", "Chi Ho")
    ]


def test_mattermost(read):
    tables = read("export.jsonl", mattermost())
    assert contacts(tables) == [
        ("Ana Lima", "Chi Ho", "mention"),
        ("Binh Vo", "Ana Lima", "reply"),
        ("Chi Ho", "Ana Lima", "direct message"),
        ("Chi Ho", "Ana Lima", "reaction"),
    ]
    assert tables[-1].frame["email"].to_list() == ["A@x.org", "B@x.org", "C@x.org"]


def tarred(files: dict[str, object], link: str | None = None) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as packed:
        for name, content in files.items():
            text = json.dumps(content).encode()
            info = tarfile.TarInfo(name)
            info.size = len(text)
            packed.addfile(info, io.BytesIO(text))
        if link is not None:
            info = tarfile.TarInfo("realm.json")
            info.type, info.linkname = tarfile.SYMTYPE, link
            packed.addfile(info)
    return data.getvalue()


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_zulip(read, pack):
    tables = read("zulip.tar.gz", pack(zulip()))
    assert contacts(tables) == [("Ana Lima", "Chi Ho", "direct message"), ("Binh Vo", "Ana Lima", "reply")]
    assert tables[0].skipped == {"notices and messages of bots": 1, "messages to nobody in particular": 1}


def test_a_link_in_an_archive_is_refused(read):
    with pytest.raises(DataError, match=r"'realm\.json' is a link"):
        read("z.tar.gz", tarred({"messages-000001.json": {}}, link="/etc/passwd"))


def test_a_mailbox(read):
    (table,) = read("list.mbox", MBOX)
    assert sorted(table.frame.select("a", "b", "kind").rows()) == [
        ("Ana Lima", "Binh Vo", "mail"),
        ("Ana Lima", "Chi Ho", "mail"),  # whose name a later mail has
        ("Binh Vo", "Ana Lima", "reply"),
    ]
    assert table.skipped == {"mails to more than 10": 1}
    assert ("Ana Lima", "Ana Lima", "ana@x.org") in table.named.rows()


def test_posts_of_discourse(read):
    tables = read("query.csv", DISCOURSE)
    assert contacts(tables) == [("binh", "ana", "answer"), ("chi", "binh", "reply")]


MESSAGES = {
    "s.zip": slack(),
    "_chat.txt": whatsapp(["Ana", "Binh"]),
    "c.ics": CALENDAR,
    "t.json": telegram(),
    "m.jsonl": mattermost(),
    "z.tar.gz": tarred(zulip()),
    "l.mbox": MBOX,
    "d.csv": DISCOURSE,
}


@pytest.mark.parametrize(("name", "content"), MESSAGES.items(), ids=MESSAGES)
def test_no_text_of_a_message_is_left(read, name, content):
    for table in read(name, content):
        assert table.frame.height
        assert MARKER not in str(table.frame.to_dicts()) + str(table)


@pytest.mark.parametrize(("name", "content"), MESSAGES.items(), ids=MESSAGES)
def test_an_export_that_is_cut_off_is_one_line(read, name, content):
    data = content.encode() if isinstance(content, str) else content
    for share in (0.1, 0.5, 0.9):
        said = name
        try:
            read(name, data[: int(len(data) * share)])
        except DataError as error:
            said = str(error)
        assert said.startswith(name)
        assert said.isprintable()


JUNK = [
    b"",
    b'"',
    b"\x00",
    b",",
    b"\n",
    b"{",
    b"[",
    b"-1",
    b"9" * 30,
    b"null",
    b"1e999",
    "\u202e".encode(),
    b"\\ud800",
    b"2026-99-99",
    b"12:99 PM",
]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(sorted(MESSAGES)),
    edits=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 30), st.sampled_from(JUNK)), min_size=1, max_size=5),
)
def test_an_export_that_is_damaged_is_one_line_or_read(read, name, edits):
    content = MESSAGES[name]
    data = bytearray(content.encode() if isinstance(content, str) else content)
    for share, length, junk in edits:
        at = int(share * len(data))
        data[at : at + length] = junk
    said = name
    try:
        read(name, bytes(data), skip_bad=True)
    except DataError as error:
        said = str(error)
    assert said.startswith(name)
    assert said.isprintable()
