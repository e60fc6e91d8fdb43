"""The command line: ``tenfold COMMAND``.

Exit codes: 0 done; 1 the data or the request is wrong; 2 the usage is; 3 done, but the report could not be written; 4 done and stored, but
not all files could be put into their places; 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from keyword import iskeyword
from pathlib import Path

import click

from tenfold.app.terminal.interrupts import INTERRUPTED, hearing_interrupts
from tenfold.app.terminal.output import REPORTS, escape_json, printable
from tenfold.errors import TenfoldError

__all__ = ["COMMANDS", "main", "module_name", "tenfold"]

COMMANDS = {
    "demo": "See what Tenfold does, on a made-up convention.",
    "import": "Bring in lists of people, contacts and attendance.",
    "status": "How everybody stands, and what is due this week.",
    "bonds": "The bonds, strongest first.",
    "left-out": "Everybody who was never included, and who contacts them first.",
    "circles": "The circles of the last plan.",
    "forecast": "The next 52 weeks, without and with the last plan.",
    "backtest": "How far to trust the forecast: the same, made at moments of your past.",
    "plan": "Circles, mentors, and who contacts whom this week.",
    "week": "What is planned this week, what is done of it, and what is left.",
    "done": "Say what became of a planned contact.",
    "decide": "Decide what every next plan keeps to: who is where, who carries whom, names of circles.",
    "mentors": "Who should be a mentor, whom each looks after, and what every place gains.",
    "log": "Record a contact between two people.",
    "pause": "Leave a person in peace for a while.",
    "resume": "End a pause.",
    "merge": "Say that two on the list are one person.",
    "forget": "Remove a person from everything, for good.",
    "person-sheet": "What is kept about one person, to give to them.",
    "pseudonymise": "A copy without names, for research.",
    "history": "What was changed, command by command.",
    "undo": "Take back what a command changed.",
    "backup": "Copy the community file, checked.",
    "check": "Test the community file, and save what is whole of a damaged one.",
    "export": "Take everything out again, as CSV or Parquet.",
    "simulate": "Run a model of spreading on a network.",
    "seeds": "Whom to choose so that a practice reaches the most, or everyone.",
    "models": "The models that have a name.",
    "world": "Run the world in nested tens, from one circle to the last village.",
    "claims": "Try the claims of the source text, each as an experiment.",
}
"""The commands with a line of help each, in the order of their use. They stand here so that --help loads no command."""


def module_name(command: str) -> str:
    """The module in `tenfold.app.commands` that holds a command: its name, as Python allows it."""
    name = command.replace("-", "_")
    return f"{name}_" if iskeyword(name) else name


class _LazyGroup(click.Group):
    """A group that imports the module of a command when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"tenfold.app.commands.{module_name(cmd_name)}")
        command: click.Command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        return command


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(package_name="tenfold")
@click.option("--db", type=click.Path(), help="The community file. [default: tenfold.db, or TENFOLD_DB]")
@click.option("--seed", "asked_seed", type=click.IntRange(0, 2**32 - 1), help="Same seed, same result. [default: 0]")
@click.option("--json", "as_json", is_flag=True, default=None, help="Print one JSON document.")
@click.option("--quiet", is_flag=True, default=None, help="No progress and no notes.")
@click.pass_context
def tenfold(ctx: click.Context, /, **options: object) -> None:
    """Keep what a group attained together, and multiply it.

    Start with `tenfold demo`, or with your own files:

    \b
      tenfold import people.csv contacts.csv
      tenfold status
      tenfold plan
    """
    from tenfold.app.terminal.session import Session

    session = ctx.ensure_object(Session)
    for name, value in options.items():
        if value is not None:
            setattr(session, name, Path(str(value)) if name == "db" else value)


def main() -> None:
    """Run the command line and end the process with its exit code.

    What a command writes, caches too, is for its owner alone.
    """
    before = os.umask(0o077)
    try:
        os.umask(before | 0o077)
        sys.exit(_main())
    finally:
        os.umask(before)


def _main() -> int:
    """Run the command line; its exit code."""
    REPORTS.begin()
    _changed_files().clear()
    try:
        with hearing_interrupts(_stopped):
            code = _run()
    except TenfoldError as error:
        code = _fail(str(error), error.exit_code)
    except (click.exceptions.Abort, KeyboardInterrupt):
        code = _stopped()
    except click.ClickException as error:
        if isinstance(error, click.UsageError) and error.ctx is not None:
            REPORTS.note(error.ctx.get_usage())
        code = _fail(error.format_message(), error.exit_code)
    except click.exceptions.Exit as error:
        code = error.exit_code
    except OSError as error:
        what = error.strerror or type(error).__name__
        code = _fail(f"{error.filename or 'the disk'}: {what}; {_changed()}. Free some space, and run the command again.", 1)
    except MemoryError:
        code = _fail(f"there is too little memory for this; {_changed()}. Ask for less of what is large, or free some memory.", 1)
    except BaseException as error:  # a fault of Tenfold itself, or of a library: panics of compiled ones are no Exception
        if isinstance(error, SystemExit) or os.environ.get("TENFOLD_DEBUG") == "1":
            raise
        what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        code = _fail(
            f"a fault of Tenfold itself stopped the command ({what}); {_changed()}. Please report it with the command that you typed; "
            "TENFOLD_DEBUG=1 shows where it happened.",
            1,
        )
    return code or REPORTS.close()


def _run() -> int:
    """Run the command; its exit code."""
    returned = tenfold(standalone_mode=False)
    return returned if isinstance(returned, int) else 0


def _stopped() -> int:
    """Say that the command was stopped, and what it had changed; returns the exit code."""
    return _fail(f"stopped; {_changed()}.", INTERRUPTED)


def _changed_files() -> set[Path]:
    """The community files that this command has changed; none while the store was not even loaded."""
    connection = sys.modules.get("tenfold.people.store.connection")
    found: set[Path] = getattr(connection, "CHANGED", set())
    return found


def _changed() -> str:
    """What is changed, in words, for a command that stopped."""
    files = ", ".join(sorted(map(str, _changed_files())))
    return f"{files} had been changed before, tenfold status shows how it stands" if files else "nothing was changed"


def _fail(message: str, code: int) -> int:
    """Print an error as one line on stderr, with --json also as an object on stdout where nothing is printed yet; returns the code."""
    line = printable(" ".join(message.split()))
    REPORTS.note("tenfold: " + line)
    if "--json" in sys.argv[1:] and not REPORTS.wrote:
        REPORTS.write(escape_json(json.dumps({"error": line, "exit_code": code}, ensure_ascii=False)))
    return code
