"""The house as a whole: its public names, how quick it opens, and that its first page tells the truth."""

import ast
import re
import subprocess
import sys

import pytest

import reference
import tenfold
from community import demo_files
from tenfold.app.cli import COMMANDS, module_name


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


def sources(request, *folders: str):
    """Every Python file of some folders, with its path from the root."""
    for folder in folders:
        for path in sorted((request.config.rootpath / folder).rglob("*.py")):
            yield path.relative_to(request.config.rootpath), path.read_text(encoding="utf-8")


def test_no_file_has_two_jobs(request):
    for path, text in sources(request, "src", "tests", "benchmarks", "docs"):
        assert len(text.splitlines()) <= 400, path
        assert path.stem not in ("utils", "helpers", "base"), path


def test_no_function_takes_more_than_eight_arguments(request):
    for path, text in sources(request, "src"):
        if path.is_relative_to("src/tenfold/app/commands"):  # a command has as many as it has options
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                given = node.args
                count = len(given.posonlyargs) + len(given.args) + len(given.kwonlyargs)
                assert count + (given.vararg is not None) + (given.kwarg is not None) <= 8, (
                    path,
                    getattr(node, "name", "lambda"),
                )


def test_kernels_are_called_from_their_own_room(request):
    """A kernel of a room is imported by that room, and by kernels of it; `rng` by all; the compiler's interface by `jit` alone."""
    for path, text in sources(request, "src"):
        inside = path.parts[2:]  # after src/tenfold
        room = inside[1] if inside[0] == "kernels" else inside[0]
        for node in ast.walk(ast.parse(text)):
            for module in _imported(node):
                parts = module.split(".")
                if parts[:2] != ["tenfold", "kernels"] or len(parts) < 3:
                    continue
                allowed = {room, "rng", "chances", "streams", "jit"} | ({"parts"} if room == "jit.py" else set())
                assert parts[2] in allowed, f"{path} imports {module}"


def _imported(node: ast.AST) -> list[str]:
    """The modules that an import names."""
    if isinstance(node, ast.Import):
        return [one.name for one in node.names]
    if isinstance(node, ast.ImportFrom) and node.module is not None:
        return [node.module, *(f"{node.module}.{one.name}" for one in node.names if node.module == "tenfold.kernels")]
    return []


def test_formatting_is_switched_off_nowhere(request):
    off = "fmt: " + "skip", "fmt: " + "off"
    for path, text in sources(request, "src", "tests", "benchmarks"):
        assert not any(one in text for one in off), path


@pytest.mark.parametrize("page", reference.PAGES)
def test_the_reference_is_that_of_the_code(request, page):
    """Every command and every public name is documented; `python docs/reference.py` writes the pages anew."""
    written = (request.config.rootpath / "docs" / page).read_text(encoding="utf-8")
    assert written == reference.PAGES[page](), f"docs/{page} is old; run: python docs/reference.py"


def test_docstrings_name_every_argument():
    """Keywords that a TypedDict lists are arguments as well."""
    for name in tenfold.__all__:
        what = getattr(tenfold, name)
        if callable(what) and not isinstance(what, type):
            for argument in reference.arguments(what):
                assert re.search(rf"\b{argument.split('=')[0]}\b", what.__doc__), (name, argument)


def test_every_command_has_the_file_of_its_name(request):
    folder = request.config.rootpath / "src" / "tenfold" / "app" / "commands"
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert files == {module_name(name) for name in COMMANDS}


def test_every_test_stands_where_its_room_does(request):
    """The folders of `tests/` are those of `src/tenfold/`, and a few of their own."""
    own = {"browser", "cluster", "pinned", "property", "theory"}
    rooms = {path.name for path in (request.config.rootpath / "src" / "tenfold").iterdir() if path.is_dir()}
    tests = {path.name for path in (request.config.rootpath / "tests").iterdir() if path.is_dir()} - {"__pycache__"}
    assert tests - own <= rooms


def test_documents_link_to_what_is_there(request):
    root = request.config.rootpath
    pages = [root / "README.md", root / "CONTRIBUTING.md", root / "CHANGELOG.md", *(root / "docs").glob("*.md")]
    for page in pages:
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name} links to {link}"


def test_only_the_edge_prints(request):
    """What goes to a terminal goes through `app/terminal`, which escapes it; and Rich draws nowhere else."""
    for path, text in sources(request, "src"):
        if path.is_relative_to("src/tenfold/app/terminal"):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert not re.fullmatch(r"print|.*\.s?echo|sys\..*\.write(lines)?", called), f"{path} calls {called}"
            assert not any(name.split(".")[0] == "rich" for name in _imported(node)), f"{path} imports rich"


def test_patterns_take_the_digits_of_ascii_alone(request):
    """In a pattern of text backslash-d stands for the digits of all scripts, which `int` reads and file formats do not mean."""
    for path, text in sources(request, "src"):
        assert "\\" + "d" not in text, path
