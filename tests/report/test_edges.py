"""What a real plan seldom holds: nothing at all, very many, names that break lines, a plan that does not win."""

import os
import re
import time
from datetime import date, datetime

import polars as pl
import pytest
from icalendar import Calendar

from tenfold.report import figures
from tenfold.report.bond_map import bond_map, strongest_links
from tenfold.report.calendar import calendars
from tenfold.report.outputs import write_outputs
from tenfold.report.page import page
from tenfold.report.safe import file_name, one_line
from tenfold.report.sections import circle_cards, comparison, rules_not_met, week
from tenfold.report.words import count, day, one_or_more

from .factory import AT, NAMES, make_sources


@pytest.fixture(scope="module")
def sources():
    return make_sources()


@pytest.fixture(scope="module")
def html(sources) -> str:
    return page(sources)


@pytest.fixture(scope="module")
def dates(sources) -> dict[str, bytes]:
    return dict(calendars(sources))


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html[html.index("<main") :]))


def test_all_is_written_when_there_is_nothing_to_show(tmp_path):
    sources = make_sources(empty=True)
    written = write_outputs(tmp_path, sources)
    assert written[-1].name == "plan.html"
    assert len(written) == 2 + len(sources.tables) + 4 + 40
    text = words_of(written[-1].read_text(encoding="utf-8"))
    for words in ("Nothing is due this week", "everybody on the list has a bond on record", "None: every rule is met", "Nobody."):
        assert words in text


def test_a_block_for_each_carer_and_one_for_single_contacts(sources):
    cards, shown = week(sources, 10_000)
    assert shown == sources.plan.this_week.height == 24
    assert [(card["circle"], card["count"], len(card["blocks"]), len(card["single"])) for card in cards][:2] == [
        (1, "6 contacts", 1, 1),
        (2, "6 contacts", 1, 1),
    ]
    block = cards[0]["blocks"][0]
    assert (block["who"], block["role"], block["count"]) == ("p00000", "mentor", "5 contacts")
    assert block["tasks"][0]["day"] == "Tue 3 Mar"
    assert len(week(sources, 7)[0]) == 1


def test_circles_name_their_bridges_from_both_sides(sources):
    cards = circle_cards(sources, 100)
    assert [(link["to"], link["ours"], link["theirs"], link["exists"]) for link in cards[1]["links"]] == [
        ("1.1", "p00014", "p00003", False),
        ("1.3", "p00013", "p00024", True),
    ]
    assert len(circle_cards(sources, 2)) == 2


def test_the_summary_says_what_the_plan_changes(html):
    assert "Of 32 people in touch today, 25 would be in 12 weeks if nobody did anything; with this plan, 30." in words_of(html)
    assert "1 of these 2 numbers comes from your own community" in words_of(html)


def test_intervals_are_told_in_words(sources):
    rows = comparison(sources.plan.comparison)
    assert {row["baseline"]: row["words"] for row in rows if row["measure"].startswith("people")} == {
        "nothing": "plan better",
        "random pairing": "plan better",
        "round-robin": "no clear difference",
    }
    share = next(row for row in rows if "strength" in row["measure"])
    assert (share["plan"], share["difference"], share["interval"]) == ("60.0 %", "+50.0 points", "40.0 to 60.0")


def test_rules_name_circles_as_the_page_does(sources, html):
    assert rules_not_met(sources, 10)[0]["rows"][0]["who"] == "circle 1.2"
    assert "&lt;b&gt;Ana&lt;/b&gt; does not speak it" in html


def test_a_plan_that_does_not_win_says_so_even_without_words():
    html = page(make_sources(wins=False))
    assert html.index("does not win") < html.index('<ul class="facts">')
    assert "keeps more people than doing nothing" not in html


def test_a_large_community_keeps_the_page_small():
    sources = make_sources(3000)
    html = page(sources)
    assert len(html.encode()) < 6_000_000
    assert "the rest is in <code>csv/circles.csv</code>" in html
    drawn = bond_map(sources)
    assert "share of people who are kept" in drawn
    assert drawn.count("<path") < 3000
    links = strongest_links(sources, 12)
    strengths = [link["strength"] for link in links]
    assert len(links) == 12
    assert strengths == sorted(strengths, reverse=True)


