"""Ctrl-C ends a command, also one that is in compiled code, and says whether the community file was changed."""

import signal
import subprocess
import sys

import pytest

LONG = """
import sys
from tenfold.app import cli
from tenfold.kernels.jit import jit
from tenfold.people.store import open_store
from pathlib import Path

@jit
def wait(steps):
    found = 0
    for step in range(steps):
        found += (found * step + 1) % 7
    return found

def run():
    wait(1)
    if {changed}:
        with open_store(Path("c.db"), command="log", write=True, create=True):
            pass
    print("begun", flush=True)
    {work}

cli._run = run
cli.main()
"""
WORK = {
    "compiled": "wait(2**60)",
    "python": "while True: pass",
    "threads": "from concurrent.futures import ThreadPoolExecutor\n    "
    "from tenfold.worker_threads import worker_threads\n    with worker_threads(2) as pool: list(pool.map(wait, [2**60, 2**60]))",
}


@pytest.mark.parametrize(("work", "changed"), [("compiled", True), ("python", False), ("threads", False)])
def test_ctrl_c_ends_whatever_runs(tmp_path, work, changed):
    script = tmp_path / "long.py"
    script.write_text(LONG.format(work=WORK[work], changed=changed))
    process = subprocess.Popen([sys.executable, script], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "begun\n"
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    words = "c.db had been changed before" if changed else "nothing was changed"
    assert (process.returncode, errors.count("\n")) == (130, 1), errors
    assert errors.startswith("tenfold: stopped; ")
    assert words in errors
