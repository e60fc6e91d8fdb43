"""What a model may look like as data: a JSON Schema, for editors and for other programs."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any, get_type_hints

from tenfold.spread.rules import LAST, RULES, Rule

__all__ = ["model_schema"]

SHARE = {"type": "number", "minimum": 0, "maximum": 1}
RATE = {"type": "number", "minimum": 0}
NAME = {"type": "string", "minLength": 1}
STEP = {"type": "integer", "minimum": 1, "maximum": LAST}
NUMBERS: dict[str, dict[str, Any]] = {
    "chance": SHARE,
    "fraction": SHARE,
    "share": SHARE,
    "rate": RATE,
    "since": STEP,
    "until": STEP,
    "at": STEP,
    "count": {"type": "integer", "minimum": 0},
    "least": {"type": "integer", "minimum": 1},
    "sample": {"type": "integer", "minimum": 1},
    "people": {"type": "array", "items": {"type": "integer", "minimum": 0}, "uniqueItems": True},
}


def model_schema(version: int, most_states: int, most_rules: int) -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a model; the rules' fields are those of their classes."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Tenfold model",
        "type": "object",
        "required": ["states"],
        "additionalProperties": False,
        "properties": {
            "version": {"type": "integer", "minimum": 1, "maximum": version},
            "name": {"type": "string"},
            "source": {"type": "string", "description": "Where the model comes from."},
            "states": {"type": "array", "items": NAME, "minItems": 1, "maxItems": most_states, "uniqueItems": True},
            "rules": {"type": "array", "maxItems": most_rules, "items": {"oneOf": [_rule(rule) for rule in RULES.values()]}},
        },
    }


def _rule(rule: type[Rule]) -> dict[str, Any]:
    """A kind of rule."""
    hints = get_type_hints(rule)
    known = [one for one in fields(rule) if not (rule.kind == "move" and one.name in ("since", "until"))]
    return {
        "title": rule.kind,
        "description": (rule.__doc__ or "").strip(),
        "type": "object",
        "required": ["kind", *(one.name for one in known if one.default is MISSING or one.default == "")],
        "additionalProperties": False,
        "properties": {"kind": {"const": rule.kind}, **{one.name: _field(one.name, hints[one.name]) for one in known}},
    }


def _field(name: str, hint: Any) -> dict[str, Any]:
    """What a field of a rule may hold."""
    kinds = set(getattr(hint, "__args__", (hint,)))
    if bool in kinds:
        return {"type": "boolean"}
    if name not in NUMBERS:
        return NAME
    if str not in kinds:
        return NUMBERS[name]
    return {"anyOf": [NUMBERS[name], {"const": "weight"} if name == "rate" else NAME]}
