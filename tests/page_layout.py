"""The layout of a page in a browser: what is wider than the window, what is cut off or overlaps in a figure, pages on paper."""

import json
import re
import struct
import zlib
from pathlib import Path
from typing import Any

PROBE = """<!doctype html><title>-</title>
<iframe id=f style="width:{width}px;height:900px;border:0" src="{name}"></iframe>
<script>
f.onload = () => {{
  const d = f.contentDocument, wide = [], cut = [], over = [], rolled = [];
  const box = e => e.getBoundingClientRect(), told = e => e.closest('svg').querySelector('title').textContent + ': ' + e.textContent;
  for (const e of d.querySelectorAll('body *'))
    if (!e.closest('.scroll, svg, .skip, thead') && box(e).right > {width} + 1) wide.push(e.tagName + '.' + e.className);
  for (const svg of d.querySelectorAll('svg')) {{
    const whole = box(svg), seen = [];
    if (whole.width > svg.parentElement.clientWidth + 1) rolled.push(svg.querySelector('title').textContent);
    for (const e of svg.querySelectorAll('text')) {{
      const b = box(e);
      if (!b.width || getComputedStyle(e).opacity === '0') continue;
      if (b.left < whole.left - 1 || b.right > whole.right + 1) cut.push(told(e));
      if (b.top < whole.top - 2 || b.bottom > whole.bottom + 2) cut.push(told(e));
      for (const [n, o] of seen)
        if (b.left < o.right - 1 && o.left < b.right - 1 && b.top < o.bottom - 3 && o.top < b.bottom - 3) over.push(told(e) + ' on ' + n);
      seen.push([e.textContent, b]);
    }}
  }}
  const headings = d.querySelectorAll('h2').length, scroll = d.documentElement.scrollWidth;
  document.title = JSON.stringify({{scroll, wide, cut, over, rolled, headings}});
}}
</script>"""


def measure_layout(browse: Any, page: Path, width: int) -> dict[str, Any]:
    """The layout in a window of a width.

    `scroll`: the width of the page. `wide`: elements that are wider than the window. `cut`: texts of figures that are cut off. `over`:
    texts of figures that overlap. `rolled`: figures that are wider than their place. `headings`: their number.
    """
    probe = page.with_name(f"probe-{page.stem}-{width}.html")
    probe.write_text(PROBE.format(width=width, name=page.name), encoding="utf-8")
    ran = browse("--allow-file-access-from-files", "--virtual-time-budget=10000", "--dump-dom", probe.as_uri())
    found = re.search(r"<title>(\{.*?\})</title>", ran.stdout, re.DOTALL)
    assert found, ran.stderr[-500:]
    told: dict[str, Any] = json.loads(found[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    return told


def count_printed_pages(browse: Any, page: Path, paper: Path) -> int:
    """Print the page as a PDF to `paper`; returns its number of pages."""
    browse(f"--print-to-pdf={paper}", "--no-pdf-header-footer", page.as_uri())
    data = paper.read_bytes()
    assert data.startswith(b"%PDF")
    return len(re.findall(rb"/Type\s*/Page\b", data))


def requested_addresses(browse: Any, page: Path, log: Path) -> set[str]:
    """Addresses that the page requests from the network, without those of the browser itself."""
    browse(f"--log-net-log={log}", "--virtual-time-budget=3000", "--dump-dom", page.as_uri())
    found = set(re.findall(r'"url":"(https?://[^"]+)"', log.read_text(errors="replace")))
    return {one for one in found if "google" not in one and "gvt" not in one}


def read_png(path: Path) -> tuple[int, int, int]:
    """The width and height of a PNG file, and the number of distinct bytes in its rows."""
    data = path.read_bytes()
    width, height = struct.unpack(">II", data[16:24])
    at, packed = 8, b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        packed += data[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += 12 + length
    return width, height, len(set(zlib.decompress(packed)))
