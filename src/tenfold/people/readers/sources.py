"""The kinds of exports that are read, each recognised by its content."""

from __future__ import annotations

from tenfold.people.readers.calendars import CALENDAR
from tenfold.people.readers.discourse import DISCOURSE
from tenfold.people.readers.mailboxes import MAILBOX
from tenfold.people.readers.mattermost import MATTERMOST
from tenfold.people.readers.meeting_reports import MEETING_REPORT
from tenfold.people.readers.raw_file import RawFile
from tenfold.people.readers.slack import SLACK
from tenfold.people.readers.source_table import Source
from tenfold.people.readers.telegram import TELEGRAM
from tenfold.people.readers.whatsapp import WHATSAPP
from tenfold.people.readers.zulip import ZULIP

__all__ = ["SOURCES", "find_source"]

SOURCES: tuple[Source, ...] = (
    *(CALENDAR, SLACK, ZULIP, MATTERMOST, TELEGRAM, MAILBOX, WHATSAPP, DISCOURSE),
    MEETING_REPORT,
)
"""In the order in which they are tried."""


def find_source(raw: RawFile, format: str | None) -> Source | None:
    """The kind of export that is named, or that a file is; None for a table."""
    if format is not None:
        return next((one for one in SOURCES if one.name == format), None)
    return next((one for one in SOURCES if one.recognises(raw)), None)
