"""The summary."""

from page_text import visible_text
from plan_factory import make_report
from tenfold.report.plan.page import plan_page


def test_the_summary_says_what_the_plan_changes(made_up_page):
    assert (
        "32 people are in touch today. In 12 weeks 25 would be if nobody did anything; with this plan, 30, "
        "if a contact does what is assumed below." in visible_text(made_up_page)
    )
    assert "1 of these 2 numbers comes from your own community" in visible_text(made_up_page)


def test_a_plan_that_does_not_win_says_so_even_without_words():
    html = plan_page(make_report(wins=False))
    assert html.index("does not win") < html.index('<ul class="facts">')
    assert "keeps more people than doing nothing" not in html
