"""`tenfold forget`: remove a person from everything, for good."""

from __future__ import annotations

from pathlib import Path

import click

from tenfold.app.actions.forget import WORDS, Found, find_all, forget
from tenfold.app.actions.outputs import open_community
from tenfold.app.terminal.session import Command, Session, pass_session
from tenfold.errors import DataError

__all__ = ["forget_command"]


@click.command("forget", cls=Command)
@click.argument("person")
@click.option("--yes", is_flag=True, help="Do it. Without this, what there is of PERSON is shown and nothing is changed.")
@click.option("--lift", is_flag=True, help="Let imports bring PERSON back, who was forgotten.")
@pass_session
def forget_command(session: Session, person: str, yes: bool, lift: bool) -> None:
    """Remove PERSON from the community file, its plans and its history, and the files that Tenfold made which name them.

    It cannot be undone. Imports do not bring them back: the file keeps a keyed mark of what names them, and no name. Backups and your own
    files stay; those beside the community file that still name PERSON are listed.
    """
    if lift:
        _lift(session, person)
        return
    with open_community(session.db, command="tenfold forget", write=yes, on_note=session.print_note) as store:
        one = store.find_person(person)
        labels, who = store.labels_of(one), f"{store.name_of(one)} ({one})"
        found = find_all(store, labels, Path.cwd())
        counts, removed = forget(store, one, found) if yes else ({}, [])
        if not yes:
            sheet = store.rows_about(one)
    if yes:
        session.print_lines(
            f"{who} is forgotten.", *(f"  {count:,} {WORDS[table]}" for table, count in counts.items() if table in WORDS)
        )
        session.print_lines(*(f"  removed: {path}" for path in removed))
        _say_left(session, found)
        if removed:
            session.print_note("What was removed can be made anew, without them: tenfold plan")
    else:
        session.print_lines(f"There is of {who}:", *(f"  {count:,} {WORDS[table]}" for table, count in sheet.items() if count))
        session.print_lines(
            *(f"  a file to be removed: {traces.folder / name}" for traces in found.traces for name in traces.ours)
        )
        _say_left(session, found)
        session.print_lines("Nothing is changed yet. It cannot be undone; to do it, say --yes.")
    session.print_json(
        {
            "forgotten": yes,
            "rows": counts if yes else sheet,
            "removed": removed,
            "left": [traces.folder / name for traces in found.traces for name in traces.changed],
            "copies": found.copies,
        }
    )


def _say_left(session: Session, found: Found) -> None:
    """Which files still name the person, and what to do."""
    changed = [traces.folder / name for traces in found.traces for name in traces.changed]
    session.print_lines(
        *(f"  names them, and was changed since Tenfold wrote it; correct or remove it: {path}" for path in changed)
    )
    session.print_lines(
        *(
            f"  a copy of the community that names them; delete it, or forget them there too with --db: {path}"
            for path in found.copies
        )
    )


def _lift(session: Session, text: str) -> None:
    with open_community(session.db, command="tenfold forget", write=True, on_note=session.print_note) as store:
        count = store.lift(text)
        if not count:
            raise DataError(
                f"forget: nobody who was forgotten is named '{text[:60]}'; expected the id, name or e-mail address as it was."
            )
    session.print_lines("Imports may bring them back.")
    session.print_json({"lifted": count})
