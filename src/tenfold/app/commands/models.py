"""`tenfold models`: the models of the library."""

from __future__ import annotations

import json

import click
import polars as pl

from tenfold.app.terminal.session import Command, Session, pass_session

__all__ = ["models_command"]


@click.command("models", cls=Command)
@click.argument("name", required=False)
@click.option("--schema", is_flag=True, help="Print the JSON Schema of a model instead.")
@pass_session
def models_command(session: Session, name: str | None, schema: bool) -> None:
    """The models of the library; of one NAME, its states and rules."""
    from tenfold.errors import SpecError
    from tenfold.spread.library import MODELS
    from tenfold.spread.model import Model

    if schema:
        session.print_document(json.dumps(Model.schema(), indent=2))
        return
    if name is None:
        rows = [
            {"model": key, "states": ", ".join(make().states), "what": (make.__doc__ or "").splitlines()[0]}
            for key, make in MODELS.items()
        ]
        session.print_table("Models", pl.DataFrame(rows))
        session.print_json({"models": [make().to_dict() for make in MODELS.values()]})
        return
    if name not in MODELS:
        raise SpecError(f"models: '{name}' is none; expected one of {', '.join(MODELS)}.")
    model = MODELS[name]()
    session.print_lines(
        f"{name}: {(MODELS[name].__doc__ or '').splitlines()[0]}", f"Source: {model.source}", f"States: {', '.join(model.states)}"
    )
    rules = [
        {"rule": k, **{key: str(value) for key, value in rule.to_dict().items()}} for k, rule in enumerate(model.rules, start=1)
    ]
    session.print_table("Rules, in the order in which they are tried", pl.DataFrame(rules, infer_schema_length=None))
    session.print_json(model.to_dict())
