"""Schema matching: from headers to canonical columns, and from these to the kind of table."""

from __future__ import annotations

import re
import unicodedata

from tenfold.errors import DataError, SpecError
from tenfold.people.printable import printable
from tenfold.people.roster import PEOPLE_SCHEMA

__all__ = ["COLUMNS", "REQUIRED", "match_headers", "normalise_header"]

COLUMNS: dict[str, tuple[str, ...]] = {
    "contacts": ("time", "a", "b", "kind", "minutes", "group", "source"),
    "attendance": ("event", "start", "person", "minutes", "status"),
    "people": tuple(PEOPLE_SCHEMA),
}
REQUIRED = {"contacts": ("time", "a", "b"), "attendance": ("event", "start", "person"), "people": ("id",)}

_LOOKS_LIKE_DATA = re.compile(r"[-+]?[0-9][0-9.,:/\- T]*Z?|[^@\s]+@[^@\s]+\.[^@\s]+")  # a number, a date, an e-mail address

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
    """The kind of table, the header of each canonical column, and notes: what is not used.

    `mapping` (header → canonical column) comes first, then equal names, then synonyms.
    """
    given, absent = _explicit(headers, mapping or {}, what, where)
    kinds = (what,) if what is not None else tuple(COLUMNS)
    found = {kind: _match_kind(headers, given, kind) for kind in kinds}
    complete = [kind for kind in kinds if all(column in found[kind] for column in REQUIRED[kind])]
    if complete:
        kind = max(complete, key=lambda one: (_exact_share(found[one], one), len(found[one])))
        unused = [header for header in headers if header not in found[kind].values()]
        notes = [f"--map names the header '{printable(one, 40)}', which is not there" for one in absent]
        return kind, found[kind], notes + ([f"not used: {_printable_list(unused)}"] if unused else [])
    if any(_LOOKS_LIKE_DATA.fullmatch(header) for header in headers) or (what is None and not any(found.values())):
        raise DataError(
            f"{where}: its first row ({_printable_list(headers)}) looks like data, not like a header; "
            "expected names of columns, such as time,a,b or id,name. Add a row with them at the top."
        )
    kind = max(kinds, key=lambda one: (len(found[one]), sum(column in found[one] for column in REQUIRED[one])))
    missing = next(column for column in REQUIRED[kind] if column not in found[kind])
    raise DataError(
        f"{where}: {kind} need the column '{missing}', which is missing; the headers are {_printable_list(headers)}. "
        f'Say which one it is: --map "HEADER={missing}".'
    )


def _explicit(headers: list[str], mapping: dict[str, str], what: str | None, where: str) -> tuple[dict[str, str], list[str]]:
    """The header of each canonical column that the mapping names, and those of its headers that are missing.

    One mapping serves several files, so a missing header is an error only where its column is found in no other way.
    """
    by_normal_form = {normalise_header(header): header for header in headers}
    given: dict[str, str] = {}
    absent: dict[str, str] = {}
    for header, column in mapping.items():
        if not any(column in columns for columns in COLUMNS.values()):
            allowed = ", ".join(sorted({name for columns in COLUMNS.values() for name in columns}))
            raise SpecError(
                f'--map "{printable(header)}={printable(column)}" names no column of Tenfold; expected one of {allowed}.'
            )
        at = header if header in headers else by_normal_form.get(normalise_header(header))
        if at is None:
            absent[column] = header
        elif column in given or at in given.values():
            raise SpecError(
                f"--map names '{printable(header)}' or '{column}' twice; expected one header for a column. Remove one of them."
            )
        else:
            given[column] = at
    kinds = (what,) if what is not None else tuple(COLUMNS)
    found = {kind: _match_kind(headers, given, kind) for kind in kinds}
    complete = [kind for kind in kinds if all(column in found[kind] for column in REQUIRED[kind])]
    for column, header in absent.items():
        if not complete or any(column in COLUMNS[kind] and column not in found[kind] for kind in complete):
            raise DataError(
                f"{where}: --map names the header '{printable(header)}', which is not there; "
                f"the headers are {_printable_list(headers)}. Correct it."
            )
    return given, list(absent.values())


def normalise_header(header: str) -> str:
    """The form in which headers are compared: case-folded letters and digits, without accents."""
    letters = unicodedata.normalize("NFKD", header[:200]).casefold()
    return re.sub(r"[^\w]|_", "", "".join(one for one in letters if not unicodedata.combining(one)))


def _match_kind(headers: list[str], given: dict[str, str], kind: str) -> dict[str, str]:
    """The header of each canonical column of one kind: by the mapping, then by its own name, then by its first synonym that is there."""
    found = {column: header for column, header in given.items() if column in COLUMNS[kind]}
    free: dict[str, str] = {}
    for header in headers:
        if header not in given.values():
            free.setdefault(normalise_header(header), header)
    for column in COLUMNS[kind]:
        if column not in found and normalise_header(column) in free:
            found[column] = free.pop(normalise_header(column))
    for column in COLUMNS[kind]:
        for name in SYNONYMS[kind].get(column, ()):
            if column not in found and name in free:
                found[column] = free.pop(name)
    return {column: found[column] for column in COLUMNS[kind] if column in found}


def _exact_share(found: dict[str, str], kind: str) -> float:
    """Share of the required columns whose header is their own name."""
    return sum(normalise_header(found[column]) == normalise_header(column) for column in REQUIRED[kind]) / len(REQUIRED[kind])


def _printable_list(headers: list[str]) -> str:
    """Headers for a message."""
    listed = ", ".join(f"'{printable(header, 40)}'" for header in headers[:8])
    return listed + (f" and {len(headers) - 8} more" if len(headers) > 8 else "")
