"""The circle cards."""

from tenfold.report.plan.sections.circle_cards import circle_cards


def test_circles_name_their_bridges_from_both_sides(made_up):
    cards = circle_cards(made_up, 100)
    assert [(link["to"], link["ours"], link["theirs"], link["exists"]) for link in cards[1]["links"]] == [
        ("1.1", "p00014", "p00003", False),
        ("1.3", "p00013", "p00024", True),
    ]
    assert len(circle_cards(made_up, 2)) == 2
