"""Small exports as programs write them, made up here; each has the sentence `MARKER` as the text of a message where it has texts."""

import io
import json
import zipfile

MARKER = "the heron waits by the mill"


def zipped(files: dict[str, object]) -> bytes:
    """A ZIP archive; what is no text is written as JSON."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content if isinstance(content, str) else json.dumps(content))
    return data.getvalue()


def slack() -> bytes:
    """Two channels and a direct one: a reply, a mention, a reaction, a direct message, a notice."""
    users = [
        {"id": f"U{k}", "name": name.split()[0].lower(), "profile": {"real_name": name, "email": f"u{k}@x.org"}}
        for k, name in enumerate(["Ana Lima", "Binh Vo", "Chi Ho"])
    ]
    first = {"type": "message", "user": "U0", "ts": "1790000000.000100", "thread_ts": "1790000000.000100", "text": MARKER}
    first |= {"reactions": [{"name": "wave", "users": ["U2", "U0"], "count": 2}]}
    reply = {"type": "message", "user": "U1", "ts": "1790000060.000100", "thread_ts": first["ts"], "parent_user_id": "U0", "text": MARKER}
    mention = {"type": "message", "user": "U2", "ts": "1790000120.000100", "text": f"<@U1> {MARKER} <@U1|binh>"}
    notice = {"type": "message", "subtype": "channel_join", "user": "U2", "ts": "1790000000.000000", "text": MARKER}
    direct = {"type": "message", "user": "U0", "ts": "1790000180.000100", "text": MARKER}
    return zipped(
        {
            "users.json": users,
            "channels.json": [{"id": "C1", "name": "general"}],
            "dms.json": [{"id": "D1", "members": ["U0", "U2"]}],
            "general/2026-09-21.json": [notice, first, reply, mention],
            "D1/2026-09-21.json": [direct],
        }
    )


def whatsapp(names: list[str], *, form: str = "android", days: int = 20) -> str:
    """A chat in which everybody writes once a day, with a notice and a message of several lines."""
    forms = {
        "android": "{d:02}/09/2026, {h:02}:05 - {name}: {text}",
        "ios": "[{d:02}.09.26, {h:02}:05:09] {name}: {text}",
        "american": "9/{d}/26, {h}:05\u202fAM - {name}: {text}",
        "dotted": "{d}.9.2026, {h:02}.05 - {name}: {text}",
    }
    lines = [forms[form].replace("{name}: {text}", "{text}").format(d=1, h=8, text="Messages and calls are end-to-end encrypted.")]
    for day in range(1, days + 1):
        for k, name in enumerate(names):
            lines.append(forms[form].format(d=day, h=9 + k, name=name, text=f"{MARKER}\n12 eggs: {MARKER}"))
    return "\n".join(lines) + "\n"


CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//made up//EN
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
DTSTART:19700329T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:1
DTSTART;TZID=Europe/Berlin:20261020T180000
DTEND;TZID=Europe/Berlin:20261020T193000
RRULE:FREQ=WEEKLY;COUNT=3
EXDATE;TZID=Europe/Berlin:20261027T180000
SUMMARY:Supper
DESCRIPTION:the heron waits by the mill
ATTENDEE;CN=Ana Lima;PARTSTAT=ACCEPTED:mailto:ana@x.org
ATTENDEE;CN=Binh Vo;PARTSTAT=NEEDS-ACTION:mailto:binh@x.org
ATTENDEE;CN=Chi Ho;PARTSTAT=TENTATIVE:mailto:chi@x.org
ATTENDEE;CN=Hall;CUTYPE=ROOM;PARTSTAT=ACCEPTED:mailto:hall@x.org
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART:20301020T180000Z
SUMMARY:Far away
ATTENDEE;CN=Ana Lima;PARTSTAT=ACCEPTED:mailto:ana@x.org
END:VEVENT
BEGIN:VEVENT
UID:3
DTSTART:20260901T180000Z
STATUS:CANCELLED
SUMMARY:Fell through
ATTENDEE;CN=Ana Lima;PARTSTAT=ACCEPTED:mailto:ana@x.org
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")
