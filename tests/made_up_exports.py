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
    reply = {
        "type": "message",
        "user": "U1",
        "ts": "1790000060.000100",
        "thread_ts": first["ts"],
        "parent_user_id": "U0",
        "text": MARKER,
    }
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
    lines = [
        forms[form].replace("{name}: {text}", "{text}").format(d=1, h=8, text="Messages and calls are end-to-end encrypted.")
    ]
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


def telegram() -> str:
    """A group with a reply and a reaction, and a chat of two."""
    users = {"user1": "Ana Lima", "user2": "Binh Vo", "user3": "Chi Ho"}

    def message(number: int, who: str, at: int, **more: object) -> dict[str, object]:
        return {
            "id": number,
            "type": "message",
            "date_unixtime": str(at),
            "from": users[who],
            "from_id": who,
            "text": MARKER,
        } | more

    group = [
        {
            "id": 1,
            "type": "service",
            "date_unixtime": "1790000000",
            "actor": "Ana Lima",
            "actor_id": "user1",
            "action": "create_group",
        },
        message(
            2, "user1", 1790000060, reactions=[{"type": "emoji", "count": 1, "recent": [{"from": "Chi Ho", "from_id": "user3"}]}]
        ),
        message(
            3,
            "user2",
            1790000120,
            reply_to_message_id=2,
            text=[{"type": "bold", "text": MARKER}, '"messages": ['],
            text_entities=[],
        ),
        message(4, "user3", 1790000180, text_entities=[{"type": "mention_name", "text": "Binh", "user_id": 2}]),
    ]
    two = [message(1, "user1", 1790001000), message(2, "user3", 1790001060)]
    chats = [
        {"name": "Tuesday", "type": "private_group", "id": 7, "messages": group},
        {"name": "Chi Ho", "type": "personal_chat", "id": 8, "messages": two},
    ]
    return json.dumps({"about": "made up", "chats": {"list": chats}})


def mattermost() -> str:
    """A post with a reply, a mention and a reaction, and a direct one."""
    users = [
        {
            "username": name.split()[0].lower(),
            "email": f"{name[0]}@x.org",
            "first_name": name.split()[0],
            "last_name": name.split()[1],
        }
        for name in ("Ana Lima", "Binh Vo", "Chi Ho")
    ]
    post = {"team": "t", "channel": "town", "user": "ana", "message": f"@chi {MARKER}", "create_at": 1790000000000}
    post |= {"replies": [{"user": "binh", "message": MARKER, "create_at": 1790000060000}]}
    post |= {"reactions": [{"user": "chi", "emoji_name": "wave", "create_at": 1790000070000}]}
    direct = {"channel_members": ["ana", "chi"], "user": "chi", "message": MARKER, "create_at": 1790000080000}
    lines = [{"type": "version", "version": 1}, *({"type": "user", "user": user} for user in users)]
    lines += [{"type": "post", "post": post}, {"type": "direct_post", "direct_post": direct}]
    return "\n".join(map(json.dumps, lines)) + "\n"


def zulip() -> dict[str, object]:
    """The files of an export: a topic with an answer, a direct message, a message of a bot."""
    names = ["Ana Lima", "Binh Vo", "Chi Ho"]
    users = [
        {"id": k, "full_name": name, "delivery_email": f"{k}@x.org", "is_bot": False} for k, name in enumerate(names, start=1)
    ]
    realm = {"zerver_userprofile": [*users, {"id": 9, "full_name": "Bot", "is_bot": True}]}
    realm |= {"zerver_recipient": [{"id": 50, "type": 2, "type_id": 5}, {"id": 51, "type": 1, "type_id": 3}]}
    realm |= {"zerver_stream": [{"id": 5, "name": "town"}], "zerver_subscription": []}
    sent = [(1, 50, 0), (2, 50, 60), (9, 50, 70), (1, 51, 80)]
    messages = [
        {"id": k, "sender": who, "recipient": to, "subject": "tea", "date_sent": 1790000000.0 + at, "content": MARKER}
        for k, (who, to, at) in enumerate(sent)
    ]
    return {"export/realm.json": realm, "export/messages-000001.json": {"zerver_message": messages}}


MBOX = f"""From ana@x.org Mon Sep 21 14:13:20 2026
From: Ana Lima <ana@x.org>
To: Binh Vo <binh@x.org>, chi@x.org
Date: Mon, 21 Sep 2026 16:13:20 +0200
Message-ID: <1@x.org>
Subject: {MARKER}

{MARKER}
>From here on: {MARKER}

From binh at x.org Mon Sep 21 14:20:00 2026
From: binh at x.org (=?utf-8?q?Binh_Vo?=)
Date: Mon, 21 Sep 2026 14:20:00 GMT
In-Reply-To: <1@x.org>
References: <0@x.org>
 <1@x.org>
Message-ID: <2@x.org>

From Monday 2026 on {MARKER}

From chi@x.org Mon Sep 21 14:30:00 2026
From: Chi Ho <chi@x.org>
To: {", ".join(f"p{k}@x.org" for k in range(30))}
Date: Mon, 21 Sep 2026 14:30:00 +0000
Message-ID: <3@x.org>

{MARKER}
"""

DISCOURSE = f"""topic_id,post_number,reply_to_post_number,user_id,created_at,raw
1,1,,ana,2026-09-21 14:00:00 UTC,{MARKER}
1,2,,binh,2026-09-21 14:01:00 UTC,{MARKER}
1,3,2,chi,2026-09-21 14:02:00 UTC,{MARKER}
2,1,,chi,2026-09-21 14:03:00 UTC,{MARKER}
2,2,,chi,2026-09-21 14:04:00 UTC,{MARKER}
"""
