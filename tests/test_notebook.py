"""How values show themselves: short, useful, and safe whatever names they hold."""

from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import polars as pl
import pytest

import tenfold as tf
from tenfold.networks.generators import barabasi_albert
from tenfold.networks.graph import Graph
from tenfold.networks.groups import Groups
from tenfold.networks.temporal import Temporal

ELEMENTS = {
    "div",
    "table",
    "caption",
    "tbody",
    "tr",
    "th",
    "td",
    "svg",
    "desc",
    "rect",
    "line",
    "polyline",
    "g",
    "text",
    "ul",
    "li",
}
HOSTILE = ["<script>alert(1)</script>", "a\nb\x1b[31m", "\u202egnp.exe", '"><img src=x onerror=y>' + "z" * 5000]
TABLE = pl.DataFrame({"a": HOSTILE, "b": HOSTILE[1:] + HOSTILE[:1], "t": [0, 20, 40, 60]})
NOTED = ("<b>bold</b>", *(f"note {k}" * 100 for k in range(50)))


def results():
    """A model, and results of each kind, with names that are hostile."""
    graph = Graph.from_table(TABLE, a="a", b="b")
    model = tf.Model(
        ("S", HOSTILE[0]), [tf.Contact("S", HOSTILE[0], via=HOSTILE[0], chance=0.5)], name=HOSTILE[2], source=HOSTILE[3]
    )
    cascade = tf.models.independent_cascade(chance=0.3)
    run = tf.simulate(
        model, graph, steps=300, start={HOSTILE[0]: HOSTILE[:1]}, replicates=2, seed=1, keep=("final", "first_time")
    )
    roster = tf.People.from_table(pl.DataFrame({"id": ["1", "2", "3", "4"], "name": HOSTILE}))
    met = tf.Contacts.from_table(TABLE, time="t", a="a", b="b")
    long = tf.Model(("S", "I"), [tf.Spontaneous("S", "I", chance=0.1)] * 200)
    return [
        run,
        model,
        long,
        tf.choose_seeds(graph, 2, model=cascade, seed=1),
        tf.estimate_reach(graph, HOSTILE[:1], model=cascade, draws=100),
        roster,
        met,
        tf.measure_bonds(met),
        tf.measure_bonds(tf.Contacts.from_table(TABLE.head(0), time="t", a="a", b="b"), at="2026-01-01"),
        tf.backtest(met),
        tf.run_world(tf.World(people=1000), steps=3, seed=1),
        tf.run_wave(1000, seed=1),
        tf.World(people=1000),
        tf.Ties(1000),
    ]


def networks():
    graph = Graph.from_table(TABLE, a="a", b="b")
    temporal = Temporal.from_table(TABLE, time="t", a="a", b="b", window=20)
    groups = Groups.from_table(TABLE, person="a", group="b")
    hostile = [replace(one, notes=NOTED) for one in (graph, temporal, groups)]
    empty = [Graph.from_edges([], []), Temporal.from_contacts([], [], [], window=1), Groups.from_lists([])]
    large = [
        barabasi_albert(3000, 2, seed=1),
        Temporal.from_contacts(np.arange(5000), np.zeros(5000, int), np.ones(5000, int), window=1),
        Groups.circles(5000),
    ]
    weighted = Graph.from_edges([0], [1], weight=[0.5], directed=True)
    return [*hostile, *empty, *large, weighted]


@pytest.mark.parametrize("number", range(10))
def test_a_line_is_short_and_clean(number):
    line = repr(networks()[number])
    assert len(line) < 500
    assert line.isprintable()
    assert "\u202e" not in line


def test_no_value_fills_the_screen():
    for value in results():
        line = repr(value)
        assert len(line) < 2000, type(value)
        assert line.isprintable()
        assert "\u202e" not in line


class Page(HTMLParser):
    """The elements of a page, with their attributes; each has to be closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if not self.get_starttag_text().endswith("/>"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_a_page_is_whole_and_without_scripts():
    shown = [value for value in (*networks(), *results()) if hasattr(value, "_repr_html_")]
    assert {type(one).__name__ for one in shown} >= {"Graph", "Temporal", "Groups", "Model", "Result", "Seeds", "Bonds", "Wave"}
    for value in shown:
        text = value._repr_html_()
        page = Page()
        page.feed(text)
        assert page.open == []
        assert set(page.seen) <= ELEMENTS
        assert not any(name.startswith("on") or name in ("src", "href") for name in page.attributes)
        assert len(text) < 20_000
        assert "\x1b" not in text
        assert "\u202e" not in text


def test_claims_show_their_verdicts():
    found = tf.claims("C3", people=1000, replicates=2)
    assert repr(found).startswith("<Claims: C3 ")
    page = Page()
    page.feed(found._repr_html_())
    assert page.open == []
    assert "svg" in page.seen


def test_a_result_draws_a_line_for_each_state():
    graph = Graph.from_table(pl.DataFrame({"a": ["ana", "ana"], "b": ["binh", "chi"]}), a="a", b="b")
    run = tf.simulate(tf.models.sir(chance=1.0, recovery=1.0), graph, steps=5, start={"I": ["ana"]}, replicates=2, seed=1)
    assert repr(run) == "<Result: model sir; people 3; replicates 2; steps 5; at the end S 0, I 0, R 3; seed 1; kept counts>"
    assert run._repr_html_().count("<polyline") == 3
    assert "S from 2 to 0" in run._repr_html_()


def test_what_they_say():
    graph = Graph.from_table(pl.DataFrame({"a": ["ana", "ana"], "b": ["binh", "chi"]}), a="a", b="b")
    assert repr(graph) == "<Graph: 3 people, 2 edges, no weights; labels: ana, binh, chi>"
    assert (
        repr(Graph.from_edges([0], [1], weight=[2], directed=True)) == "<Graph: 2 people, 1 arcs, weights 2 to 2; labels: none>"
    )
    temporal = Temporal.from_contacts([0, 30], [0, 1], [1, 2], window=20, after="hold")
    assert repr(temporal) == "<Temporal: 3 people, 2 contacts in 2 windows of 20 s, then hold; labels: none>"
    assert repr(Groups.from_lists([[0, 1], [2]])) == "<Groups: 2 groups of 3 people, 3 memberships; names: none; labels: none>"
    assert graph._repr_html_().count("<rect") == 2  # two people of degree 1, one of degree 2
    assert "Degrees: people with each number" in graph._repr_html_()
    assert temporal._repr_html_().count("<rect") == 2
    assert "Contacts over time" in temporal._repr_html_()
