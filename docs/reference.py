"""Write `commands.md` and `python.md` from the code: `python docs/reference.py`. The tests fail where they differ from the code."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from pathlib import Path

import click

import tenfold
from tenfold.app.cli import COMMANDS
from tenfold.app.cli import tenfold as group
from tenfold.checks import keywords

HERE = Path(__file__).parent
MADE = "Made by `python docs/reference.py`; change the code, not this page.\n"


def commands() -> str:
    """Every command with the text of its --help."""
    top = click.Context(
        group, info_name="tenfold", terminal_width=110, help_option_names=group.context_settings["help_option_names"]
    )
    parts = ["# Commands\n", MADE, _help(group.get_help(top))]
    for name in COMMANDS:
        command = group.get_command(top, name)
        assert command is not None
        parts += [
            f"## tenfold {name}\n",
            _help(command.get_help(click.Context(command, parent=top, info_name=name, terminal_width=110))),
        ]
    return "\n".join(parts)


def names() -> str:
    """Every public name with its signature and the first line of its docstring."""
    parts = ["# Python names\n", MADE, "`import tenfold as tf`; each name has the whole of it in `help(tf.NAME)`.\n"]
    for name in tenfold.__all__:
        what = getattr(tenfold, name)
        first = re.split(r"\n\s*\n", inspect.getdoc(what) or "")[0].replace("\n", " ")
        if inspect.ismodule(what):
            inside = ", ".join(f"`{one}`" for one in what.__all__)
            parts.append(f"**tf.{name}**: {first} {inside}.\n")
        elif inspect.isclass(what):
            parts.append(f"**tf.{name}**: {first}\n")
        else:
            parts.append(f"**tf.{name}**({', '.join(arguments(what))}): {first}\n")
    return "\n".join(parts)


def arguments(what: Callable[..., object]) -> list[str]:
    """The arguments of a function by their names, with their defaults; None for those that may be left out."""
    return [name if default is inspect.Parameter.empty else f"{name}={default!r}" for name, default in keywords(what).items()]


def _help(text: str) -> str:
    """A help text as a block of code."""
    return "\n".join(f"    {line}".rstrip() for line in text.splitlines()) + "\n"


PAGES = {"commands.md": commands, "python.md": names}

if __name__ == "__main__":
    for page, make in PAGES.items():
        (HERE / page).write_text(make(), encoding="utf-8")
