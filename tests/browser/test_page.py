"""The page in a real browser: at desktop and phone width, on paper, and without the net."""

import os
import re
import shutil
import struct
import subprocess
import zlib
from pathlib import Path

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


@pytest.fixture(scope="session")
def page(planned) -> Path:
    return planned / "plan" / "plan.html"


PROBE = """<!doctype html><title>-</title>
<iframe id=f style="width:{width}px;height:900px;border:0" src="plan.html"></iframe>
<script>
f.onload = () => {{
  const d = f.contentDocument, wide = [];
  for (const e of d.querySelectorAll('body *'))
    if (!e.closest('.scroll, svg, .skip, thead') && e.getBoundingClientRect().right > {width} + 1) wide.push(e.tagName + '.' + e.className);
  const headings = d.querySelectorAll('h2').length, scroll = d.documentElement.scrollWidth;
  document.title = JSON.stringify({{scroll, wide: wide.slice(0, 5), headings}});
}}
</script>"""


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_is_wider_than_the_window(browse, page, width):
    probe = page.with_name(f"probe-{width}.html")
    probe.write_text(PROBE.format(width=width), encoding="utf-8")
    ran = browse("--allow-file-access-from-files", "--virtual-time-budget=10000", "--dump-dom", probe.as_uri())
    found = re.search(r"<title>(\{.*?\})</title>", ran.stdout)
    assert found, ran.stderr[-500:]
    assert f'"scroll":{width}' in found[1], found[1]
    assert '"wide":[]' in found[1], found[1]
    assert '"headings":14' in found[1]


def test_the_page_is_drawn(browse, page, tmp_path):
    picture = tmp_path / "page.png"
    browse(f"--screenshot={picture}", "--window-size=1280,2000", page.as_uri())
    width, height, colours = pixels(picture)
    assert (width, height) == (1280, 2000)
    assert colours > 20


def pixels(path: Path) -> tuple[int, int, int]:
    """Width, height, and how many different bytes the rows of a PNG file have."""
    data = path.read_bytes()
    width, height = struct.unpack(">II", data[16:24])
    at, packed = 8, b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        packed += data[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += 12 + length
    return width, height, len(set(zlib.decompress(packed)))


def test_it_prints(browse, page, tmp_path):
    paper = tmp_path / "plan.pdf"
    browse(f"--print-to-pdf={paper}", "--no-pdf-header-footer", page.as_uri())
    data = paper.read_bytes()
    assert data.startswith(b"%PDF")
    assert 5 < len(re.findall(rb"/Type\s*/Page\b", data)) < 60


def test_it_asks_no_other_computer(browse, page, tmp_path):
    log = tmp_path / "net.json"
    browse(f"--log-net-log={log}", "--virtual-time-budget=3000", "--dump-dom", page.as_uri())
    asked = set(re.findall(r'"url":"(https?://[^"]+)"', log.read_text(errors="replace")))
    assert not {one for one in asked if "google" not in one and "gvt" not in one}, asked
