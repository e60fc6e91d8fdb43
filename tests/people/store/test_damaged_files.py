"""A sample of the damaged and hostile files that `benchmarks/hostile_files.py` makes: a file of each way, two commands on each."""

import os
import subprocess
import sys
from pathlib import Path


def test_every_command_gives_its_result_or_one_line(planned, request):
    program = Path(request.config.rootpath) / "benchmarks" / "hostile_files.py"
    options = ("--files", "19", "--seed", "7", "--processes", "0", "--template", str(planned / "tenfold.db"))
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    ran = subprocess.run([sys.executable, str(program), *options], capture_output=True, text=True, env=environment, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stdout.splitlines()[-1].split()[:2] == ["all", "19"]
