"""The house as a whole: its public names, how quick it opens, and that its first page tells the truth."""

import re
import subprocess
import sys

import pytest

import tenfold
from community import demo_files


def test_public_names_are_sorted_and_there():
    assert tenfold.__all__ == sorted(tenfold.__all__)
    for name in tenfold.__all__:
        assert getattr(tenfold, name).__doc__, name
    assert set(tenfold.__all__) <= set(dir(tenfold))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = tenfold.nothing


@pytest.mark.parametrize("line", ["import tenfold", "from tenfold.app.cli import tenfold"])
def test_importing_loads_nothing_heavy(line):
    code = f"{line}\nimport sys\nprint([one for one in ('numba', 'polars', 'altair', 'scipy', 'numpy') if one in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_every_public_function_tells_its_arguments_and_errors():
    for name in tenfold.__all__:
        what = getattr(tenfold, name)
        if callable(what) and not isinstance(what, type):
            assert "Parameters" in what.__doc__ or "Returns" in what.__doc__ or "`rule`" in what.__doc__, name


def test_the_readme_runs(request, tmp_path, monkeypatch):
    text = (request.config.rootpath / "README.md").read_text(encoding="utf-8")
    assert text.split("\n")[2].startswith("    pip install uv && uv run tenfold demo")
    assert text.split("\n")[3].startswith("    pip install uv && uv run pytest")
    demo_files(tmp_path, n=60)
    contacts = tmp_path / "contacts.csv"
    people = {line.split(",")[0] for line in (tmp_path / "people.csv").read_text(encoding="utf-8").splitlines()}
    rows = contacts.read_text(encoding="utf-8").splitlines()
    named = [row for row in rows[1:] if {row.split(",")[1], row.split(",")[2]} <= people]
    contacts.write_text("\n".join([rows[0], *named]) + "\n", encoding="utf-8")
    code = "\n".join(re.findall(r"```python\n(.*?)```", text, flags=re.S))
    ran = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert "usual_gap" in ran.stdout or "baseline" in ran.stdout


def test_no_file_is_two_jobs(request):
    for path in (request.config.rootpath / "src").rglob("*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, path
