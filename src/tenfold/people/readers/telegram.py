"""Exports of Telegram Desktop: who wrote to whom, replies and reactions; in a group, those who wrote on one day were together."""

from __future__ import annotations

import json
import re
from typing import Any

from tenfold.errors import DataError
from tenfold.people.printable import printable
from tenfold.people.readers.chat_tables import ChatTables, ChatUser
from tenfold.people.readers.context import ReadContext
from tenfold.people.readers.json_objects import iterate_array, objects, text_of
from tenfold.people.readers.raw_file import RawFile, decode_text
from tenfold.people.readers.source_table import Source, SourceTable

__all__ = ["TELEGRAM"]

_ARRAY = re.compile(r'"messages"\s*:\s*\[')
_NAME, _TYPE = (re.compile(rf'"{key}"\s*:\s*("(?:[^"\\]|\\.)*")') for key in ("name", "type"))
_RECOGNISED = re.compile(rb'"(?:date_unixtime|from_id|actor_id)"\s*:')


def recognises_telegram(raw: RawFile) -> bool:
    """Whether a JSON document has messages with the fields of Telegram."""
    head = raw.data[: 1 << 16].lstrip(b"\xef\xbb\xbf \r\n\t")
    return head[:1] == b"{" and b'"messages"' in head and _RECOGNISED.search(head) is not None


def read_telegram(raw: RawFile, context: ReadContext) -> list[SourceTable]:
    """The tables of an export of one chat or of all."""
    name = printable(raw.path.name)
    text, _ = decode_text(raw, context.encoding)
    chat = ChatTables()
    place = 0
    groups = False
    try:
        while (match := _ARRAY.search(text, place)) is not None:
            said = text[max(place, match.start() - 2000) : match.start()]
            titles, kinds = _NAME.findall(said), _TYPE.findall(said)
            title, kind = (str(json.loads(found[-1])) if found else "" for found in (titles, kinds))
            ends: list[int] = []
            groups |= _read_chat(chat, list(_lean(iterate_array(text, match.end(), ends))), title, kind)
            place = ends[0]
    except (ValueError, RecursionError):
        raise DataError(
            f"{name}: is an export of Telegram that is cut off or damaged; expected a whole one. Export it again."
        ) from None
    found = chat.tables(
        "telegram", {"time": "date_unixtime", "a": "from", "b": "the other"}, guesses=_guesses(groups), people=False
    )
    if not found:
        raise DataError(f"{name}: holds no message between people; expected chats or groups. Export these chats.")
    return found


def _guesses(groups: bool) -> list[str]:
    return ["those who wrote in a group on one day are a gathering"] if groups else []


def _lean(messages: Any) -> Any:
    """Messages without their text."""
    kept = ("id", "type", "from", "from_id", "date_unixtime", "reply_to_message_id", "reactions")
    for message in messages:
        lean = {key: message[key] for key in kept if key in message}
        entities = objects(message.get("text_entities")) or objects(message.get("text"))
        lean["mentions"] = [f"user{one['user_id']}" for one in entities if one.get("type") == "mention_name" and "user_id" in one]
        yield lean


def _read_chat(chat: ChatTables, messages: list[dict[str, Any]], title: str, kind: str) -> bool:
    """The contacts of one chat; whether it is one of a group."""
    author: dict[object, str] = {}
    people: dict[str, None] = {}
    for message in messages:
        handle = text_of(message, "from_id")
        if message.get("type") == "message" and handle is not None and handle.startswith("user"):
            author[message.get("id")] = handle
            people.setdefault(handle)
            chat.add_user(ChatUser(handle, text_of(message, "from")))
    group = len(people) > 2 or "group" in kind or "channel" in kind
    names = list(people)
    for message in messages:
        chat.read += 1
        sender, time = author.get(message.get("id")), _time(message.get("date_unixtime"))
        if sender is None or time is None:
            chat.skip("notices of the chat")
            continue
        if group:
            chat.presence(time, sender, f"{title or 'Telegram'} (chat)")
            other = author.get(message.get("reply_to_message_id"))
            if other is not None:
                chat.contact(time, sender, other, "reply", title)
        elif len(names) == 2:
            chat.contact(time, sender, names[1] if sender == names[0] else names[0], "message", title)
        for mentioned in message["mentions"]:
            chat.contact(time, sender, mentioned, "mention", title)
        for reaction in objects(message.get("reactions")):
            for one in objects(reaction.get("recent")):
                who = text_of(one, "from_id")
                if who is not None and who.startswith("user"):
                    chat.contact(time, who, sender, "reaction", title)
    return group


def _time(value: object) -> int | None:
    try:
        seconds = int(str(value))
    except ValueError:
        return None
    return seconds * 1_000_000 if 0 < seconds < 1 << 33 else None


TELEGRAM = Source("telegram", "export of Telegram", recognises_telegram, read_telegram)
