"""The record of the owner of the write lock."""

import json
import os

from tenfold.people.store.lock_owner import LockOwner


def test_a_note_that_a_killed_process_left_names_nobody(tmp_path):
    owner = LockOwner(tmp_path / "t.db")
    owner.record("tenfold plan")
    note = json.loads(owner.path.read_text())
    assert owner.describe().startswith(f"process {os.getpid()} (tenfold plan")
    owner.path.write_text(json.dumps(note | {"began": "1"}))
    assert owner.describe() == "another process"
    owner.path.write_text("{not json")
    assert owner.describe() == "another process"
