"""Every command that writes refuses a file that is not Tenfold's, by its name, and before it has done anything."""

import pytest

from community import demo_files

AT = ("--at", "2026-11-24")
SPEC = 'steps = 5\n[model]\nlibrary = "sir"\n[graph]\ngenerator = "erdos_renyi"\nn = 100\nmean_degree = 4.0\n[start]\nI = 3\n'
EXPORT = ("export", "out", *AT)


@pytest.mark.parametrize(
    ("args", "file"),
    [
        (("plan", *AT, "--replicates", "2"), "tenfold-plan/plan.html"),
        (EXPORT, "out/people.csv"),
        (("simulate", "spec.toml"), "tenfold-simulation/provenance.json"),
        (("world", "--people", "1000"), "tenfold-world/steps.parquet"),
        (("claims", "C4"), "tenfold-claims/claims.html"),
        (("demo", "--no-open"), "tenfold-demo/people.csv"),
        (("demo", "--no-open"), "tenfold-demo/plan/plan.html"),
        (("seeds", "ties.csv", "-k", "1", "--out", "chosen/s.csv"), "chosen/s.csv"),
    ],
    ids=lambda one: one if isinstance(one, str) else one[0],
)
def test_a_file_in_the_way_is_refused_by_name(run, tmp_path, args, file):
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).write_text("mine")
    (tmp_path / "spec.toml").write_text(SPEC)
    (tmp_path / "ties.csv").write_text("source,target\na,b\nb,c\n")
    before = sorted(tmp_path.rglob("*"))
    ran = run(*args)
    assert ran.code == 1
    assert f"{(tmp_path / file).name} not written by Tenfold. Nothing was written" in ran.err
    assert "--force" in ran.err
    assert (tmp_path / file).read_text() == "mine"
    assert sorted(tmp_path.rglob("*")) == before


def test_a_second_run_goes_on_and_force_replaces(run, tmp_path):
    assert run("import", *demo_files(tmp_path / "in", n=60)).code == 0
    for _ in range(2):
        assert run(*EXPORT).code == 0
    assert run(*EXPORT, "--format", "parquet").code == 0
    (tmp_path / "out" / "bonds.csv").write_text("mine")
    ran = run(*EXPORT)
    assert ran.code == 1
    assert "bonds.csv changed since Tenfold wrote it" in ran.err
    assert run(*EXPORT, "--force").code == 0
    assert (tmp_path / "out" / "bonds.csv").read_bytes() != b"mine"
    assert (tmp_path / "out" / "bonds.parquet").exists()
