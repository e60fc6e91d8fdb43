"""A browser for the pages; in CI there has to be one."""

import os
import shutil
import subprocess

import pytest

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def browse(tmp_path_factory):
    if BROWSER is None:
        assert not os.environ.get("CI"), "in CI there must be a browser"
        pytest.skip("there is no Chromium; install chromium to look at the page")

    def look(*args: str) -> subprocess.CompletedProcess[str]:
        profile = tmp_path_factory.mktemp("profile")
        quiet = [
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-quic",
            "--no-first-run",
        ]
        base = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", *quiet, f"--user-data-dir={profile}"]
        return subprocess.run([*base, *args], capture_output=True, text=True, timeout=120)

    return look
