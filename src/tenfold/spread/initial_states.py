"""Who is in which state at the start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tenfold import checks
from tenfold.errors import SpecError
from tenfold.networks.labels import Labelled, Positions, node_numbers
from tenfold.spread.model import Model

if TYPE_CHECKING:
    from tenfold.kernels.spread.state import InitialStates

__all__ = ["initial_states", "placed"]


def initial_states(model: Model, n: int, start: Any) -> InitialStates:
    """The states that a start names, and how many are to be drawn for which state, as the kernels take them.

    Raises
    ------
    SpecError
        A state that is none, people who are not in the network or are named twice, or more people than there are.
    """
    from tenfold.kernels.spread.state import InitialStates

    if not isinstance(start, Mapping):
        example = f"{{'{model.states[-1]}': 10}}"
        raise SpecError(f"start is a {type(start).__name__}; expected a state with ids, a number or a share, such as {example}.")
    state = np.zeros(n, np.uint8)
    named = np.zeros(n, np.bool_)
    drawn: dict[int, int] = {}
    for name, value in start.items():
        if name not in model.states:
            raise SpecError(f"start: '{name}' is no state of the model {model.name}; expected some of {', '.join(model.states)}.")
        into = model.states.index(name)
        if isinstance(value, bool) or value is None or isinstance(value, str):
            raise SpecError(
                f"start: '{name}' is {value!r}; expected a list of people, a whole number of them, or a share from 0 to 1."
            )
        if isinstance(value, int | np.integer):
            drawn[into] = checks.whole(value, f"start: '{name}'", low=0, high=n)
        elif isinstance(value, float | np.floating):
            drawn[into] = round(checks.share(float(value), f"start: '{name}'") * n)
        else:
            ids = node_numbers(n, value, f"start: '{name}'")
            if named[ids].any():
                raise SpecError(f"start: somebody is named twice at '{name}'; everybody is in one state.")
            state[ids], named[ids] = into, True
    total = int(named.sum()) + sum(drawn.values())
    if total > n or (0 in drawn and total < n):
        raise SpecError(f"start: adds up to {total} people; there are {n}. Leave '{model.states[0]}' out: it takes the rest.")
    chosen = [into for into, count in drawn.items() if into and count]
    return InitialStates(
        state=state,
        named=np.flatnonzero(state).astype(np.int32),
        candidates=np.flatnonzero(~named).astype(np.int32) if chosen else np.zeros(0, np.int32),
        drawn_state=np.array(chosen, np.int64),
        drawn_count=np.array([drawn[into] for into in chosen], np.int64),
    )


def placed(start: Any, network: Labelled | int) -> Any:
    """A start, or a list of them, with `Positions` in place of people as `node_numbers` takes them: by label where there are labels."""
    if isinstance(start, Sequence) and not isinstance(start, str):
        return [placed(one, network) for one in start]
    if not isinstance(start, Mapping):
        return start
    return {
        state: value
        if value is None or isinstance(value, str | bool | int | float | np.integer | np.floating)
        else Positions(node_numbers(network, value, f"start: '{state}'"))
        for state, value in start.items()
    }
