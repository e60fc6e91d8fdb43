"""Posts of Discourse, from a query of its Data Explorer: who answered whom."""

from __future__ import annotations

import io

import polars as pl

from tenfold.errors import DataError
from tenfold.people.printable import printable
from tenfold.people.readers.context import ReadContext
from tenfold.people.readers.raw_file import RawFile, decode_text
from tenfold.people.readers.source_table import Source, SourceTable

__all__ = ["DISCOURSE"]

_NEEDED = {"topic_id", "post_number", "created_at"}
_AUTHOR = ("username", "user_id", "name")


def recognises_discourse(raw: RawFile) -> bool:
    """Whether the first line names the columns of posts."""
    head = {
        one.strip().strip('"').casefold()
        for one in raw.data[:4000].lstrip(b"\xef\xbb\xbf").split(b"\n")[0].decode("utf-8", "replace").split(",")
    }
    return head >= _NEEDED and bool(head & set(_AUTHOR))


def read_discourse(raw: RawFile, context: ReadContext) -> list[SourceTable]:
    """A contact for each post that answers another, or the one that began its topic."""
    name = printable(raw.path.name)
    text, used = decode_text(raw, context.encoding)
    try:
        posts = pl.read_csv(io.BytesIO(text.encode()), infer_schema=False)
    except (pl.exceptions.PolarsError, ValueError) as error:
        raise DataError(
            f"{name}: cannot be read as CSV ({printable(error, 80)}); expected the result of a query. Run it again."
        ) from None
    posts = posts.rename({column: column.strip().casefold() for column in posts.columns})
    author = next((column for column in _AUTHOR if column in posts.columns), None)
    if author is None or not set(posts.columns) >= _NEEDED:
        raise DataError(
            f"{name}: its header cannot be read; expected topic_id, post_number, user_id, created_at. Run the query again."
        )
    answered = pl.col("reply_to_post_number") if "reply_to_post_number" in posts.columns else pl.lit(None, pl.String)
    posts = posts.select("topic_id", "post_number", time="created_at", a=author, to=pl.when(answered != "").then(answered))
    first = pl.when(pl.col("post_number") != "1").then(pl.lit("1"))
    posts = posts.with_columns(
        kind=pl.when(pl.col("to").is_null()).then(pl.lit("answer")).otherwise(pl.lit("reply")), to=pl.coalesce("to", first)
    )
    by_post = posts.select("topic_id", pl.col("post_number").alias("to"), b="a").unique(["topic_id", "to"])
    found = posts.join(by_post, on=["topic_id", "to"], maintain_order="left").filter(pl.col("a") != pl.col("b"))
    if not found.height:
        raise DataError(
            f"{name}: holds no post that answers one of somebody else; expected topic_id, post_number, reply_to_post_number."
        )
    frame = found.select("time", "a", "b", "kind", source=pl.lit("discourse"))
    mapping = {"time": "created_at", "a": author, "b": "reply_to_post_number"}
    skipped = {"posts that answer nobody": posts.height - found.height}
    guesses = ["a post that names none is taken to answer the first of its topic"]
    return [SourceTable("contacts", frame, mapping, None, posts.height, skipped, guesses=guesses, encoding=used.upper())]


DISCOURSE = Source("discourse", "posts of Discourse", recognises_discourse, read_discourse)
