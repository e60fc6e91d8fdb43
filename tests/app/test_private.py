"""What commands leave on the disk: for its owner alone, and no names where nobody looks for them."""

import os
import stat
import subprocess
import sys

MAIN = "import os; os.umask(0); from tenfold.app.cli import main; main()"
MARKER = "Zyxwvutsrq"


def start(folder, *args):
    environment = os.environ | {
        "HOME": str(folder / "home"),
        "XDG_CACHE_HOME": str(folder / "home" / "cache"),
        "TENFOLD_CACHE": str(folder / "home" / "cache" / "tenfold"),
        "TMPDIR": str(folder / "home" / "tmp"),
    }
    ran = subprocess.run(
        [sys.executable, "-c", MAIN, *map(str, args)], cwd=folder, env=environment, capture_output=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran


def test_files_are_private_and_caches_hold_no_names(tmp_path):
    (tmp_path / "home" / "tmp").mkdir(parents=True)
    (tmp_path / "home").chmod(0o700)
    inside = tmp_path / "work"
    inside.mkdir(mode=0o755)
    people = "".join(f"{MARKER}{k},{MARKER} {k},Lisbon\n" for k in range(12))
    contacts = "".join(f"2026-0{1 + k % 6}-0{1 + k % 9},{MARKER}{k % 12},{MARKER}{(k * 5 + 1) % 12}\n" for k in range(80))
    for name, text in (("people.csv", "id,name,place\n" + people), ("contacts.csv", "time,a,b\n" + contacts)):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o600)
    db = ("--db", inside / "t.db")
    start(tmp_path, *db, "import", "people.csv", "contacts.csv")
    start(tmp_path, *db, "status", "--at", "2026-07-01")
    start(tmp_path, *db, "export", inside / "out")
    start(tmp_path, *db, "backup")
    start(tmp_path, *db, "log", f"{MARKER}1", f"{MARKER}2")
    cached = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert all(MARKER.encode() not in path.read_bytes() and MARKER not in path.name for path in cached)
    assert stat.S_IMODE(inside.stat().st_mode) == 0o755
    written = [*cached, *(path for path in inside.rglob("*"))]
    assert len(written) > 6
    for path in written:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_kernels_are_cached_privately(tmp_path):
    """Compiled code lies in a folder that nobody else can look into."""
    code = "import os; os.umask(0); import sys, tenfold.kernels.jit; print(tenfold.kernels.jit.CACHE)"
    environment = os.environ | {"TENFOLD_CACHE": str(tmp_path / "cache")}
    ran = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    folder = tmp_path / "cache"
    assert str(folder) in ran.stdout
    assert [stat.S_IMODE(one.stat().st_mode) for one in (folder, folder / "kernels")] == [0o700, 0o700]
