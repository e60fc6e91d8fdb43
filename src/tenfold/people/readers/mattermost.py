"""Bulk exports of Mattermost: replies, mentions, reactions and direct messages."""

from __future__ import annotations

import json
import re
from typing import Any

from tenfold.errors import DataError
from tenfold.people.printable import printable
from tenfold.people.readers.chat_tables import ChatTables, ChatUser
from tenfold.people.readers.context import ReadContext
from tenfold.people.readers.json_objects import objects, text_of
from tenfold.people.readers.raw_file import RawFile
from tenfold.people.readers.source_table import Source, SourceTable

__all__ = ["MATTERMOST"]

_FIRST = re.compile(
    rb'\s*\{\s*"type"\s*:\s*"version"\s*,\s*"version"\s*:|\s*\{\s*"version"\s*:\s*[0-9]+\s*,\s*"type"\s*:\s*"version"'
)
_MENTION = re.compile(r"(?<![\w@])@([a-z0-9][a-z0-9._-]{0,63})")
MAX_LINE = 16 << 20


def recognises_mattermost(raw: RawFile) -> bool:
    """Whether the first line says the version of a bulk export."""
    return _FIRST.match(raw.data[:1000]) is not None


def read_mattermost(raw: RawFile, _context: ReadContext) -> list[SourceTable]:
    """The tables of an export."""
    chat = ChatTables()
    start, number, data = 0, 0, raw.data
    while start < len(data):
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        number += 1
        if data[start:end].strip():
            try:
                if end - start > MAX_LINE:
                    raise ValueError
                _read_line(chat, json.loads(data[start:end]))
            except (ValueError, RecursionError):
                raise DataError(
                    f"{printable(raw.path.name)} row {number}: is no JSON object; expected a whole export of Mattermost. Export it again."
                ) from None
        start = end + 1
    found = chat.tables("mattermost", {"time": "create_at", "a": "user", "b": "parent, mention or member"})
    if not found:
        raise DataError(
            f"{printable(raw.path.name)}: holds no user and no post; expected an export of Mattermost. Export it again."
        )
    return found


def _read_line(chat: ChatTables, line: Any) -> None:
    """One object of the export."""
    kind = line.get("type") if isinstance(line, dict) else None
    body = line.get(kind) if isinstance(kind, str) else None
    if kind == "user" and isinstance(body, dict):
        name = " ".join(filter(None, (text_of(body, "first_name"), text_of(body, "last_name")))) or text_of(body, "nickname")
        handle = text_of(body, "username")
        if handle is not None and not body.get("delete_at"):
            chat.add_user(ChatUser(handle, name or handle, text_of(body, "email")))
    elif kind in ("post", "direct_post") and isinstance(body, dict):
        members = body.get("channel_members") if kind == "direct_post" else None
        group = f"#{text_of(body, 'channel')}" if kind == "post" and text_of(body, "channel") else ""
        _read_post(chat, body, [str(one) for one in members][:20] if isinstance(members, list) else [], group)


def _read_post(chat: ChatTables, post: dict[str, Any], members: list[str], group: str) -> None:
    """A post with its replies and reactions."""
    for one, parent in [(post, None), *((reply, text_of(post, "user")) for reply in objects(post.get("replies")))]:
        chat.read += 1
        sender, time = text_of(one, "user"), one.get("create_at")
        if sender is None or not isinstance(time, int) or not 0 < time < 1 << 43:
            chat.skip("posts without an author or time")
            continue
        time *= 1000
        before = chat.contacts
        if parent is not None:
            chat.contact(time, sender, parent, "reply", group)
        for other in members:
            chat.contact(time, sender, other, "direct message" if len(members) == 2 else "group message", group)
        for other in dict.fromkeys(_MENTION.findall(str(one.get("message", ""))[:40_000].lower())):
            if other in chat.users:
                chat.contact(time, sender, other, "mention", group)
        for reaction in objects(one.get("reactions")):
            who, when = text_of(reaction, "user"), reaction.get("create_at")
            if who is not None:
                chat.contact(
                    when * 1000 if isinstance(when, int) and 0 < when < 1 << 43 else time, who, sender, "reaction", group
                )
        if chat.contacts == before:
            chat.skip("messages to nobody in particular")


MATTERMOST = Source("mattermost", "export of Mattermost", recognises_mattermost, read_mattermost)
