"""The rules that could not be met."""

from tenfold.report.plan.sections.rules_not_met import rules_not_met


def test_rules_name_circles_as_the_page_does(made_up, made_up_page):
    assert rules_not_met(made_up, 10)[0]["rows"][0]["who"] == made_up.plan.circle_table["name"][1]
    assert "&lt;b&gt;Ana&lt;/b&gt; does not speak it" in made_up_page
