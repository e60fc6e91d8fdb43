"""Which column is which: headers matched loosely, and the kind of table that they make."""

from __future__ import annotations

import re
import unicodedata

from tenfold.errors import DataError
from tenfold.people.roster import PEOPLE_SCHEMA

__all__ = ["COLUMNS", "REQUIRED", "match_headers"]

COLUMNS: dict[str, tuple[str, ...]] = {
    "contacts": ("time", "a", "b", "kind", "minutes", "group", "source"),
    "attendance": ("event", "start", "person", "minutes", "status"),
    "people": tuple(PEOPLE_SCHEMA),
}
REQUIRED = {"contacts": ("time", "a", "b"), "attendance": ("event", "start", "person"), "people": ("id",)}

_COMMON = {"minutes": ("duration", "durationminutes", "durationmin", "mins", "length", "lengthminutes")}
SYNONYMS: dict[str, dict[str, tuple[str, ...]]] = {
    "contacts": _COMMON
    | {
        "time": ("date", "datetime", "timestamp", "when", "sentat", "day", "t", "start"),
        "a": ("from", "sender", "person1", "persona", "who", "caller", "i", "author", "user1"),
        "b": ("to", "recipient", "recipients", "person2", "personb", "whom", "receiver", "with", "j", "user2", "replyto"),
        "kind": ("type", "channel", "medium", "how"),
        "group": ("circle", "room", "team"),
    },
    "attendance": _COMMON
    | {
        "event": ("meeting", "gathering", "eventname", "title", "topic", "what"),
        "start": ("date", "datetime", "time", "starttime", "jointime", "checkedin", "when", "begin", "starts"),
        "person": ("name", "participant", "attendee", "attendeename", "id", "personid", "who", "email", "member", "user"),
        "status": ("attendance", "rsvp", "attended", "attendeestatus"),
    },
    "people": {
        "id": ("personid", "memberid", "userid", "identifier", "username", "number", "no", "nr"),
        "name": ("fullname", "displayname", "membername", "realname"),
        "aliases": ("alias", "nickname", "nicknames", "othernames", "alsoknownas"),
        "email": ("mail", "emailaddress", "useremail"),
        "language": ("languages", "lang", "speaks", "locale", "spokenlanguages"),
        "timezone": ("tz", "zone", "timezoneid"),
        "place": ("city", "town", "village", "location", "region", "where", "home", "country"),
        "joined": ("joinedon", "since", "membersince", "joindate", "createdat", "registered"),
        "role": ("status", "function", "position"),
        "can_mentor": ("mentor", "ismentor", "canmentor", "leader", "carer"),
        "capacity": ("maxmentees", "cancarefor", "places"),
        "degree": ("level", "stage", "grade"),
        "availability": ("available", "freehours", "hours", "free"),
        "paused_until": ("pauseduntil", "pause", "awayuntil", "onleaveuntil"),
        "consent": ("maycontact", "contactok", "optin", "consented"),
    },
}


def match_headers(
    headers: list[str], mapping: dict[str, str] | None, what: str | None, where: str
) -> tuple[str, dict[str, str], list[str]]:
    """The kind of table, the header of each canonical column, and the headers that are not used.

    `mapping` (header → canonical column) comes first, then equal names, then synonyms.
    """
    mapping = dict(mapping or {})
    by_plain = {plain(header): header for header in headers}
    for header, column in mapping.items():
        if plain(header) not in by_plain:
            raise DataError(f"{where}: --map names the header '{header}', which is not there; the headers are {_list(headers)}.")
        if not any(column in columns for columns in COLUMNS.values()):
            allowed = ", ".join(sorted({one for columns in COLUMNS.values() for one in columns}))
            raise DataError(f'{where}: --map "{header}={column}" names no column of Tenfold; expected one of {allowed}.')
    fixed = {column: by_plain[plain(header)] for header, column in mapping.items()}
    kinds = (what,) if what is not None else tuple(COLUMNS)
    found = {kind: _match(headers, fixed, kind) for kind in kinds}
    complete = [kind for kind in kinds if all(column in found[kind] for column in REQUIRED[kind])]
    if complete:
        kind = complete[0]
        used = set(found[kind].values())
        return kind, found[kind], [header for header in headers if header not in used]
    if what is None and not any(found.values()):
        raise DataError(
            f"{where}: its first row ({_list(headers)}) names no column that is known, so it has no header row; "
            'expected one such as time,a,b or id,name. Add it, or say --map "HEADER=COLUMN".'
        )
    kind = max(kinds, key=lambda one: (len(found[one]), sum(column in found[one] for column in REQUIRED[one])))
    missing = next(column for column in REQUIRED[kind] if column not in found[kind])
    raise DataError(
        f"{where}: {kind} need the column '{missing}', which is missing; the headers are {_list(headers)}. "
        f'Say which one it is: --map "HEADER={missing}".'
    )


def plain(header: str) -> str:
    """Letters and digits only, small, without accents."""
    letters = unicodedata.normalize("NFKD", header).casefold()
    return re.sub(r"[^\w]|_", "", "".join(one for one in letters if not unicodedata.combining(one)))


def _match(headers: list[str], fixed: dict[str, str], kind: str) -> dict[str, str]:
    """Header of each canonical column of one kind."""
    found = {column: header for column, header in fixed.items() if column in COLUMNS[kind]}
    free = {plain(header): header for header in headers if header not in fixed.values()}
    for names in (lambda column: (plain(column),), lambda column: SYNONYMS[kind].get(column, ())):
        for column in COLUMNS[kind]:
            for name in names(column):
                if column not in found and name in free:
                    found[column] = free.pop(name)
    return {column: found[column] for column in COLUMNS[kind] if column in found}


def _list(headers: list[str]) -> str:
    shown = ", ".join(f"'{header[:40]}'" for header in headers[:8])
    return shown + (f" and {len(headers) - 8} more" if len(headers) > 8 else "")
