"""`tenfold demo`: files, a community file and a page."""

from pathlib import Path


def test_demo(run, tmp_path):
    ran = run("demo", "--people", "60", "--no-open", "--json", "--folder", tmp_path / "d")
    assert ran.code == 0, ran.err
    assert Path(ran.document["page"]).exists()
    assert {path.name for path in (tmp_path / "d").glob("*.csv")} == {"people.csv", "contacts.csv", "attendance.csv"}
    assert run("status", "--db", tmp_path / "d" / "tenfold.db").code == 0


def test_the_demo_takes_a_community_file_of_its_own(run, tmp_path):
    own = tmp_path / "mine.db"
    own.write_bytes(b"somebody's")
    ran = run("demo", "--people", "60", "--no-open", "--db", own, "--folder", tmp_path / "d")
    assert ran.code == 1
    assert "mine.db is a community file already; expected a name that is free" in ran.err
    assert own.read_bytes() == b"somebody's"
    assert not (tmp_path / "d").exists()
    own.unlink()
    ran = run("--db", own, "demo", "--people", "60", "--no-open", "--json", "--folder", tmp_path / "d")
    assert ran.document["db"] == str(own)
    assert own.exists()
    assert not (tmp_path / "d" / "tenfold.db").exists()
