"""Exports of Zulip: direct messages, and answers within a topic."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tenfold.errors import DataError
from tenfold.people.printable import printable
from tenfold.people.readers.archives import archive_names, read_archive_member
from tenfold.people.readers.chat_tables import ChatTables, ChatUser
from tenfold.people.readers.context import ReadContext
from tenfold.people.readers.json_objects import objects, text_of
from tenfold.people.readers.raw_file import RawFile
from tenfold.people.readers.source_table import Source, SourceTable

__all__ = ["ZULIP"]

DIRECT, GROUP = 1, 3  # kinds of recipients
MOST_MEMBERS = 20
ANSWER_WITHIN = 7 * 86_400_000_000  # microseconds


def recognises_zulip(raw: RawFile) -> bool:
    """Whether an archive has the realm and the messages of Zulip."""
    names = [name.rpartition("/")[2] for name in archive_names(raw) or ()]
    return "realm.json" in names and any(name.startswith("messages-") for name in names)


def read_zulip(raw: RawFile, _context: ReadContext) -> list[SourceTable]:
    """The tables of an export."""
    names = archive_names(raw) or []
    realm = _document(raw, next((name for name in names if name.rpartition("/")[2] == "realm.json"), "realm.json"))
    chat = ChatTables()
    for user in objects(realm.get("zerver_userprofile")) + objects(realm.get("zerver_userprofile_crossrealm")):
        if not user.get("is_bot"):
            email = text_of(user, "delivery_email") or text_of(user, "email")
            chat.add_user(ChatUser(str(user.get("id")), text_of(user, "full_name"), email))
    recipients = {one.get("id"): (one.get("type"), str(one.get("type_id"))) for one in objects(realm.get("zerver_recipient"))}
    members: dict[object, list[str]] = {}
    for one in objects(realm.get("zerver_subscription")):
        members.setdefault(one.get("recipient"), []).append(str(one.get("user_profile")))
    streams = {str(one.get("id")): text_of(one, "name") or "" for one in objects(realm.get("zerver_stream"))}
    last: dict[tuple[object, object], tuple[str, int]] = {}
    for message in _messages(raw, names):
        chat.read += 1
        sender, time = str(message.get("sender")), _time(message.get("date_sent"))
        kind, target = recipients.get(message.get("recipient"), (None, ""))
        if sender not in chat.users or time is None:
            chat.skip("notices and messages of bots")
        elif kind == DIRECT:
            chat.contact(time, sender, target, "direct message")
        elif kind == GROUP:
            for other in members.get(message.get("recipient"), [])[:MOST_MEMBERS]:
                chat.contact(time, sender, other, "group message")
        else:
            topic = (message.get("recipient"), message.get("subject"))
            before = last.get(topic)
            if before is not None and before[0] != sender and time - before[1] <= ANSWER_WITHIN:
                chat.contact(time, sender, before[0], "reply", f"#{streams.get(target, target)}")
            else:
                chat.skip("messages to nobody in particular")
            last[topic] = (sender, time)
    found = chat.tables(
        "zulip", {"time": "date_sent", "a": "sender", "b": "recipient"}, guesses=["who writes next in a topic is taken to answer"]
    )
    if not found:
        raise DataError(
            f"{printable(raw.path.name)}: holds no user and no message; expected an export of Zulip. Export it again."
        )
    return found


def _document(raw: RawFile, name: str) -> dict[str, Any]:
    try:
        found = json.loads(read_archive_member(raw, name))
        if not isinstance(found, dict):
            raise ValueError
    except (ValueError, RecursionError):
        raise DataError(
            f"{printable(raw.path.name)}: its file '{printable(name)}' is no JSON object; expected a whole export. Export it again."
        ) from None
    return found


def _messages(raw: RawFile, names: list[str]) -> Iterator[dict[str, Any]]:
    for name in sorted(names):
        base = name.rpartition("/")[2]
        if base.startswith("messages-") and base.endswith(".json"):
            yield from objects(_document(raw, name).get("zerver_message"))


def _time(value: object) -> int | None:
    return round(value * 1e6) if isinstance(value, int | float) and 0 < value < 1 << 33 else None


ZULIP = Source("zulip", "export of Zulip", recognises_zulip, read_zulip)
