"""`tenfold decide`: what stays decided, plan after plan."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from tenfold.app.actions.decisions import circle_names, decide, decision_in_words, holding
from tenfold.app.actions.outputs import open_community
from tenfold.app.actions.saved_plan import last_plan
from tenfold.app.terminal.session import Command, Session, pass_session
from tenfold.errors import SpecError
from tenfold.people.store import Store
from tenfold.people.store.decisions import KINDS, Decision

__all__ = ["decide_command"]

WHAT = (*(kind.replace(" ", "-") for kind in KINDS), "list", "undo")


@click.command("decide", cls=Command)
@click.argument("what", type=click.Choice(WHAT))
@click.argument("words", nargs=-1)
@click.option("--all", "show_all", is_flag=True, help="With list: also decisions that are undone or over.")
@pass_session
def decide_command(session: Session, what: str, words: tuple[str, ...], show_all: bool) -> None:
    """Decide something that every next plan keeps to, until it is undone.

    \b
      tenfold decide fix Ana "Harbour group"        Ana stays in that circle
      tenfold decide forbid Ana 3                   not in circle 3
      tenfold decide together Ana Binh              in one circle; apart: not in one
      tenfold decide mentor Ana 3                   and backup
      tenfold decide carer Ana Binh                 Binh looks after Ana
      tenfold decide not-this-week Ana              no planned contact for a week
      tenfold decide name 3 "Harbour group"         what a circle is called
      tenfold decide meeting 3 "Tue 19:30 Europe/Berlin"
      tenfold decide list
      tenfold decide undo 4

    People go by id, name or address in the plan, circles by number, name or address. Decisions about keeping people apart are private: no
    output that others see shows them.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    with open_community(session.db, command="tenfold decide", write=what != "list", on_note=session.print_note) as store:
        if what == "list":
            found = store.decisions() if show_all else holding(store, now.date())
            lines = _in_words(store, found)
        elif what == "undo":
            found, lines = _undo(store, words, now), []
            store.words = "undone: " + "; ".join(_in_words(store, found))
        else:
            found = [decide(store, what.replace("-", " "), words, now)]
            lines = [f"Decided: {line}" for line in _in_words(store, found)]
            store.words = "; ".join(_in_words(store, found))
        if what == "undo":
            lines = [f"Undone: {line}" for line in _in_words(store, found)]
    session.print_lines(*(lines or ["Nothing is decided."]))
    if what not in ("list",):
        session.print_note("The next plan keeps to it: tenfold plan")
    session.print_json({"decisions": [one.__dict__ for one in found]})


def _undo(store: Store, words: tuple[str, ...], now: datetime) -> list[Decision]:
    """Undo the decision whose number is given."""
    if len(words) != 1 or not words[0].isascii() or not words[0].isdecimal() or len(words[0]) > 12:
        raise SpecError("decide undo: expected the number of one decision. See tenfold decide list.")
    number = int(words[0])
    store.undo_decision(number, now)
    return [one for one in store.decisions() if one.number == number]


def _in_words(store: Store, found: list[Decision]) -> list[str]:
    """Decisions as lines, with their numbers."""
    names = dict(store.people().table.select("id", "name").iter_rows())
    saved = last_plan(store)
    circles = {} if saved is None else circle_names(saved.tables["circle_table"])
    circles |= {
        one.circle: one.text for one in holding(store, datetime.now(UTC).date()) if one.kind == "name" and one.circle and one.text
    }
    gone = {one.number: " (undone)" for one in found if one.undone is not None}
    return [f"{one.number}. {decision_in_words(one, names, circles)}{gone.get(one.number, '')}" for one in found]
