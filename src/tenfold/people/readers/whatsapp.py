"""Chats of WhatsApp: who wrote when. Two people are in contact; in a group, those who wrote on one day were together."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import polars as pl

from tenfold.errors import DataError
from tenfold.people.printable import printable
from tenfold.people.readers.archives import ZipArchive, is_zip, zip_names
from tenfold.people.readers.chat_tables import ChatTables
from tenfold.people.readers.context import ReadContext
from tenfold.people.readers.raw_file import RawFile, decode_text
from tenfold.people.readers.source_table import Source, SourceTable
from tenfold.people.timestamps import parse_times

__all__ = ["WHATSAPP"]

_LINE = re.compile(
    r"[\u200e\u200f\ufeff]*\[?(?P<when>[0-9]{1,4}[./-] ?[0-9]{1,2}[./-] ?[0-9]{1,4}\.?,? +(?:um |at |à |alle |a las )?"
    r"[0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2})?(?:[\s\u202f\u00a0]?[AaPp]\.?[\s\u00a0]?[Mm]\.?)?)\]?(?: [-–])?[\s\u200e\u200f]+(?P<rest>.*)"
)
_SENDER = re.compile(r"[\u200e\u202a~\s\u202f]*([^:\"“”«»\n]{1,60}): ")
_MENTION = re.compile("@\u2068~?([^\u2069]{1,60})\u2069")
_FILE = re.compile(
    r"^(?:whatsapp[ _-]?chat(?:[ _-](?:with|mit|avec|con|com|met|z|с|з))?[ _-]*|chat[ _-]de[ _-]whatsapp[ _-]con[ _-]*|_chat)",
    re.IGNORECASE,
)
_TEXT_IN_ZIP = re.compile(r"(?:.*/)?(?:_chat|whatsapp[^/]*)\.txt", re.IGNORECASE)


def _text(raw: RawFile, context: ReadContext | None) -> tuple[str, str] | None:
    """The text of a chat, also out of the archive that a telephone makes; and its encoding."""
    if is_zip(raw):
        names = [name for name in zip_names(raw) if _TEXT_IN_ZIP.fullmatch(name)]
        if len(names) != 1:
            return None
        return ZipArchive(raw).read(names[0]).decode("utf-8", "replace"), "utf-8"
    return decode_text(raw, None if context is None else context.encoding)


def recognises_whatsapp(raw: RawFile) -> bool:
    """Whether most of the first lines begin with a date, a clock and a sender."""
    if is_zip(raw):
        try:
            return _text(raw, None) is not None
        except DataError:
            return False
    head = raw.data[: 1 << 14].decode("utf-8", "replace").splitlines()[:60]
    lines = [match for match in map(_LINE.match, head) if match]
    return len(lines) >= 1 and len(lines) >= 0.2 * len(head) and any(_SENDER.match(one["rest"]) for one in lines)


def read_whatsapp(raw: RawFile, context: ReadContext) -> list[SourceTable]:
    """The tables of a chat."""
    name = printable(raw.path.name)
    found = _text(raw, context)
    if found is None:
        raise DataError(f"{name}: holds no chat of WhatsApp; expected one text with it. Export the chat again, without media.")
    moments, senders, mentions, system = [], [], [], 0
    for when, sender, named in _messages(found[0]):
        if sender is None:
            system += 1
            continue
        moments.append(when)
        senders.append(sender)
        mentions.append(named)
    if not moments:
        raise DataError(f"{name}: has no message with a sender; expected lines such as '14/09/2026, 18:20 - Ana: …'.")
    times = _times(pl.Series(moments), context, name)
    chat = ChatTables(read=len(moments) + system)
    chat.skipped["notices of the chat"] += system
    if not system:
        del chat.skipped["notices of the chat"]
    group = _FILE.sub("", re.sub(r"(?:\.txt|\.zip|\.gz)+$", "", raw.path.name, flags=re.IGNORECASE)).strip(" -_") or "WhatsApp"
    people = list(dict.fromkeys(senders))
    for time, sender, named in zip(times, senders, mentions, strict=True):
        if len(people) == 2:
            chat.contact(time, sender, people[1] if sender == people[0] else people[0], "message", group)
        else:
            chat.presence(time, sender, f"{group} (chat)")
        for other in named:
            chat.contact(time, sender, other, "mention", group)
    guesses = [] if len(people) == 2 else [f"those who wrote in '{printable(group, 40)}' on one day are a gathering"]
    mapping = (
        {"time": "time", "a": "sender", "b": "the other"}
        if len(people) == 2
        else {"event": "chat", "start": "day", "person": "sender"}
    )
    return chat.tables("whatsapp", mapping, guesses=guesses, people=False)


def _messages(text: str) -> Iterator[tuple[str, str | None, list[str]]]:
    """The moment, the sender (None: a notice) and the people mentioned of each message; what it says is dropped here."""
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        match = _LINE.match(text, start, end)
        if match is not None:
            rest = match["rest"]
            sender = _SENDER.match(rest)
            when = unicodedata.normalize("NFKC", match["when"])
            if sender is None:
                yield when, None, []
            else:
                yield (
                    when,
                    sender[1].strip(),
                    [one.strip() for one in _MENTION.findall(rest, sender.end())] if "@" in rest else [],
                )
        start = end + 1


def _times(moments: pl.Series, context: ReadContext, name: str) -> list[int]:
    """Microseconds since 1970."""
    distinct = moments.unique(maintain_order=True)
    cleaned = distinct.str.replace(r",? +(?:um |at |à |alle |a las )?([0-9]{1,2}[:.][0-9])", " ${1}")
    parsed = parse_times(cleaned, context.dayfirst, latest=context.now, zone=context.zone)
    if parsed.ambiguous is not None or parsed.contradicts is not None:
        shown = printable(distinct[parsed.ambiguous if parsed.ambiguous is not None else 0])
        raise DataError(
            f"{name}: '{shown}' may be day/month or month/day, and no message decides; say --dayfirst or --monthfirst."
        )
    if parsed.times.null_count():
        shown = printable(distinct[int(parsed.times.is_null().arg_true()[0])])
        raise DataError(
            f"{name}: '{shown}' is no time of a message; expected one such as 14/09/2026, 18:20. Export the chat again."
        )
    lookup = dict(zip(distinct.to_list(), parsed.times.dt.epoch("us").to_list(), strict=True))
    return [lookup[one] for one in moments.to_list()]


WHATSAPP = Source("whatsapp", "chat of WhatsApp", recognises_whatsapp, read_whatsapp)
