"""A plan with every kind of name in it, and its outputs."""

import polars as pl
import pytest

from community import ENDS, demo_community
from plan_factory import make_report
from tenfold.bonds.standing import measure_standing
from tenfold.bonds.strength import measure_bonds
from tenfold.people.contacts import Contacts
from tenfold.people.roster import People
from tenfold.plan.plan import make_plan
from tenfold.report.plan.files import write_plan_files
from tenfold.report.plan.page import plan_page
from tenfold.report.plan.plan_report import PlanReport

HOSTILE_IDS = {"p04": "../../etc/passwd", "p05": "CON", "p06": "x" * 300, "p07": "=cmd()"}
HOSTILE_NAMES = {
    "p01": "<script>alert(1)</script>",
    "p02": '=HYPERLINK("http://evil.example")',
    "p03": 'Anna "quoted" & <b>bold</b>',
    "p08": "@SUM(A1)",
    "p09": "\tTab first",
    "p10": "+49 151",
    "p11": "מרים בת־דוד",
    "p12": "رانيا سلامة",
}


@pytest.fixture(scope="session")
def report() -> PlanReport:
    people, contacts = demo_community(80, 5)
    table = people.table.with_columns(
        name=pl.coalesce(pl.col("id").replace_strict(HOSTILE_NAMES, default=None), "name"), id=pl.col("id").replace(HOSTILE_IDS)
    )
    renamed = Contacts(
        contacts.table.with_columns(pl.col("a", "b").replace(HOSTILE_IDS)),
        contacts.gatherings.with_columns(pl.col("person").replace(HOSTILE_IDS)),
    )
    people = People.from_table(table)
    plan = make_plan(people, renamed, at=ENDS, replicates=10)
    plan.settings["number"] = 3
    bonds = measure_bonds(renamed, at=ENDS)
    standing = measure_standing(people, renamed, bonds)
    twice = pl.DataFrame({"a": ["p01"], "b": ["p02"], "score": [97.0], "why": ["almost the same name"]})
    return PlanReport(
        "Autumn <convention>",
        ENDS,
        plan,
        people,
        bonds.table,
        standing,
        {"people without a language": 2},
        twice,
        {"seed": "0", "tenfold": "test", "input people.csv": "SHA-256 abc"},
    )


@pytest.fixture(scope="session")
def outputs(report, tmp_path_factory):
    folder = tmp_path_factory.mktemp("outputs")
    write_plan_files(folder, report)
    return folder


@pytest.fixture(scope="session")
def made_up() -> PlanReport:
    """A report with what a real plan seldom holds."""
    return make_report()


@pytest.fixture(scope="session")
def made_up_page(made_up) -> str:
    return plan_page(made_up)
