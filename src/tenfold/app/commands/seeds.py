"""`tenfold seeds`: whom to choose on a network so that a practice reaches the most people, or everyone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tenfold.app.actions.outputs import write_outputs
from tenfold.app.terminal.options import force_option
from tenfold.app.terminal.session import Command, Session, pass_session

if TYPE_CHECKING:
    from tenfold.networks.graph import Graph
    from tenfold.spread.model import Model

__all__ = ["seeds_command"]

ANY_PATH = click.Path(path_type=Path)


@click.command("seeds", cls=Command)
@click.argument("graph", type=ANY_PATH)
@click.option("-k", "--seeds", "k", type=int, help="How many. Without it: as many as --objective everyone needs.")
@click.option(
    "--model", default="weighted_cascade", show_default=True, help="A model by name (see `tenfold models`), or a TOML file."
)
@click.option("--chance", type=float, help="Of a contact; by default 1 / the number of those who can reach the person.")
@click.option("--objective", default="reach", show_default=True, help="reach, everyone, worst_group, or kept.")
@click.option("--groups", type=ANY_PATH, help="A table of person and group. [default: the parts of the network]")
@click.option("--target", type=float, default=0.5, show_default=True, help="Share of each group, for everyone.")
@click.option("--least", type=int, help="Ties it takes to stay, for kept.")
@click.option("--require", multiple=True, metavar="PERSON", help="Has to be among the seeds. May be repeated.")
@click.option("--exclude", multiple=True, metavar="PERSON", help="Must not be. May be repeated.")
@click.option("--capacity", type=int, help="Each approaches at most so many.")
@click.option("--fading", type=float, help="Chance of a step that a bond is lost for good, for si and sis.")
@click.option(
    "--steps", type=int, help="Reached within so many steps; after 50, if not given, for si, sis and what is simulated."
)
@click.option(
    "--epsilon", type=float, default=0.1, show_default=True, help="At least 1 - 1/e - epsilon of the best choice is sure."
)
@click.option("--quality", type=float, default=0.01, show_default=True, help="How good the choice should be; 0: only sure.")
@click.option("--directed", is_flag=True, help="An edge leads from the first end to the second only.")
@click.option("--out", type=ANY_PATH, help="A table of the seeds, .csv or .parquet.")
@force_option
@pass_session
def seeds_command(
    session: Session,
    graph: Path,
    k: int | None,
    model: str,
    chance: float | None,
    objective: str,
    groups: Path | None,
    target: float,
    least: int | None,
    require: tuple[str, ...],
    exclude: tuple[str, ...],
    capacity: int | None,
    fading: float | None,
    steps: int | None,
    epsilon: float,
    quality: float,
    directed: bool,
    out: Path | None,
    force: bool,
) -> None:
    """Choose the few who reach the most people of a network, with how sure it is and why each."""
    import polars as pl

    from tenfold.networks.graph_files import read_graph
    from tenfold.report.folder import OutputFolder
    from tenfold.report.tables import table_file
    from tenfold.seeds.choose import choose_seeds

    if out is not None:  # a folder may hold tables of several runs, each under its own name
        output = OutputFolder(out.parent, command=f"seeds {out.name}", force=force)
        output.check([out.name])
    network = read_graph(graph, directed=directed).simple()
    spread, network = _model(model, chance, network) if objective != "kept" else (None, network)
    with session.progress(1) as step:
        step("Choosing")
        found = choose_seeds(
            network,
            k,
            model=spread,
            objective=objective,
            groups=None if groups is None else _groups(groups, network),
            target=target,
            least=least,
            required=list(require) or None,
            excluded=list(exclude) or None,
            capacity=capacity,
            fading=fading,
            steps=steps,
            epsilon=epsilon,
            quality=quality or None,
            seed=session.seed,
        )
    table = found.table()
    if out is not None:
        write_outputs(output, [table_file(out.name, table)], on_note=session.print_note)
    session.print_table(f"Seeds: {len(found.nodes)} of {network.n} people", table, limit=100)
    word = "kept" if objective == "kept" else "reached"
    session.print_lines(f"Expected to be {word}: {found.reach:.1f} of {network.n} people ({found.low:.1f} to {found.high:.1f})")
    if found.random_equal is not None:
        session.print_lines(f"As many as {found.random_equal} people drawn at random would reach.")
    session.print_lines(f"Sure: {found.guarantee}.")
    for note in found.notes:
        session.print_lines(f"Note: {note}.")
    for title, frame in (
        ("Against simple choices", found.compared),
        ("Groups", found.groups),
        ("Not reachable", found.unreachable),
    ):
        if frame.height:
            session.print_table(title, frame, limit=25)
    if out is not None:
        session.print_lines(f"{out}")
    session.print_json(
        {
            "seeds": table.cast({"person": pl.String}),
            "reach": found.reach,
            "low": found.low,
            "high": found.high,
            "certified": found.certified,
            "guarantee": found.guarantee,
            "method": found.method,
            "random_equal": found.random_equal,
            "compared": found.compared,
            "groups": found.groups,
            "worst": found.worst,
            "unreachable": found.unreachable,
            "notes": list(found.notes),
            "sets": found.sets,
            "provenance": found.provenance,
        }
    )


def _model(name: str, chance: float | None, graph: Graph) -> tuple[Model, Graph]:
    """The model, and the graph with the chances it goes by."""
    from tenfold.errors import SpecError
    from tenfold.spread.library import MODELS, independent_cascade
    from tenfold.spread.model import Model

    if name.endswith(".toml"):
        return Model.from_toml(name), graph
    if name not in MODELS:
        raise SpecError(f"--model is '{name}'; expected a TOML file, or one of {', '.join(MODELS)}.")
    if chance is not None:
        if name not in ("weighted_cascade", "independent_cascade"):
            raise SpecError(
                f"--chance is given for the model {name}; expected it for a cascade. Write a TOML file for other models."
            )
        return independent_cascade(chance=chance), graph
    return MODELS[name](), graph.with_chance_by_degree() if name == "weighted_cascade" else graph


def _groups(path: Path, graph: Graph) -> list[str | None]:
    """The group of each person, from a table of person and group."""
    from tenfold.errors import DataError
    from tenfold.networks.table_files import read_table

    table = read_table(path)
    frame = table.frame if table.named else table.below_header()
    if frame.width < 2:
        raise DataError(f"{path.name}: a row has {frame.width} fields; expected a person and a group.")
    of = {str(person).strip(): str(group) for person, group in frame.iter_rows() if group is not None}
    people = [str(one) for one in (range(graph.n) if graph.labels is None else graph.labels)]
    if unknown := sorted(set(of) - set(people)):
        raise DataError(f"{path.name}: '{unknown[0]}' is not in the network; expected people of the graph.")
    return [of.get(one) for one in people]
