"""The command line as people run it: in a folder of their own, with what it prints."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tenfold.app import cli


@dataclass
class Ran:
    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run `tenfold …` in this process, in a fresh folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TENFOLD_DB", raising=False)

    def command(*args: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["tenfold", *map(str, args)])
        runner = CliRunner()
        with runner.isolation() as (out, err, _):
            code = 0
            try:
                cli.main()
            except SystemExit as stop:
                code = int(stop.code or 0)
        return Ran(code, out.getvalue().decode(), err.getvalue().decode())

    return command


@pytest.fixture
def run_process(tmp_path):
    """Start `tenfold …` as a process of its own."""

    def start(*args: object, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", "from tenfold.app.cli import main; main()", *map(str, args)],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | environment,
        )

    return start


@pytest.fixture
def db(planned, tmp_path):
    """A copy of the planned community that may be changed."""
    return Path(shutil.copy(planned / "tenfold.db", tmp_path / "tenfold.db"))
