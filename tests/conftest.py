"""What every test may use."""

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("TENFOLD_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with real data beside the checkout; in CI it has to be there."""
    if not SHARED.is_dir():
        assert not os.environ.get("CI"), f"in CI the real data must be at {SHARED}"
        pytest.skip(f"the real data is not at {SHARED}; set TENFOLD_SHARED to the folder that has data/")
    return SHARED
