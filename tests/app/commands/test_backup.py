"""`tenfold backup` makes a whole copy, for its owner alone, and replaces nothing that is there."""

import stat


def test_a_backup_is_a_whole_copy(run, db, tmp_path):
    ran = run("backup", "copy.db")
    assert ran.code == 0, ran.err
    copy = tmp_path / "copy.db"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert run("--db", copy, "check").code == 0
    assert (
        run("--db", copy, "bonds", "--json", "--at", "2027-03-01").document
        == run("bonds", "--json", "--at", "2027-03-01").document
    )
    assert not [one.name for one in tmp_path.iterdir() if one.name.endswith(".tenfold-part")]


def test_what_is_there_is_replaced_with_force_alone(run, db, tmp_path):
    (tmp_path / "copy.db").write_text("mine")
    ran = run("backup", "copy.db")
    assert ran.code == 1
    assert "copy.db: is there already; --force replaces it" in ran.err
    assert (tmp_path / "copy.db").read_text() == "mine"
    assert run("backup", "copy.db", "--force").code == 0
    assert run("--db", tmp_path / "copy.db", "check").code == 0
    assert "is the community file itself" in run("backup", db, "--force").err
    assert "cannot be written" in run("backup", "no/such/folder.db").err
    assert run("backup").code == 0
    assert len(list(tmp_path.glob("tenfold-backup-20*.db"))) == 1


def test_a_backup_is_put_back_by_copying_it(run, db, tmp_path):
    before = run("bonds", "--json", "--at", "2027-03-01").document
    assert run("backup", "copy.db").code == 0
    assert run("log", "p001", "p003").code == 0
    assert run("bonds", "--json", "--at", "2027-03-01").document != before
    db.write_bytes((tmp_path / "copy.db").read_bytes())
    assert run("bonds", "--json", "--at", "2027-03-01").document["bonds"] == before["bonds"]
