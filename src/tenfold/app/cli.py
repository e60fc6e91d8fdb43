"""The command line: ``tenfold COMMAND``. Exit code 0: done; 1: the data or the request is wrong; 2: the usage is."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from tenfold.errors import TenfoldError

__all__ = ["COMMANDS", "main", "tenfold"]

COMMANDS = {
    "demo": ("demo", "See what Tenfold does, on a made-up convention."),
    "import": ("bring_in", "Bring in lists of people, contacts and attendance."),
    "status": ("look", "How everybody stands, and what is due this week."),
    "bonds": ("look", "The bonds, strongest first."),
    "left-out": ("look", "Everybody who was never included, and who contacts them first."),
    "circles": ("look", "The circles of the last plan."),
    "forecast": ("look", "The next 52 weeks, without and with the last plan."),
    "plan": ("plan", "Circles, mentors, and who contacts whom this week."),
    "mentors": ("mentors", "Who should be a mentor, whom each looks after, and what every place gains."),
    "log": ("record", "Record a contact between two people."),
    "pause": ("record", "Leave a person in peace for a while."),
    "resume": ("record", "End a pause."),
    "merge": ("record", "Say that two on the list are one person."),
    "export": ("export", "Take everything out again, as CSV or Parquet."),
    "simulate": ("simulate", "Run a model of spreading on a network."),
    "seeds": ("seeds", "Whom to choose so that a practice reaches the most, or everyone."),
    "models": ("simulate", "The models that have a name."),
    "world": ("world", "Run the world in nested tens, from one circle to the last village."),
    "claims": ("claims", "Try the claims of the source text, each as an experiment."),
}
"""The file of each command and its help in a line, in the order of their use: so that --help loads nothing."""


class _Rooms(click.Group):
    """A group that loads the file of a command when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"tenfold.app.commands.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        return command


@click.group(cls=_Rooms, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
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
    from pathlib import Path

    from tenfold.app.session import Session

    session = ctx.ensure_object(Session)
    for name, value in options.items():
        if value is not None:
            setattr(session, name, Path(str(value)) if name == "db" else value)


def main() -> None:
    """Run the command line; what Tenfold says on purpose is one line, never a traceback."""
    try:
        tenfold(standalone_mode=False)
    except TenfoldError as error:
        _fail(str(error), 1)
    except click.exceptions.Abort:
        _fail("stopped; nothing was changed.", 130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        what = error.strerror or type(error).__name__
        _fail(f"{error.filename or 'the disk'}: {what}; nothing was changed. Free some space, and run the command again.", 1)


def _fail(message: str, code: int) -> None:
    click.echo("tenfold: " + " ".join(message.split()), err=True)
    sys.exit(code)
