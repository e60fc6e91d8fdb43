"""The files of a made-up congregation of sixty: lists with and without a title, a form, registers, calls, chats, meetings, a calendar."""

from __future__ import annotations

import json
import random
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path

import xlsxwriter

__all__ = ["SUNDAYS", "congregation_files", "names"]

FIRST = ("Ines", "Tariq", "Oona", "Pál", "Hương", "Dov", "Mirela", "Sefa", "Yusuf", "Bronwen")
LAST = ("Quispe", "Abebe", "Novák", "Lê", "Ferreira", "O'Dowd")
SUNDAYS = [date(2026, 9, 6) + timedelta(weeks=k) for k in range(10)]


def names() -> list[str]:
    """Sixty people; the last one has the name of the first."""
    return [*[f"{first} {last}" for last in LAST for first in FIRST][:59], f"{FIRST[0]} {LAST[0]}"]


def congregation_files(folder: Path) -> list[Path]:
    """Write all thirteen files."""
    luck = random.Random(7)
    people = names()
    phones = [f"07700 {900100 + k}" for k in range(60)]
    attended = [[day for day in SUNDAYS if luck.random() < 0.6] for _ in people]
    joined = ["2019-11-20", "16/08/2023", "", "2020", "November 2018"]
    header = ["Full name", "Tel", "Joined on", "Town", "Speaks", "Small group"]
    rows = [
        [
            name,
            phones[k],
            joined[k % 5],
            ["Ashford", "ashford ", "Kirk Hill"][k % 3],
            ["EN", "Portuguese; English", "English/Polish"][k % 3],
        ]
        for k, name in enumerate(people)
    ]
    _workbook(folder / "members.xlsx", {"Members": [header, *rows]})
    titled = [["Membership 2026 (CONFIDENTIAL)"], [], header, *rows, ["TOTAL", "60"]]
    _workbook(folder / "members-messy.xlsx", {"READ ME": [["last updated by Joan"]], "Members": titled})
    form = "Timestamp,Email Address,What is your full name?,Which town do you live in?,Can you host a small group?\n"
    form += "".join(f"10/{k + 1}/2026 15:56:34,p{k}@x.org,{people[k].upper()},Ashford,Yes\n" for k in range(2, 22))
    _write(folder / "signup-form.csv", form)
    wide = [["Name", "Group", *(datetime(day.year, day.month, day.day) for day in SUNDAYS)]]
    wide += [
        [name, "Choir", *("x" if day in days else "" for day in SUNDAYS)] for name, days in zip(people, attended, strict=True)
    ]
    _workbook(folder / "sundays-wide.xlsx", {"Sundays": [*wide, ["Total"]]})
    digits = "\ufeffName," + ",".join(f"{day:%d %b}" for day in SUNDAYS) + "\n"
    digits += "".join(
        f"{name},{','.join(str(int(day in days)) for day in SUNDAYS)}\n" for name, days in zip(people, attended, strict=True)
    )
    _write(folder / "sundays-wide10.csv", digits)
    groups = [(day, name) for day in SUNDAYS for name in people[1:13]]
    _write(
        folder / "smallgroups.csv",
        "Group,Date,Name,Present\n"
        + "".join(f"Youth,{day:%d/%m/%Y},{name},{luck.choice(['yes', 'no'])}\n" for day, name in groups),
    )
    pairs = [luck.sample(people[1:59], 2) for _ in range(80)]
    calls = "When;Who called;Whom;How\r\n" + "".join(f"{14 + k % 15}.10.2026;{a};{b};phone\r\n" for k, (a, b) in enumerate(pairs))
    (folder / "calls.csv").write_bytes(calls.encode("cp1252", "replace"))
    chat = "[01/10/2026, 09:00:12] \u200eMessages and calls are end-to-end encrypted.\n"
    chat += "".join(f"{1 + k % 28:02}/10/2026, {9 + k % 9:02}:00 - {people[1 + k % 12]}: hello\n" for k in range(90))
    _write(folder / "WhatsApp Chat with Youth.txt", chat)
    _write(folder / "participants_8123.csv", _zoom(people[1:10]))
    (folder / "Prayer - Attendance report 11-23-26.csv").write_bytes(_teams(people[3:11]).encode("utf-16"))
    meet = "First name,Last name,Email,Duration,Time joined,Time exited\n"
    meet += "".join(
        f"{name.split()[0]},{name.split()[1]},{name.split()[0]}@x.org,58 min,7:00 PM,7:58 PM\n" for name in people[4:14]
    )
    _write(folder / "2026-11-22 19_00 Choir - Attendance Report.csv", meet)
    event = "BEGIN:VEVENT\r\nDTSTART:20261110T190000Z\r\nDTEND:20261110T203000Z\r\nUID:1\r\nSUMMARY:Youth\r\n"
    event += f"ATTENDEE;CN={people[5]};PARTSTAT=ACCEPTED:mailto:a@x.org\r\n"
    event += f"ATTENDEE;CN={people[6]};PARTSTAT=DECLINED:mailto:b@x.org\r\nEND:VEVENT\r\n"
    _write(folder / "church.ics", f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//made up//EN\r\n{event}END:VCALENDAR\r\n")
    with zipfile.ZipFile(folder / "Slack export.zip", "w") as packed:
        users = [{"id": f"U{k}", "name": f"u{k}", "profile": {"real_name": people[k + 1]}} for k in range(12)]
        packed.writestr("users.json", json.dumps(users))
        packed.writestr("channels.json", json.dumps([{"id": "C1", "name": "general"}]))
        packed.writestr(
            "general/2026-11-01.json", json.dumps([{"type": "message", "user": "U1", "ts": "1793520000.0", "text": "hi <@U2>"}])
        )
    return sorted(folder.iterdir())


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode())


def _workbook(path: Path, sheets: dict[str, list[list[object]]]) -> None:
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for k, row in enumerate(rows):
                sheet.write_row(k, 0, row)


def _zoom(people: list[str]) -> str:
    head = "\ufeffMeeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants\n"
    head += "812 3,Youth,11/24/2026 07:00:11 PM,11/24/2026 08:31:20 PM,joan@x.org,92,9\n\n"
    head += "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest\n"
    return head + "".join(f"{name},,11/24/2026 07:08:11 PM,11/24/2026 08:30:20 PM,53,Yes\n" for name in people)


def _teams(people: list[str]) -> str:
    head = "1. Summary\nMeeting title\tPrayer\nAttended participants\t8\n"
    head += "Start time\t11/23/26, 7:00:01 PM\nEnd time\t11/23/26, 8:00:00 PM\n\n"
    head += "2. Participants\nName\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole\n"
    rows = "".join(
        f"{name}\t11/23/26, 7:00:09 PM\t11/23/26, 7:59:10 PM\t59m 1s\t{name.split()[0]}@y.org\t\tPresenter\n" for name in people
    )
    return head + rows + "\n3. In-Meeting Activities\nName\tJoin Time\tLeave Time\tDuration\n" + rows
