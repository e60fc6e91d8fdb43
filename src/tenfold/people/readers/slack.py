"""Exports of Slack: replies, mentions, reactions and direct messages, each a contact of its own kind."""

from __future__ import annotations

import re
from typing import Any

from tenfold.errors import DataError
from tenfold.people.printable import printable
from tenfold.people.readers.archives import ZipArchive, is_zip, zip_names
from tenfold.people.readers.chat_tables import ChatTables, ChatUser
from tenfold.people.readers.context import ReadContext
from tenfold.people.readers.json_objects import objects, text_of
from tenfold.people.readers.raw_file import RawFile
from tenfold.people.readers.source_table import Source, SourceTable

__all__ = ["SLACK"]

_DAY = re.compile(r"(?P<channel>[^/]+)/[0-9]{4}-[0-9]{2}-[0-9]{2}\.json")
_MENTION = re.compile(r"<@([UW][A-Z0-9]{1,20})(?:\|[^>]*)?>")
MOST_REACTIONS = 1000


def recognises_slack(raw: RawFile) -> bool:
    """Whether an archive has the lists of users and channels of Slack."""
    if not is_zip(raw):
        return False
    names = {name.rpartition("/")[2] for name in zip_names(raw)}
    return "users.json" in names and bool(names & {"channels.json", "groups.json", "dms.json", "mpims.json"})


def read_slack(raw: RawFile, _context: ReadContext) -> list[SourceTable]:
    """The tables of an export."""
    archive = ZipArchive(raw)
    top = next(name for name in archive.names if name.rpartition("/")[2] == "users.json").removesuffix("users.json")
    inside = {name.removeprefix(top): name for name in archive.names if name.startswith(top)}
    chat = ChatTables()
    for user in objects(archive.read_json(inside["users.json"])):
        profile = user.get("profile") if isinstance(user.get("profile"), dict) else {}
        if user.get("is_bot") or user.get("id") == "USLACKBOT":
            continue
        name = (
            text_of(profile, "real_name")
            or text_of(user, "real_name")
            or text_of(profile, "display_name")
            or text_of(user, "name")
        )
        chat.add_user(ChatUser(str(user.get("id", "")), name, text_of(profile, "email")))
    direct = _direct_channels(archive, inside)
    shown = {"".join(text_of(one, "name") or ""): f"#{text_of(one, 'name')}" for one in _channels(archive, inside)}
    for name in sorted(inside):
        match = _DAY.fullmatch(name)
        if match is None:
            continue
        channel = match["channel"]
        for message in objects(archive.read_json(inside[name])):
            _read_message(chat, message, direct.get(channel), shown.get(channel, channel) if channel not in direct else "")
    if not chat.read and not chat.users:
        raise DataError(
            f"{printable(raw.path.name)}: holds no user and no message; expected an export of Slack. Export it again."
        )
    return chat.tables("slack", {"time": "ts", "a": "user", "b": "parent, mention or member"})


def _read_message(chat: ChatTables, message: dict[str, Any], members: list[str] | None, group: str) -> None:
    """The contacts of one message; its text is looked through for mentions and dropped."""
    chat.read += 1
    sender, time = message.get("user"), _time(message.get("ts"))
    if message.get("type") != "message" or not isinstance(sender, str) or time is None or message.get("subtype") in _NOTICES:
        chat.skip("notices and messages of bots")
        return
    before = chat.contacts
    parent = message.get("parent_user_id")
    if isinstance(parent, str) and message.get("thread_ts") != message.get("ts"):
        chat.contact(time, sender, parent, "reply", group)
    for other in dict.fromkeys(_MENTION.findall(str(message.get("text", ""))[:40_000])):
        chat.contact(time, sender, other, "mention", group)
    for other in members or ():
        chat.contact(time, sender, other, "direct message" if len(members or ()) == 2 else "group message", group)
    for reaction in objects(message.get("reactions"))[:MOST_REACTIONS]:
        users = reaction.get("users")
        for other in users[:MOST_REACTIONS] if isinstance(users, list) else ():
            if isinstance(other, str):
                chat.contact(time, other, sender, "reaction", group)
    if chat.contacts == before:
        chat.skip("messages to nobody in particular")


_NOTICES = frozenset(
    [
        "channel_join",
        "channel_leave",
        "channel_topic",
        "channel_purpose",
        "channel_name",
        "bot_message",
        "bot_add",
        "group_join",
        "tombstone",
    ]
)


def _time(ts: object) -> int | None:
    """Microseconds since 1970, from text such as 1761990000.000200."""
    try:
        seconds, _, rest = str(ts).partition(".")
        value = int(seconds) * 1_000_000 + int((rest + "000000")[:6])
    except ValueError:
        return None
    return value if 0 < value < 1 << 53 else None


def _channels(archive: ZipArchive, inside: dict[str, str]) -> list[dict[str, Any]]:
    return [
        one for name in ("channels.json", "groups.json") if name in inside for one in objects(archive.read_json(inside[name]))
    ]


def _direct_channels(archive: ZipArchive, inside: dict[str, str]) -> dict[str, list[str]]:
    """The members of each direct channel, by the name of its folder."""
    found: dict[str, list[str]] = {}
    for file, key in (("dms.json", "id"), ("mpims.json", "name")):
        for one in objects(archive.read_json(inside[file])) if file in inside else ():
            members = one.get("members")
            if isinstance(members, list) and len(members) <= 20:
                found[str(one.get(key))] = [str(member) for member in members]
    return found


SLACK = Source("slack", "export of Slack", recognises_slack, read_slack)
