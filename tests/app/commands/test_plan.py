"""`tenfold plan` on the contacts of a conference."""

import pytest


def test_sfhh_from_file_to_plan(run, shared_data, tmp_path):
    assert run("import", shared_data / "contacts" / "sfhh_conference.tij.dat.gz", "--quiet").code == 0
    ran = run("plan", "--json", "--replicates", "20")
    assert ran.code == 0, ran.err
    assert len({one["person"] for one in ran.document["circles"]}) == 403
    bonds = run("bonds", "--half-life", "3600s", "--json").document
    assert bonds["total_strength"] == pytest.approx(2742.858, abs=0.001)
    assert "tenfold-plan" in {path.name for path in tmp_path.iterdir()}
