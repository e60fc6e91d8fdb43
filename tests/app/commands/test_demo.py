"""`tenfold demo`: files, a community file and a page."""

from pathlib import Path


def test_demo(run, tmp_path):
    ran = run("demo", "--people", "60", "--no-open", "--json", "--folder", tmp_path / "d")
    assert ran.code == 0, ran.err
    assert Path(ran.document["page"]).exists()
    assert {path.name for path in (tmp_path / "d").glob("*.csv")} == {"people.csv", "contacts.csv", "attendance.csv"}
    assert run("status", "--db", tmp_path / "d" / "tenfold.db").code == 0
