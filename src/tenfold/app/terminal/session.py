"""The session of a command: the global options, output as tables or JSON, and progress."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tenfold.app.terminal.output import REPORTS, escape_json, printable, progress_console, rendered
from tenfold.errors import SpecError

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Command", "Session", "pass_session"]


@dataclass
class Session:
    """The global options. Results go to stdout, as tables and lines or as one JSON document; notes and progress go to stderr."""

    db: Path = Path("tenfold.db")
    asked_seed: int | None = None  # the value of --seed; None where it is not given, so that the seed of a file holds
    as_json: bool = False
    quiet: bool = False

    @property
    def seed(self) -> int:
        """The value of --seed, by default 0."""
        return self.asked_seed or 0

    def print_table(self, title: str, frame: pl.DataFrame, *, limit: int | None = None) -> None:
        """Print a table, unless JSON is asked for."""
        from rich.markup import escape
        from rich.table import Table

        if self.as_json:
            return
        table = Table(title=escape(printable(title)), title_justify="left", header_style="bold", show_edge=False)
        for name, kind in frame.schema.items():
            words = escape(printable(name.replace("_", " ")))
            table.add_column(words, justify="right" if kind.is_numeric() else "left", overflow="fold")
        for row in frame.head(limit or frame.height).iter_rows():
            table.add_row(*(escape(printable(_format_cell(value))) for value in row))
        REPORTS.write(rendered(table))
        if limit is not None and frame.height > limit:
            REPORTS.write(f"… and {frame.height - limit} more")

    def print_lines(self, *lines: str) -> None:
        """Print lines, unless JSON is asked for."""
        if not self.as_json:
            for line in lines:
                REPORTS.write(printable(line, keep="\n"))

    def print_note(self, line: str) -> None:
        """Print a line to stderr, unless --quiet is given."""
        if not self.quiet:
            REPORTS.note(printable(line, keep="\n"))

    def print_json(self, document: dict[str, Any]) -> None:
        """Print the JSON document, if JSON is asked for."""
        if self.as_json:
            self.print_document(json.dumps(_to_json_value(document), ensure_ascii=False, allow_nan=False))

    def print_document(self, document: str) -> None:
        """Print a JSON document, whatever is asked for."""
        REPORTS.write(escape_json(document))

    @contextmanager
    def progress(self, steps: int) -> Iterator[Callable[..., None]]:
        """A progress bar of `steps` on stderr; nothing where stderr is no terminal.

        The function that it gives takes words for what comes next, and by how many steps the bar advances (one, if not given).
        """
        if self.quiet or sys.stderr is None or not sys.stderr.isatty():
            yield lambda *_: None
            return
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (BarColumn(), TimeElapsedColumn(), TextColumn("{task.description}", markup=False))
        with Progress(*columns, console=progress_console(), transient=True) as bar:
            task = bar.add_task("", total=steps)

            def step(words: str, advance: int = 1) -> None:
                bar.update(task, advance=advance, description=printable(words))

            yield step


pass_session = click.make_pass_decorator(Session, ensure=True)

_GLOBAL = (
    click.Option(
        ["--db"], type=click.Path(path_type=Path), envvar="TENFOLD_DB", help="The community file. [default: tenfold.db]"
    ),
    click.Option(["--seed", "asked_seed"], type=click.IntRange(0, 2**32 - 1), help="Same seed, same result. [default: 0]"),
    click.Option(["--json", "as_json"], is_flag=True, default=None, help="Print one JSON document."),
    click.Option(["--quiet"], is_flag=True, default=None, help="No progress and no notes."),
)


class Command(click.Command):
    """A command that takes the global options, before or after its own name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(_GLOBAL)

    def invoke(self, ctx: click.Context) -> Any:
        """Move the global options into the session."""
        session = ctx.ensure_object(Session)
        for name in ("db", "asked_seed", "as_json", "quiet"):
            value = ctx.params.pop(name, None)
            if value is not None:
                setattr(session, name, value)
        for name, value in ctx.params.items():
            for text in value if isinstance(value, tuple) else (value,):
                _check_text(name, text)
        return super().invoke(ctx)


def _check_text(name: str, text: object) -> None:
    """Raise for an argument that is no text in UTF-8; a path may be that."""
    if isinstance(text, str) and any("\ud800" <= letter <= "\udfff" for letter in text):
        raise SpecError(
            f"{name}: got '{text[:60]}', which holds bytes that are no letters; expected text in UTF-8. Type it again."
        )


def _format_cell(value: object) -> str:
    """The text of a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return str(value)


def _to_json_value(value: object) -> object:
    """A value that JSON can hold: times as ISO 8601, frames as lists of rows, numbers that are not finite as null."""
    if isinstance(value, dict):
        return {str(key): _to_json_value(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_to_json_value(one) for one in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | Path):
        return str(value)
    if isinstance(value, float):
        return value if value - value == 0 else None
    if hasattr(value, "to_dicts"):
        return _to_json_value(value.to_dicts())
    return value
