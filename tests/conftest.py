"""What every test may use."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# no test asserts a time; in CI the examples are the same each time, elsewhere they explore
settings.register_profile(
    "tenfold", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=bool(os.environ.get("CI"))
)
settings.load_profile("tenfold")

SHARED = Path(os.environ.get("TENFOLD_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with real data beside the checkout; in CI it has to be there."""
    if not SHARED.is_dir():
        assert not os.environ.get("CI"), f"in CI the real data must be at {SHARED}"
        pytest.skip(f"the real data is not at {SHARED}; set TENFOLD_SHARED to the folder that has data/")
    return SHARED


@pytest.fixture(scope="session")
def planned(tmp_path_factory) -> Path:
    """A folder with a community of 120 people and its plan, not to be changed."""
    from community import demo_files

    folder = tmp_path_factory.mktemp("planned")
    files = demo_files(folder)
    base = [sys.executable, "-c", "from tenfold.app.cli import main; main()", "--db", str(folder / "tenfold.db"), "--quiet"]
    for args in (
        ["import", *map(str, files)],
        ["plan", "--at", "2026-11-24", "--out", str(folder / "plan"), "--replicates", "20"],
    ):
        subprocess.run([*base, *args], check=True, capture_output=True)
    return folder
