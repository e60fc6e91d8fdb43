"""Tenfold keeps what a group attained together, and multiplies it: bonds, forecast and plan from who met whom."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from tenfold.version import __version__ as __version__

if TYPE_CHECKING:
    from tenfold.bonds.standing import measure_standing
    from tenfold.bonds.strength import Bonds, measure_bonds
    from tenfold.errors import BackendError, DataError, PlanError, SpecError, StoreError, TenfoldError
    from tenfold.forecast.backtest import Backtest, backtest
    from tenfold.forecast.predict import predict_bonds, predict_people
    from tenfold.networks import generators, measures
    from tenfold.networks.graph import Graph
    from tenfold.networks.graph_files import read_graph
    from tenfold.networks.groups import Groups, read_groups
    from tenfold.networks.labels import Positions
    from tenfold.networks.temporal import Temporal, read_temporal
    from tenfold.people.contacts import Contacts
    from tenfold.people.readers import read_contacts, read_people
    from tenfold.people.roster import People
    from tenfold.plan.locks import Locks, read_locks
    from tenfold.plan.plan import Plan, make_plan
    from tenfold.seeds.choose import choose_seeds
    from tenfold.seeds.reach_estimate import estimate_reach
    from tenfold.seeds.result import Reach, Seeds
    from tenfold.spread import library as models
    from tenfold.spread.model import Model
    from tenfold.spread.result import Result
    from tenfold.spread.rules import Contact, Group, Imitation, Mixing, Move, Spontaneous, Threshold
    from tenfold.spread.simulate import simulate
    from tenfold.world.claims.claim import Claims
    from tenfold.world.claims.registry import claims
    from tenfold.world.ladder import ladder
    from tenfold.world.result import WorldResult
    from tenfold.world.run import run_world
    from tenfold.world.ties import Ties
    from tenfold.world.wave import Wave, run_wave
    from tenfold.world.world import World

__all__ = [
    "BackendError",
    "Backtest",
    "Bonds",
    "Claims",
    "Contact",
    "Contacts",
    "DataError",
    "Graph",
    "Group",
    "Groups",
    "Imitation",
    "Locks",
    "Mixing",
    "Model",
    "Move",
    "People",
    "Plan",
    "PlanError",
    "Positions",
    "Reach",
    "Result",
    "Seeds",
    "SpecError",
    "Spontaneous",
    "StoreError",
    "Temporal",
    "TenfoldError",
    "Threshold",
    "Ties",
    "Wave",
    "World",
    "WorldResult",
    "backtest",
    "choose_seeds",
    "claims",
    "estimate_reach",
    "generators",
    "ladder",
    "make_plan",
    "measure_bonds",
    "measure_standing",
    "measures",
    "models",
    "predict_bonds",
    "predict_people",
    "read_contacts",
    "read_graph",
    "read_groups",
    "read_locks",
    "read_people",
    "read_temporal",
    "run_wave",
    "run_world",
    "simulate",
]


_ROOMS = {
    "tenfold.errors": ("BackendError", "DataError", "PlanError", "SpecError", "StoreError", "TenfoldError"),
    "tenfold.bonds.strength": ("Bonds", "measure_bonds"),
    "tenfold.bonds.standing": ("measure_standing",),
    "tenfold.people.contacts": ("Contacts",),
    "tenfold.people.roster": ("People",),
    "tenfold.people.readers": ("read_contacts", "read_people"),
    "tenfold.forecast.backtest": ("Backtest", "backtest"),
    "tenfold.forecast.predict": ("predict_bonds", "predict_people"),
    "tenfold.networks.graph_files": ("read_graph",),
    "tenfold.networks.graph": ("Graph",),
    "tenfold.networks.groups": ("Groups", "read_groups"),
    "tenfold.networks.labels": ("Positions",),
    "tenfold.networks.temporal": ("Temporal", "read_temporal"),
    "tenfold.plan.plan": ("Plan", "make_plan"),
    "tenfold.plan.locks": ("Locks", "read_locks"),
    "tenfold.seeds.choose": ("choose_seeds",),
    "tenfold.seeds.reach_estimate": ("estimate_reach",),
    "tenfold.seeds.result": ("Reach", "Seeds"),
    "tenfold.spread.model": ("Model",),
    "tenfold.spread.result": ("Result",),
    "tenfold.spread.rules": ("Contact", "Group", "Imitation", "Mixing", "Move", "Spontaneous", "Threshold"),
    "tenfold.spread.simulate": ("simulate",),
    "tenfold.world.claims.claim": ("Claims",),
    "tenfold.world.claims.registry": ("claims",),
    "tenfold.world.ladder": ("ladder",),
    "tenfold.world.result": ("WorldResult",),
    "tenfold.world.run": ("run_world",),
    "tenfold.world.ties": ("Ties",),
    "tenfold.world.wave": ("Wave", "run_wave"),
    "tenfold.world.world": ("World",),
}
_MODULES = {
    "generators": "tenfold.networks.generators",
    "measures": "tenfold.networks.measures",
    "models": "tenfold.spread.library",
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for, so that importing the package stays quick."""
    if name in _MODULES:
        return import_module(_MODULES[name])
    if name not in _ROOM_OF:
        raise AttributeError(f"module 'tenfold' has no attribute '{name}'")
    return getattr(import_module(_ROOM_OF[name]), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
