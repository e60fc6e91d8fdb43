"""A command that is killed at any moment leaves all of its changes, or none."""

import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime

from tenfold.people.readers import read_file
from tenfold.people.store import open_store
from tenfold.people.store.lock_owner import LockOwner

AT = datetime(2026, 6, 1, tzinfo=UTC)
KILLS = 16

# Each round is one command that changes several tables. It says "ready" once, so that the clock of the killer starts with the work.
WORKER = """
import sys, itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path
import polars as pl
from tenfold.people.readers import ParsedFile
from tenfold.people.store import open_store
db, start = Path(sys.argv[1]), datetime(2026, 1, 1, tzinfo=UTC)
with open_store(db, command="worker", write=False) as store:
    done = store.last_plan().number if store.last_plan() else 0
print("ready", flush=True)
for turn in itertools.count(done + 1):
    frame = pl.DataFrame({
        "time": [start + timedelta(minutes=k) for k in range(400)],
        "a": [f"a{turn}-{k % 20}" for k in range(400)], "b": [f"b{turn}-{k % 17}" for k in range(400)],
    })
    frame = frame.with_columns(pl.col("time").cast(pl.Datetime("us", "UTC")))
    with open_store(db, command="worker", write=True) as store:
        store.import_file(ParsedFile(Path(f"{turn}.csv"), "contacts", "test", frame, {}, 400, "UTF-8", "0"), at=start)
        store.log_contact(f"a{turn}-0", f"b{turn}-1", time=start, kind="call")
        store.pause(f"a{turn}-1", None)
        store.merge(f"a{turn}-2", f"a{turn}-3")
        store.save_plan({"turn": pl.DataFrame({"turn": [turn]})}, {"turn": turn}, start)
"""


def facts(db) -> tuple[int, ...]:
    """What each finished round leaves behind, by table."""
    with sqlite3.connect(db) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        asked = (
            "SELECT count(*) FROM import",
            "SELECT count(*) FROM contact WHERE source = 'log'",
            "SELECT count(*) FROM person WHERE paused_until IS NOT NULL",
            "SELECT count(*) FROM merged",
            "SELECT coalesce(max(number), 0) FROM plan",
            "SELECT count(*) / 400 FROM contact WHERE source IS NULL",
            "SELECT count(*) / 36 FROM person",
        )
        return tuple(connection.execute(one).fetchone()[0] for one in asked)


def test_kill_9_at_any_moment_leaves_all_of_a_command_or_nothing(tmp_path):
    db = tmp_path / "t.db"
    first = tmp_path / "first.csv"
    first.write_text("id\nx\n")
    with open_store(db, command="test", write=True, create=True) as store:
        store.import_file(read_file(first, now=AT), at=AT)
        store._db.execute("DELETE FROM person")
        store._db.execute("DELETE FROM import")
    rng, rounds, middle = random.Random(7), [], 0
    for _ in range(KILLS):
        worker = subprocess.Popen([sys.executable, "-c", WORKER, str(db)], stdout=subprocess.PIPE, text=True)
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
        time.sleep(rng.random() * 0.12)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        worker.stdout.close()
        middle += LockOwner(db).path.exists()
        found = facts(db)
        assert len(set(found)) == 1, f"a command was half kept: {found}"
        rounds.append(found[0])
    assert rounds == sorted(rounds)
    assert rounds[-1] > 5
    assert middle >= KILLS // 4, "the kills have to hit commands in their middle"


def test_kill_9_during_the_first_import(tmp_path):
    """A file that was being made is made, or can be made again."""
    source = tmp_path / "contacts.csv"
    source.write_text("time,a,b\n" + "".join(f"2026-01-{1 + k % 28:02d},a{k % 97},b{k % 89}\n" for k in range(20_000)))
    command = [sys.executable, "-c", "from tenfold.app.cli import main; main()", "--quiet", "import", str(source)]
    began = time.monotonic()
    subprocess.run([*command, "--db", str(tmp_path / "whole.db")], check=True, capture_output=True)
    whole = time.monotonic() - began
    rng = random.Random(3)
    for turn in range(4):
        db = tmp_path / f"{turn}.db"
        worker = subprocess.Popen([*command, "--db", str(db)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(whole * (0.5 + 0.5 * rng.random()))
        worker.kill()
        worker.wait()
        subprocess.run([*command, "--db", str(db)], check=True, capture_output=True)
        with sqlite3.connect(db) as connection:
            assert connection.execute("SELECT count(*) FROM contact").fetchone() == (20_000,)


def test_kill_9_during_a_plan(planned, tmp_path):
    """The plan is in the file or it is not, and the page on the disk is a whole one."""
    db, out = tmp_path / "t.db", tmp_path / "plan"
    shutil.copy(planned / "tenfold.db", db)
    options = ["--quiet", "--db", str(db), "plan", "--at", "2026-11-24", "--replicates", "2", "--out", str(out)]
    command = [sys.executable, "-c", "from tenfold.app.cli import main; main()", *options]
    began = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    whole = time.monotonic() - began
    with sqlite3.connect(db) as connection:
        complete = connection.execute("SELECT count(*) FROM plan_table WHERE plan = (SELECT max(number) FROM plan)").fetchone()[0]
    rng = random.Random(5)
    for _ in range(3):
        worker = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(whole * (0.4 + 0.6 * rng.random()))
        worker.kill()
        worker.wait()
        with sqlite3.connect(db) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            numbers = [row[0] for row in connection.execute("SELECT number FROM plan ORDER BY number")]
            tables = connection.execute("SELECT plan, count(*) FROM plan_table GROUP BY plan ORDER BY plan").fetchall()
        assert [row[0] for row in tables] == numbers
        assert tables[-1][1] == complete  # the newest is whole, and of each before it the tasks, statements and settings are left
        assert all(1 < row[1] < complete for row in tables[:-1])
        assert (out / "plan.html").read_text(encoding="utf-8").rstrip().endswith("</html>")
