"""Sheets to hand out: only their own people, nothing private, the same apart and together."""

import io
import re
import zipfile
from html import unescape

import pytest

from page_text import visible_text
from tenfold.report.plan.sheets import ASKED, mail_merge, sheet_files


@pytest.fixture(scope="module")
def sheets(made_up) -> dict[str, bytes]:
    return dict(sheet_files(made_up))


def test_a_sheet_for_each_carer_and_each_circle(made_up, sheets):
    carers = made_up.plan.this_week["who"].n_unique()
    page = sheets["sheets.html"].decode()
    assert page.count('class="sheet"') == carers + made_up.plan.circle_table.height
    with zipfile.ZipFile(io.BytesIO(sheets["sheets.zip"])) as packed:
        names = packed.namelist()
        assert len(names) == len(set(names)) == carers + made_up.plan.circle_table.height
        assert not any("/" in name or ".." in name for name in names)
        for name in names:
            assert packed.read(name).decode().count('class="sheet"') == 1


def test_a_carer_sees_their_own_people_and_no_private_word(made_up, sheets):
    who = made_up.plan.this_week["who"][0]
    own = {made_up.name(one) for one in made_up.plan.this_week.filter(who=who)["whom"]}
    with zipfile.ZipFile(io.BytesIO(sheets["sheets.zip"])) as packed:
        texts = {
            name: unescape(visible_text(packed.read(name).decode())) for name in packed.namelist() if name.startswith("carer-")
        }
    mine = next(text for text in texts.values() if all(" ".join(one.split()) in " ".join(text.split()) for one in own))
    others = {made_up.name(one) for one in made_up.plan.circles["person"]} - own - {made_up.name(who)}
    assert not any(re.search(rf"(?<!\\w){re.escape(one)}(?!\\w)", mine) for one in others if one.startswith("Person "))
    private = [*made_up.plan.this_week["reason"].unique(), "silent", "usual gap", "fading", "lost", "never included", "risk"]
    for text in texts.values():
        assert not any(word in text for word in private)
    assert all(word for word in ASKED.values())


def test_names_are_escaped(sheets):
    page = sheets["sheets.html"].decode()
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_mail_merge_has_a_row_a_carer(made_up):
    table = mail_merge(made_up)
    assert table.height == made_up.plan.this_week["who"].n_unique()
    assert table["contacts"].sum() == made_up.plan.this_week.height
    assert all(len(people.splitlines()) >= 1 for people in table["people"])
