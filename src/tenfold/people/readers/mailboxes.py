"""Mailboxes (mbox) and archives of mailing lists: who answered whom, and who wrote to whom. Only headers are read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.header import decode_header, make_header
from email.utils import getaddresses, mktime_tz, parsedate_tz

from tenfold.errors import DataError
from tenfold.people.printable import printable
from tenfold.people.readers.chat_tables import ChatTables, ChatUser
from tenfold.people.readers.context import ReadContext
from tenfold.people.readers.raw_file import RawFile
from tenfold.people.readers.source_table import Source, SourceTable

__all__ = ["MAILBOX"]

MOST_RECIPIENTS, MAX_HEADERS = 10, 1 << 18
_START = re.compile(rb"From \S[^\n]{0,500}[0-9]{4}[^\n]{0,100}\n(?=[A-Za-z][A-Za-z0-9-]*:)")
_END = re.compile(rb"\r?\n\r?\n")
_HEADER = re.compile(
    rb"^(From|To|Cc|Date|Message-ID|In-Reply-To|References):[ \t]*((?:.*)(?:\r?\n[ \t].*)*)", re.IGNORECASE | re.MULTILINE
)
_OBSCURED = re.compile(r"^(\S+) at (\S+)(?: \((.*)\))?$")
_ID = re.compile(r"<[^<>\s]{1,500}>")


def recognises_mailbox(raw: RawFile) -> bool:
    """Whether a file begins as a mailbox does."""
    return _START.match(raw.data[:2000].lstrip(b"\r\n")) is not None


def read_mailbox(raw: RawFile, _context: ReadContext) -> list[SourceTable]:
    """The contacts of a mailbox."""
    chat = ChatTables()
    author: dict[str, str] = {}
    for headers in _messages(raw.data):
        chat.read += 1
        sender, time = next(iter(_people(headers.get("from", ""))), None), _time(headers.get("date", ""))
        if sender is None or time is None:
            chat.skip("mails without a sender or date")
            continue
        _remember(chat, sender)
        for own in _ID.findall(headers.get("message-id", ""))[:1]:
            author.setdefault(own, sender.handle)
        before = _ID.findall(headers.get("in-reply-to", ""))[:1] + _ID.findall(headers.get("references", ""))[::-1]
        answered = next((author[one] for one in before if one in author), None)
        if answered is not None and answered != sender.handle:
            chat.contact(time, sender.handle, answered, "reply")
            continue
        others = [*_people(headers.get("to", "")), *_people(headers.get("cc", ""))]
        if not others or len(others) > MOST_RECIPIENTS or (before and not answered):
            chat.skip(
                "mails to nobody in particular" if len(others) <= MOST_RECIPIENTS else f"mails to more than {MOST_RECIPIENTS}"
            )
            continue
        for other in others:
            _remember(chat, other)
            chat.contact(time, sender.handle, other.handle, "mail")
    found = chat.tables("mail", {"time": "Date", "a": "From", "b": "In-Reply-To or To"}, people=False)
    if not found:
        raise DataError(
            f"{printable(raw.path.name)}: is a mailbox in which nobody writes to anybody; expected mails with From, To and Date."
        )
    return found


def _messages(data: bytes) -> Iterator[dict[str, str]]:
    """The headers of each mail; what follows them is passed over."""
    place = 0
    while place >= 0:
        place += data[place : place + 1] == b"\n"
        start = _START.match(data, place)
        if start is not None:
            end = _END.search(data, start.end(), start.end() + MAX_HEADERS)
            block = data[start.end() : end.start() if end else start.end() + MAX_HEADERS]
            headers: dict[str, str] = {}
            for match in _HEADER.finditer(block):
                headers.setdefault(match[1].decode().lower(), " ".join(match[2].decode("utf-8", "replace").split()))
            yield headers
        place = data.find(b"\nFrom ", start.end() - 1 if start is not None else place)


def _people(header: str) -> list[ChatUser]:
    """Names and addresses of a header."""
    obscured = _OBSCURED.match(header)
    if obscured is not None and "@" not in header:
        return [_user(obscured[3] or "", f"{obscured[1]}@{obscured[2]}")]
    return [_user(name, address) for name, address in getaddresses([header[:20_000]]) if "@" in address]


def _user(name: str, address: str) -> ChatUser:
    address = address.strip().casefold()
    if "=?" in name:
        try:
            name = str(make_header(decode_header(name)))
        except (LookupError, ValueError):
            name = ""
    name = " ".join(name.replace('"', "").split())
    return ChatUser(address, name if name and "@" not in name else None, address)


def _remember(chat: ChatTables, user: ChatUser) -> None:
    """Keep the first name that an address is used with."""
    known = chat.users.get(user.handle)
    if known is None or (known.name is None and user.name is not None):
        chat.add_user(user)


def _time(header: str) -> int | None:
    try:
        found = parsedate_tz(header)
        seconds = mktime_tz(found) if found is not None else 0
    except (ValueError, OverflowError, TypeError):
        return None
    return seconds * 1_000_000 if 0 < seconds < 1 << 33 else None


MAILBOX = Source("mbox", "mailbox", recognises_mailbox, read_mailbox)
