"""The folder of a command: what Tenfold did not write stays, whatever is in the way."""

import hashlib
import json
import os
import stat

import pytest

from tenfold.errors import StoreError
from tenfold.report.folder import OutputFolder
from tenfold.report.manifest import MANIFEST, is_output_name
from tenfold.report.placement import Placement, place

FILES = [("csv/a.csv", b"a"), ("calendar/one.ics", b"one"), ("page.html", b"page")]


def write(folder, files=FILES, *, force=False, command="plan"):
    return OutputFolder(folder, command=command, force=force).write(files)


def contents(folder) -> dict[str, object]:
    """Everything in a folder but the manifest: bytes of files, targets of links."""
    return {
        str(path.relative_to(folder)): os.readlink(path) if path.is_symlink() else path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if (path.is_symlink() or path.is_file()) and path.name != MANIFEST
    }


def refused(folder, *words, files=FILES, force=False):
    before = contents(folder)
    with pytest.raises(StoreError) as error:
        write(folder, files, force=force)
    message = str(error.value)
    assert all(word in message for word in words), message
    assert len(message) < 600
    assert contents(folder) == before
    assert not [path for path in folder.iterdir() if path.name.startswith(".tenfold-") and path.name != MANIFEST]


def test_a_run_over_its_own_files_goes_on(tmp_path):
    paths, notes = write(tmp_path / "out")
    assert [path.relative_to(tmp_path / "out").as_posix() for path in paths] == [name for name, _ in FILES]
    assert notes == []
    write(tmp_path / "out", [("page.html", b"other page")])
    assert contents(tmp_path / "out") == {"page.html": b"other page"}


def test_files_and_folders_are_private(tmp_path):
    write(tmp_path / "deep" / "out")
    for path in (tmp_path / "deep").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_a_foreign_file_is_refused_by_its_name_and_force_replaces_it(tmp_path):
    (tmp_path / "calendar").mkdir()
    (tmp_path / "calendar" / "one.ics").write_text("mine")
    (tmp_path / "other.txt").write_text("mine as well")
    refused(tmp_path, "calendar/one.ics not written by Tenfold", "Nothing was written", "--force")
    write(tmp_path, force=True)
    assert contents(tmp_path) == dict(sorted(dict(FILES).items())) | {"other.txt": b"mine as well"}


def test_a_changed_file_is_refused_by_its_name(tmp_path):
    write(tmp_path)
    (tmp_path / "page.html").write_text("with a note of mine")
    refused(tmp_path, "page.html changed since Tenfold wrote it")
    write(tmp_path, force=True)
    assert (tmp_path / "page.html").read_bytes() == b"page"
    write(tmp_path)


def test_many_names_and_long_ones_make_a_short_message(tmp_path):
    names = [f"{k}{'x' * 240}.csv" for k in range(50)]
    for name in names:
        (tmp_path / name).write_text("mine")
    refused(tmp_path, "and 47 more", files=[(name, b"") for name in names])


def test_what_is_no_longer_made_goes_unless_it_was_changed(tmp_path):
    write(tmp_path, [("a", b"1"), ("b", b"2"), ("c", b"3")])
    (tmp_path / "b").write_text("mine now")
    _, notes = write(tmp_path, [("a", b"1")])
    assert contents(tmp_path) == {"a": b"1", "b": b"mine now"}
    assert len(notes) == 1
    assert "b: no longer made; changed since Tenfold wrote it" in notes[0]
    _, notes = write(tmp_path, [("a", b"1")])
    assert notes == []
    refused(tmp_path, "b not written by Tenfold", files=[("b", b"2")])


def test_commands_leave_the_files_of_each_other(tmp_path):
    write(tmp_path, [("a", b"1")], command="simulate")
    write(tmp_path, [("b", b"2")], command="world")
    write(tmp_path, [("a", b"3")], command="simulate")
    assert contents(tmp_path) == {"a": b"3", "b": b"2"}


@pytest.mark.parametrize("force", [False, True])
def test_a_linked_folder_inside_is_not_followed(tmp_path, force):
    outside, folder = tmp_path / "outside", tmp_path / "out"
    outside.mkdir()
    folder.mkdir()
    (outside / "one.ics").write_text("mine")
    (folder / "calendar").symlink_to(outside)
    refused(folder, "calendar is a link, and links are not followed", force=force)
    assert (outside / "one.ics").read_text() == "mine"


def test_a_folder_that_became_a_link_is_not_cleared(tmp_path):
    outside, folder = tmp_path / "outside", tmp_path / "out"
    write(folder)
    (folder / "calendar").rename(outside)
    (folder / "calendar").symlink_to(outside)
    write(folder, [("page.html", b"new")])
    assert (outside / "one.ics").read_bytes() == b"one"


def test_a_linked_file_is_replaced_and_not_followed(tmp_path):
    (tmp_path / "outside").write_text("mine")
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "page.html").symlink_to(tmp_path / "outside")
    refused(folder, "page.html not written by Tenfold")
    write(folder, force=True)
    assert (tmp_path / "outside").read_text() == "mine"
    assert not (folder / "page.html").is_symlink()


