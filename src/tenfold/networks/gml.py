"""GML (Graph Modelling Language): a small reader of its own; Himsolt 1997."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from tenfold.errors import DataError
from tenfold.networks.graph import Graph
from tenfold.networks.graph_builder import GraphBuilder
from tenfold.notebook import one_line

__all__ = ["looks_like_gml", "read_gml"]

_TOKEN = re.compile(r'\s*(?:(#[^\n]*)|(\[)|(\])|"([^"]*)"|([^\s\[\]"]+))')
_MAX_DEPTH = 50
_USED = frozenset({"id", "label", "source", "target", "weight", "value"})
Value = str | float | dict[str, "Value"]


def looks_like_gml(text: str) -> bool:
    """Whether a text begins as GML does: `graph [`, perhaps after a creator, a version or comments."""
    return (
        re.match(r'(?:\s*(?:#[^\n]*\n|(?:Creator|Version|Comment)\s+(?:"[^"]*"|\S+)[^\n]*\n))*\s*graph\s*\[', text, re.I)
        is not None
    )


def read_gml(text: str, where: str) -> Graph:
    """The graph in a GML text. `labels`: the labels of the nodes if each has one of its own, else their ids.

    Raises
    ------
    DataError
        The text is no GML, or holds no graph or several.
    """
    builder = GraphBuilder(where, len(text))
    labels: dict[str, str | None] = {}
    graphs, directed, by_value = 0, False, 0
    tokens = _tokens(text, where)
    for key, value in _pairs(tokens, where, 0):
        if key != "graph" or value is not None:
            continue
        graphs += 1
        if graphs > 1:
            raise DataError(f"{where}: holds several graphs; expected one. Split the file.")
        for inner, content in _pairs(tokens, where, 1, inside=True):
            record = _record(tokens, where, 2) if content is None else {}
            if inner == "directed" and content is not None:
                directed = _text(content) == "1"
            elif inner == "node":
                name = _text(record.get("id"))
                builder.add_node(name)
                labels[name or ""] = _text(record.get("label"))
            elif inner == "edge":
                weight = record.get("weight")
                if weight is None and "value" in record:
                    weight, by_value = record["value"], by_value + 1
                number = None if weight is None else builder.weight_of(weight)
                builder.add_edge(_text(record.get("source")), _text(record.get("target")), False, number)
        builder.directed = bytearray([directed]) * len(builder.a)  # which may be said after the edges
    if not graphs:
        raise DataError(f"{where}: holds no graph; expected one. Export it again.")
    if by_value:
        builder.notes.append("Weight: 'value', as the edges have no 'weight'.")
    undeclared = builder.declared.find(0)
    if undeclared < 0:
        builder.rename(labels)
    return builder.build(directed)


def _tokens(text: str, where: str) -> Iterator[tuple[str, str]]:
    """Kinds and texts: "[", "]", text in quotes, or a word."""
    at = 0
    while match := _TOKEN.match(text, at):
        at = match.end()
        if match[2] or match[3]:
            yield match[2] or match[3], ""
        elif match[4] is not None:
            yield "text", unescape(match[4])
        elif match[5]:
            yield "word", match[5]
    if text[at:].strip():
        raise DataError(f"{where}: is no GML that can be read (a quotation mark is not closed). Export it again.")


def _pairs(
    tokens: Iterator[tuple[str, str]], where: str, depth: int, *, inside: bool = False
) -> Iterator[tuple[str, str | None]]:
    """Keys and values of a list; the value is None where a list begins, whose tokens come next."""
    for kind, key in tokens:
        if kind == "]" and inside:
            return
        if kind != "word":
            raise DataError(f"{where}: is no GML that can be read (at {one_line(key or kind, 40)!r}). Export it again.")
        kind, value = next(tokens, ("", ""))
        if kind not in ("[", "text", "word"):
            raise DataError(f"{where}: is no GML that can be read ({one_line(key, 40)!r} has no value). Export it again.")
        if kind == "[" and not (key.casefold() == "graph" or inside):
            _record(tokens, where, depth + 1)
            continue
        yield key.casefold(), None if kind == "[" else value
    if inside:
        raise DataError(f"{where}: ends in the middle of a list; it was cut short. Export it again.")


def _record(tokens: Iterator[tuple[str, str]], where: str, depth: int) -> dict[str, Value]:
    """The values of a list that has just begun, those that are used; lists in it are passed over."""
    if depth > _MAX_DEPTH:
        raise DataError(f"{where}: has lists in lists, more than {_MAX_DEPTH} deep; no graph needs them.")
    found: dict[str, Value] = {}
    for key, value in _pairs(tokens, where, depth, inside=True):
        if value is None:
            _record(tokens, where, depth + 1)
        elif key in _USED:
            found.setdefault(key, value)
    return found


def _text(value: object) -> str | None:
    return None if value is None else str(value)
