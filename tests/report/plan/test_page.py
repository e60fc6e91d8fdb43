"""The page: complete, asks nothing of anybody, and is open to everybody."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from plan_factory import NAMES, make_report
from tenfold.bonds.standing import DEFINITIONS
from tenfold.report.plan.colours import STANDING_COLOURS
from tenfold.report.plan.figures.bond_map import bond_map_figure
from tenfold.report.plan.living_bonds import strongest_links
from tenfold.report.plan.page import SECTIONS, plan_page

VOID = {"meta", "link", "br", "img", "input", "hr"}


class Outline(HTMLParser):
    """Tags with their attributes, in order; text by the tag it is in; and what was not closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text: list[tuple[str, str]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data):
        if data.strip():
            self.text.append((self.open[-1] if self.open else "", data.strip()))


@pytest.fixture(scope="module")
def html(outputs) -> str:
    return (outputs / "plan.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def outline(html) -> Outline:
    found = Outline()
    found.feed(html)
    assert found.open == []
    return found


def test_asks_nothing_of_anybody(html, outline):
    for tag, attributes in outline.tags:
        assert tag not in {"script", "link", "iframe", "object", "embed", "img", "image", "base", "form"}
        for name, value in attributes.items():
            if name in {"href", "src", "xlink:href", "action", "srcset", "data"}:
                assert value.startswith("#"), (tag, name, value)
            assert not name.startswith("on")
    assert not re.search(r"@import|url\((?!#)", html)
    policy = next(
        attributes["content"] for tag, attributes in outline.tags if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert "default-src 'none'" in policy


def test_hostile_names_are_text(html, outline):
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    words = " ".join(text for _, text in outline.text)
    assert "<script>alert(1)</script>" in words
    assert "Autumn <convention>: the plan of 24 November 2026" in words


def test_landmarks_headings_and_order(outline):
    names = [tag for tag, _ in outline.tags]
    for landmark in ("header", "nav", "main", "footer"):
        assert names.count(landmark) == 1
    levels = [int(tag[1]) for tag in names if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert next(attributes for tag, attributes in outline.tags if tag == "html")["lang"] == "en"
    assert any(tag == "a" and attributes.get("class") == "skip" for tag, attributes in outline.tags)


def test_ids_are_unique_and_every_link_and_label_leads_somewhere(outline):
    anchors = [section.anchor for section in SECTIONS]
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    assert len(set(ids)) == len(ids)
    for _, attributes in outline.tags:
        for name in ("aria-labelledby", "href"):
            for target in attributes.get(name, "").split():
                assert target.removeprefix("#") in ids, target
    assert anchors == [one for one in ids if one in anchors]


def test_tables_have_captions_and_scopes(outline):
    inside = 0
    for tag, attributes in outline.tags:
        if tag == "table":
            inside += 1
        if tag == "th":
            assert attributes.get("scope") in {"col", "row", "rowgroup"}
        if tag == "div" and attributes.get("class") == "scroll":
            assert attributes["role"] == "region"
            assert attributes["tabindex"] == "0"
            assert attributes["aria-label"]
    assert inside == [tag for tag, _ in outline.tags].count("caption") > 10


def test_figures_have_names_and_words_and_stand_beside_tables(outline):
    figures = [attributes for tag, attributes in outline.tags if tag == "svg"]
    assert len(figures) == 6
    for attributes in figures:
        assert attributes["role"] == "img"
        assert len(attributes["aria-labelledby"].split()) == 2
        assert "viewbox" in attributes
    assert [tag for tag, _ in outline.tags].count("desc") == 6


def test_right_to_left_names_are_kept_apart(html):
    for name in ("מרים בת־דוד", "رانيا سلامة"):
        assert f'<bdi dir="auto">{name}</bdi>' in html


def luminance(colour: str) -> float:
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_enough_for_text(html):
    style = dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6})", html))
    full = {name: colour if len(colour) == 7 else "#" + "".join(2 * one for one in colour[1:]) for name, colour in style.items()}
    for paper in (full["paper"], full["wash"]):
        for ink in [full["ink"], full["soft"], full["accent"], *STANDING_COLOURS.values()]:
            assert contrast(ink, paper) >= 4.5, (ink, paper)
    assert contrast(full["warn"], "#fff6f5") >= 4.5


def test_standing_is_told_in_words_beside_the_colour(html):
    for standing in ("kept", "due", "fading", "lost"):
        assert re.search(
            rf'<span class="is" style="color: {STANDING_COLOURS[standing]}"><span aria-hidden="true">.</span> {standing}</span>',
            html,
        )
    assert all(words in html for words in DEFINITIONS.values())


def test_says_who_does_what_and_why(report, outline):
    words = {text for _, text in outline.text}
    for row in report.plan.this_week.iter_rows(named=True):
        assert row["reason"] in words
        assert report.name(row["who"]).strip() in words
    for row in report.plan.left_out.iter_rows(named=True):
        assert report.name(row["person"]).strip() in words
    everything = " ".join(words)
    assert "SHA-256 abc" in everything
    assert "Mate et al. 2022" in everything
    assert "almost the same name" in everything


def test_a_warning_stands_on_top(report):
    import dataclasses

    lost = dataclasses.replace(report, plan=dataclasses.replace(report.plan, wins=False, warning="It does not win."))
    html = plan_page(lost)
    assert html.index("It does not win.") < html.index('<ul class="facts">')
    assert "keeps more people than doing nothing" not in html


def test_a_large_community_keeps_the_page_small():
    report = make_report(3000)
    html = plan_page(report)
    assert len(html.encode()) < 6_000_000
    assert "the rest is in <code>csv/circles.csv</code>" in html
    drawn = bond_map_figure(report)
    assert "share of people who are kept" in drawn
    assert drawn.count("<path") < 3000
    links = strongest_links(report, 12)
    strengths = [link["strength"] for link in links]
    assert len(links) == 12
    assert strengths == sorted(strengths, reverse=True)


def test_every_name_is_on_the_page_and_none_is_markup(made_up_page):
    assert "<script" not in made_up_page
    assert "onmouseover='" not in made_up_page
    assert "x" * 300 in made_up_page
    for name in NAMES[2:4]:
        assert f'<bdi dir="auto">{name}</bdi>' in made_up_page


def test_nothing_closed_is_left_out_on_paper(made_up_page):
    style = made_up_page[made_up_page.index("<style>") : made_up_page.index("</style>")]
    paper = style[style.index("@media print") :]
    assert "details::details-content { content-visibility: visible" in paper
    assert "size: A4" in paper
    assert re.search(r"h2 \{ break-before: page", paper)