def test_the_folder_itself_may_be_a_link_to_a_folder(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    paths, _ = write(tmp_path / "link")
    assert paths[0] == tmp_path / "link" / "csv" / "a.csv"
    assert (tmp_path / "real" / "page.html").read_bytes() == b"page"
    (tmp_path / "loose").symlink_to("nowhere")
    with pytest.raises(StoreError, match="loose: is a link that leads nowhere"):
        write(tmp_path / "loose")
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("force", [False, True])
def test_a_file_where_a_folder_should_be_and_the_other_way_round(tmp_path, force):
    (tmp_path / "csv").write_text("mine")
    refused(tmp_path, "csv is a file where a folder should be", force=force)
    (tmp_path / "csv").unlink()
    (tmp_path / "page.html").mkdir()
    (tmp_path / "page.html" / "mine").write_text("mine")
    refused(tmp_path, "page.html is a folder; expected a file", force=force)
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(StoreError, match="taken: is a file; expected a folder"):
        write(tmp_path / "taken", force=force)


def test_pipes_and_devices_are_not_read(tmp_path):
    os.mkfifo(tmp_path / "page.html")
    refused(tmp_path, "page.html not written by Tenfold")
    write(tmp_path, force=True)
    assert (tmp_path / "page.html").read_bytes() == b"page"


def test_a_failing_run_leaves_no_folder(tmp_path):
    def files():
        yield "a", b"1"
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError):
        write(tmp_path / "deep" / "out", files())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        "[" * 100_000,
        '{"version": 1, "files": {"../x": "0"}}',
        '{"version": 1, "files": {"a": 3}}',
        '{"files": {}}',
    ],
)
def test_a_damaged_manifest_is_one_clear_line(tmp_path, text):
    (tmp_path / MANIFEST).write_text(text)
    refused(tmp_path, MANIFEST, "is damaged")


def test_a_manifest_of_a_newer_version_or_behind_a_link_is_refused(tmp_path):
    (tmp_path / MANIFEST).write_text('{"version": 2, "files": {}}')
    refused(tmp_path, "another version of Tenfold")
    (tmp_path / MANIFEST).rename(tmp_path / "elsewhere")
    (tmp_path / MANIFEST).symlink_to(tmp_path / "elsewhere")
    refused(tmp_path, MANIFEST, "is damaged")


@pytest.mark.parametrize(
    "name", ["", "/x", "../x", "a/../x", "a//b", ".", "a/.", "a\\b", "c:x", "a\0", ".tenfold-manifest.json", 3]
)
def test_names_that_lead_out_of_the_folder(name):
    assert not is_output_name(name)
    assert is_output_name("csv/a b.csv")


def test_what_killed_runs_left_goes_and_is_named(tmp_path):
    """Nothing of what is half staged, or not placed, was reported. What waits for a community file stays."""
    write(tmp_path)
    half, whole, waiting, strange = (tmp_path / f".tenfold-{one * 16}" for one in "abcz")
    for staging in (half, whole, waiting, strange):
        (staging / "files").mkdir(parents=True)
        (staging / "files" / "page.html").write_text("x")
    Placement("b" * 16, "plan", None, {"page.html": "0"}, {}).write(tmp_path)
    Placement("c" * 16, "plan", str(tmp_path / "other.db"), {"page.html": "0"}, {}).write(tmp_path)
    _, notes = write(tmp_path)
    assert not half.exists()
    assert not whole.exists()
    assert waiting.exists()
    assert strange.exists()
    assert [note.split(":")[0] for note in notes] == [str(half), str(whole), str(waiting)]
    assert "wait for" in notes[2]
    assert (tmp_path / "page.html").read_bytes() == b"page"


def test_staged_files_wait_and_are_placed_once(tmp_path):
    output = OutputFolder(tmp_path / "out", command="plan")
    staged = output.stage(FILES, community=tmp_path / "t.db")
    assert contents(staged.folder).keys().isdisjoint(name for name, _ in FILES)
    place(staged.folder, staged.token)
    assert contents(staged.folder) == dict(FILES)
    (staged.folder / "page.html").write_text("mine")
    assert place(staged.folder, staged.token) == []
    assert (staged.folder / "page.html").read_text() == "mine"


def test_a_file_that_changes_before_the_placement_stays(tmp_path):
    output = OutputFolder(tmp_path, command="plan")
    output.write([("page.html", b"old")])
    staged = output.stage(FILES, community=tmp_path / "t.db")
    (tmp_path / "page.html").write_text("mine")
    with pytest.raises(StoreError, match=r"page.html changed meanwhile"):
        place(staged.folder, staged.token)
    assert (tmp_path / "page.html").read_text() == "mine"
    assert not (tmp_path / "csv").exists()
    (tmp_path / "page.html").unlink()
    place(staged.folder, staged.token)
    assert (tmp_path / "page.html").read_bytes() == b"page"


def test_staged_files_that_were_damaged_are_not_placed(tmp_path):
    staged = OutputFolder(tmp_path, command="plan").stage(FILES, community=tmp_path / "t.db")
    (tmp_path / f".tenfold-{staged.token}" / "files" / "csv" / "a.csv").write_text("")
    with pytest.raises(StoreError, match=r"a.csv: is damaged or gone"):
        place(staged.folder, staged.token)


def test_the_manifest_holds_names_and_digests_alone(tmp_path):
    write(tmp_path)
    found = json.loads((tmp_path / MANIFEST).read_text())
    assert found["version"] == 1
    assert set(found["files"]) == {name for name, _ in FILES}
    assert found["files"]["page.html"] == hashlib.sha256(b"page").hexdigest()
    assert found["placing"] is None
