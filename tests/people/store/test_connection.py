"""Two processes at once: writers wait for each other, readers do not wait."""

import json
import os
import subprocess
import sys

import pytest

from tenfold.errors import StoreError
from tenfold.people.store import open_store
from tenfold.people.store.lock_owner import LockOwner

HOLD = """
import sys, time
from pathlib import Path
from tenfold.people.store import open_store
with open_store(Path(sys.argv[1]), command="tenfold plan", write=True, create=True) as store:
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def hold(db, seconds: float) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(db), str(seconds)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_the_second_waits_and_then_goes_on(tmp_path):
    db, told = tmp_path / "t.db", []
    process = hold(db, 1.0)
    with open_store(db, command="test", write=True, on_wait=told.append) as store:
        assert len(store.people()) == 0
    process.wait()
    assert len(told) == 1
    assert f"is held by process {process.pid} (tenfold plan, since " in told[0]
    assert not LockOwner(db).path.exists()


def test_the_second_says_who_holds_it(tmp_path):
    db = tmp_path / "t.db"
    process = hold(db, 60)
    try:
        message = rf"is held by process {process.pid} \(tenfold plan, since .*\); waited 0 seconds. Let it finish or stop it"
        with pytest.raises(StoreError, match=message), open_store(db, command="test", write=True, wait=0.2):
            pass
    finally:
        process.kill()
        process.wait()
    with open_store(db, command="test", write=True, create=True):
        assert json.loads(LockOwner(db).path.read_text())["pid"] == os.getpid()


def test_reading_goes_on_beside_a_writer(tmp_path):
    db = tmp_path / "t.db"
    with open_store(db, command="test", write=True, create=True):
        pass
    process = hold(db, 60)
    try:
        with open_store(db, command="test", write=False) as store:
            assert len(store.people()) == 0
    finally:
        process.kill()
        process.wait()