def test_the_strongest_links_are_those_of_the_bonds(sources):
    circle = dict(sources.plan.circles.select("person", "circle").iter_rows())
    found: dict[tuple[int, int], float] = {}
    for a, b, strength, standing in sources.bonds.select("a", "b", "strength", "standing").iter_rows():
        pair = (min(circle[a], circle[b]), max(circle[a], circle[b]))
        if standing != "lost" and pair[0] != pair[1]:
            found[pair] = found.get(pair, 0.0) + strength
    links = {(link["one"], link["two"]): link["strength"] for link in strongest_links(sources, 100)}
    assert links == pytest.approx(found)


def test_every_figure_names_its_lines_and_points(sources):
    drawn = figures.forecast_chart(sources, "people", "People in touch")
    assert ">with the plan</text>" in drawn
    assert ">without a plan</text>" in drawn
    assert "After 12 weeks: 25 without a plan, 30 with the plan." in drawn
    assert ">+7.0</text>" in figures.comparison_chart(sources)
    assert "http" not in re.sub(r'xmlns(:\w+)?="[^"]+"', "", drawn)


def test_calendars_hold_names_that_break_lines(sources, dates):
    assert len(dates) == 44
    for name, data in dates.items():
        calendar = Calendar.from_ical(data)
        events = calendar.walk("VEVENT")
        assert events, f"{name}: a calendar without an event is not valid"
        assert len({str(event["UID"]) for event in events}) == len(events)
        assert all(event["DTSTAMP"].dt == AT for event in events)
        assert max(len(line) for line in data.split(b"\r\n")) <= 75
    broken = Calendar.from_ical(dates[f"person-{file_name('p00006')}.ics"])
    assert str(broken["X-WR-CALNAME"]) == r"Spring <retreat>: Line break\, comma\; semicolon"


def test_meetings_with_and_without_an_hour(dates):
    known = Calendar.from_ical(dates["circle-2.ics"]).walk("VEVENT")[0]
    assert known["DTSTART"].dt.replace(tzinfo=None) == datetime(2026, 3, 3, 18)
    unknown = Calendar.from_ical(dates["circle-1.ics"]).walk("VEVENT")[0]
    assert unknown["DTSTART"].dt == date(2026, 3, 9)
    assert "agree on an hour" in str(unknown["SUMMARY"])
    for event in (known, unknown):
        assert event["RRULE"]["FREQ"] == ["WEEKLY"]
        assert event["RRULE"]["COUNT"] == [12]


def test_a_contact_that_moves_to_another_day_keeps_its_uid(sources, dates):
    later = sources.plan.this_week.with_columns(pl.col("due") + pl.duration(days=7))
    moved = dict(calendars(make_sources(this_week=later)))
    name = f"person-{file_name('p00000')}.ics"
    before, after = (
        {str(event["UID"]): event["DTSTART"].dt for event in Calendar.from_ical(data).walk("VEVENT")}
        for data in (dates[name], moved[name])
    )
    assert before.keys() == after.keys()
    assert sum(before[uid] != after[uid] for uid in before) == 5


def test_what_a_killed_run_left_is_swept_away_when_it_is_old(sources, tmp_path):
    for name in (".fresh-1", ".fresh-2"):
        (tmp_path / name / "csv").mkdir(parents=True)
        (tmp_path / name / "csv" / "half.csv").write_text("half")
    long_ago = time.time() - 7200
    os.utime(tmp_path / ".fresh-1", (long_ago, long_ago))
    write_outputs(tmp_path, sources)
    assert {path.name for path in tmp_path.iterdir()} == {"plan.html", "plan.xlsx", "csv", "calendar", ".fresh-2"}


def test_every_name_is_on_the_page_and_none_is_markup(html):
    assert "<script" not in html
    assert "onmouseover='" not in html
    assert "x" * 300 in html
    for name in NAMES[2:4]:
        assert f'<bdi dir="auto">{name}</bdi>' in html


def test_nothing_closed_is_left_out_on_paper(html):
    style = html[html.index("<style>") : html.index("</style>")]
    paper = style[style.index("@media print") :]
    assert "details::details-content { content-visibility: visible" in paper
    assert "size: A4" in paper
    assert re.search(r"h2 \{ break-before: page", paper)


@pytest.mark.parametrize(
    ("text", "line"), [("a\nb", "a b"), ("\ta\r\n\x00b ", "a b"), ("a\u2028b", "a b"), ("مريم عبد", "مريم عبد"), ("", "")]
)
def test_one_line(text, line):
    assert one_line(text) == line


def test_words():
    assert [day(date(2026, 1, 1)), count(1234.5), one_or_more(0, "rule")] == ["Thu 1 Jan", "1,234", "0 rules"]
