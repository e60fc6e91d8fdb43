"""The circle cards."""

from tenfold.report.plan.sections.circle_cards import circle_cards


def test_circles_name_their_bridges_from_both_sides(made_up):
    cards = circle_cards(made_up, 100)
    assert [(link["to"], link["ours"], link["theirs"], link["exists"]) for link in cards[1]["links"]] == [
        (made_up.plan.circle_table["name"][0], "p00014", "p00003", False),
        (made_up.plan.circle_table["name"][2], "p00013", "p00024", True),
    ]
    assert len(circle_cards(made_up, 2)) == 2
