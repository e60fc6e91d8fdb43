"""`tenfold mentors`: the command, and the section of the page."""

import polars as pl


def test_the_command(run, planned):
    db = planned / "tenfold.db"
    ran = run("--db", db, "mentors", "-k", 4, "--at", "2026-11-24", "--limit", 3)
    assert ran.code == 0, ran.err
    assert "4 mentors reach" in ran.out
    assert "people expected" in ran.out
    document = run("--db", db, "mentors", "-k", 4, "--at", "2026-11-24", "--json").document
    assert len(document["mentors"]) == 4
    assert {row["mentor"] for row in document["care"]} <= {row["mentor"] for row in document["mentors"]}
    assert document["settings"]["objective"] == "reach"
    language = run(
        "--db", db, "mentors", "--by", "language", "--objective", "worst_group", "-k", 4, "--json", "--at", "2026-11-24"
    )
    assert language.document["settings"]["by"] == "language"


def test_the_page_names_them(planned):
    page = (planned / "plan" / "plan.html").read_text(encoding="utf-8")
    assert 'href="#mentors"' in page
    table = pl.read_csv(planned / "plan" / "csv" / "reach_mentors.csv")
    section = page.split('<section id="mentors"')[1].split("</section>")[0]
    assert table["mentor_name"][0] in section
    assert "people expected" in section
    assert table.height


def test_a_wrong_request_is_one_line(run, planned):
    ran = run("--db", planned / "tenfold.db", "mentors", "-k", 5000)
    assert ran.code == 1
    assert ran.err.count("\n") <= 2
    assert "can be mentors; ask for at most as many" in ran.err
