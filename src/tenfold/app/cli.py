"""The command line: ``tenfold COMMAND``. Exit code 0: done; 1: the data or the request is wrong; 2: the usage is."""

from __future__ import annotations

import sys
from importlib import import_module
from keyword import iskeyword

import click

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
    "mentors": "Who should be a mentor, whom each looks after, and what every place gains.",
    "log": "Record a contact between two people.",
    "pause": "Leave a person in peace for a while.",
    "resume": "End a pause.",
    "merge": "Say that two on the list are one person.",
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
    from pathlib import Path

    from tenfold.app.terminal.session import Session

    session = ctx.ensure_object(Session)
    for name, value in options.items():
        if value is not None:
            setattr(session, name, Path(str(value)) if name == "db" else value)


def main() -> None:
    """Run the command line; an error that Tenfold raises is printed as one line, never as a traceback."""
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
