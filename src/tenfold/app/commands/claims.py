"""`tenfold claims`: the claims of the source text, tried and answered."""

from __future__ import annotations

from pathlib import Path

import click
import polars as pl

from tenfold.app.actions.outputs import write_outputs
from tenfold.app.terminal.options import force_option
from tenfold.app.terminal.session import Command, Session, pass_session

__all__ = ["claims_command"]


@click.command("claims", cls=Command)
@click.argument("names", nargs=-1, metavar="[C1 C4 ...]")
@click.option("--quick/--full", default=True, show_default=True, help="Small worlds and few runs, or large ones and many.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("tenfold-claims"), show_default=True, help="Folder.")
@click.option("--people", type=int, help="People in a world, in place of the mode's.")
@click.option("--replicates", type=int, help="Runs of each arm, in place of the mode's.")
@click.option(
    "--assume",
    multiple=True,
    metavar="NAME=VALUE",
    help="Change an assumption of the claims or a parameter of docs/world.md; may be given several times.",
)
@force_option
@pass_session
def claims_command(
    session: Session,
    names: tuple[str, ...],
    quick: bool,
    out: Path,
    people: int | None,
    replicates: int | None,
    assume: tuple[str, ...],
    force: bool,
) -> None:
    """Try the claims C1 to C14, or those named: each an experiment with a verdict that is computed.

    Writes claims.html, with a figure and the reasons for each, and the numbers as Parquet.
    """
    from tenfold.report.claims.page import claims_page
    from tenfold.report.folder import OutputFolder
    from tenfold.report.tables import table_file
    from tenfold.world.claims.registry import CLAIMS, claims

    output = OutputFolder(out, command="claims", force=force)
    output.check(("claims.parquet", "parts.parquet", "claims.html"))
    mode = "quick" if quick else "full"
    with session.progress(len(names) or len(CLAIMS)) as step:
        current = ""

        def show_progress(words: str) -> None:
            nonlocal current
            name = words.split(":")[0]
            step(words, 1 if current and name != current else 0)
            current = name

        found = claims(
            names or None,
            mode=mode,
            seed=session.seed,
            people=people,
            replicates=replicates,
            assume=_parse_numbers(assume),
            progress=show_progress,
        )
    made = [
        table_file("claims.parquet", found.table),
        table_file("parts.parquet", found.parts),
        *(
            table_file(f"{name.lower()}-{k}.parquet", panel.frame)
            for name, one in found.findings.items()
            for k, panel in enumerate(one.panels, start=1)
        ),
        ("claims.html", claims_page(found).encode("utf-8")),
    ]
    files = write_outputs(output, made, on_note=session.print_note)
    shown = found.table.select(
        "claim",
        "statement",
        pl.col("verdict"),
        pl.format("{} ({} to {})", *(pl.col(name).round_sig_figs(3) for name in ("estimate", "low", "high"))).alias("number"),
        "measure",
        pl.col("seconds").round(1),
    )
    session.print_table(f"Claims about a model of the text, {mode}, seed {session.seed}", shown)
    session.print_lines(f"claims.html and {len(files) - 1} tables in {out}")
    session.print_json(
        {"folder": out, "files": files, "claims": found.table, "parts": found.parts, "provenance": found.provenance}
    )


def _parse_numbers(pairs: tuple[str, ...]) -> dict[str, float]:
    """Parse NAME=VALUE pairs with numbers."""
    from tenfold.errors import SpecError

    found = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        try:
            found[name.strip()] = float(value)
        except ValueError:
            sign = ""
        if not sign:
            raise SpecError(f"--assume: got '{pair}'; expected NAME=VALUE with a number, such as lapse=0.05.")
    return found
