"""A model: states and rules, as data that a file can hold."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from tenfold import notebook
from tenfold.documents import read_toml
from tenfold.errors import SpecError
from tenfold.spread.rules import RULES, Rule

__all__ = ["Model"]

VERSION = 1
MOST_STATES, MOST_RULES = 250, 250
_MOST_SHOWN = 20


@dataclass(frozen=True)
class Model:
    """States, the first of which everybody is in unless the start says otherwise, and rules in the order in which they are tried.

    At each step everybody reads the state of the step before; the first rule that fires for somebody wins.

    Examples
    --------
    >>> from tenfold.spread.rules import Contact, Spontaneous
    >>> sir = Model(("S", "I", "R"), (Contact("S", "I", via="I", chance=0.1), Spontaneous("I", "R", chance=0.2)))
    >>> Model.from_dict(sir.to_dict()) == sir
    True
    """

    states: tuple[str, ...]
    rules: tuple[Rule, ...]
    name: str = "model"
    source: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "states", tuple(self.states))
        object.__setattr__(self, "rules", tuple(self.rules))
        if not all(isinstance(one, str) and one for one in self.states):
            raise SpecError(f"model {self.name}: has the states {self.states}; expected names.")
        if not 1 <= len(self.states) <= MOST_STATES or len(set(self.states)) < len(self.states):
            raise SpecError(f"model {self.name}: has the states {self.states}; expected 1 to {MOST_STATES} different names.")
        if len(self.rules) > MOST_RULES:
            raise SpecError(f"model {self.name}: has {len(self.rules)} rules; at most {MOST_RULES} are allowed.")
        for number, rule in enumerate(self.rules, start=1):
            if not isinstance(rule, tuple(RULES.values())):
                raise SpecError(
                    f"model {self.name}, rule {number}: is a {type(rule).__name__}; expected one of {', '.join(RULES)}."
                )
            for field in ("source", "via", "target"):
                state = getattr(rule, field, None)
                if state is not None and state not in self.states:
                    raise SpecError(
                        f"model {self.name}, rule {number}: {field} '{state}' is no state; expected one of {', '.join(self.states)}."
                    )

    def __repr__(self) -> str:
        """The model in a line: its states and how many rules."""
        rules = ", ".join(rule.kind for rule in self.rules)
        return notebook.line(f"Model {notebook.one_line(self.name)}", [("states", ", ".join(self.states)), ("rules", rules)])

    def _repr_html_(self) -> str:
        """The model for a notebook: its states, and its rules in the order in which they are tried."""
        rows = [(f"rule {number}", _in_words(rule)) for number, rule in enumerate(self.rules, start=1)]
        more = [("and", f"{len(rows) - _MOST_SHOWN} more rules")] if len(rows) > _MOST_SHOWN else []
        about = [("states", ", ".join(self.states)), *rows[:_MOST_SHOWN], *more]
        return notebook.page(f"Model {self.name}", about, notes=[self.source] if self.source else [])

    def unreachable(self) -> list[str]:
        """States that no rule leads to, but for the first."""
        return [state for state in self.states[1:] if all(rule.target != state for rule in self.rules)]

    def to_dict(self) -> dict[str, Any]:
        """The model as plain data."""
        about = {"name": self.name} | ({"source": self.source} if self.source else {})
        return {"version": VERSION, **about, "states": list(self.states), "rules": [rule.to_dict() for rule in self.rules]}

    @staticmethod
    def schema() -> dict[str, Any]:
        """What `from_dict` takes, as JSON Schema (draft 2020-12).

        Examples
        --------
        >>> [rule["title"] for rule in Model.schema()["properties"]["rules"]["items"]["oneOf"]]
        ['spontaneous', 'contact', 'threshold', 'group', 'mixing', 'imitation', 'move']
        """
        from tenfold.spread.schema import model_schema

        return model_schema(VERSION, MOST_STATES, MOST_RULES)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Model:
        """A model from plain data.

        Raises
        ------
        SpecError
            The rule and the field that is wrong, what it holds, and what is allowed.
        """
        if not isinstance(data, dict):
            raise SpecError(f"model: is a {type(data).__name__}; expected a table with states and rules.")
        name = str(data.get("name", "model"))
        version = data.get("version", VERSION)
        if not isinstance(version, int) or version > VERSION:
            raise SpecError(f"model {name}: has the version {version!r}; this Tenfold reads up to {VERSION}. Upgrade Tenfold.")
        unknown = set(data) - {"version", "name", "source", "states", "rules"}
        if unknown:
            raise SpecError(
                f"model {name}: '{sorted(map(str, unknown))[0]}' is no field; expected version, name, source, states, rules."
            )
        states, given = data.get("states"), data.get("rules", [])
        if not isinstance(states, list | tuple) or not isinstance(given, list | tuple):
            raise SpecError(f"model {name}: expected states (a list of names) and rules (a list of tables).")
        rules = [_rule(name, number, one) for number, one in enumerate(given, start=1)]
        return cls(tuple(states), tuple(rules), name, str(data.get("source", "")))

    @classmethod
    def from_toml(cls, path: str | Path) -> Model:
        """A model from the table ``[model]`` of a TOML file."""
        data = read_toml(Path(path))
        return cls.from_dict(data.get("model", data))


def _in_words(rule: Rule) -> str:
    """A rule in a line: its kind, from where to where, and its parameters."""
    rest = {name: value for name, value in rule.to_dict().items() if name not in ("kind", "source", "target")}
    return f"{rule.kind}: {rule.source} → {rule.target}" + "".join(f", {name} {value}" for name, value in rest.items())


def _rule(model: str, number: int, data: object) -> Rule:
    """One rule from plain data."""
    where = f"model {model}, rule {number}"
    if not isinstance(data, dict):
        raise SpecError(f"{where}: is a {type(data).__name__}; expected a table with kind, source and target.")
    kind = data.get("kind")
    if not isinstance(kind, str) or kind not in RULES:
        raise SpecError(f"{where}: kind is {kind!r}; expected one of {', '.join(RULES)}.")
    allowed = [one.name for one in fields(RULES[kind])]
    unknown = [name for name in data if name not in {"kind", *allowed}]
    if unknown:
        raise SpecError(f"{where}: '{unknown[0]}' is no field of a {kind} rule; expected {', '.join(allowed)}.")
    missing = [name for name in ("source", "target") if name not in data]
    if missing:
        raise SpecError(f"{where}: {missing[0]} is missing; expected a state.")
    try:
        return RULES[kind](**{name: value for name, value in data.items() if name != "kind"})
    except SpecError as error:
        raise SpecError(f"{where}: {error}") from None
