"""The weekly list."""

from tenfold.report.plan.sections.weekly_list import contacts_by_circle


def test_a_block_for_each_carer_and_one_for_single_contacts(made_up):
    cards, shown = contacts_by_circle(made_up, 10_000)
    assert shown == made_up.plan.this_week.height == 24
    assert [(card["circle"], card["count"], len(card["blocks"]), len(card["single"])) for card in cards][:2] == [
        (1, "6 contacts", 1, 1),
        (2, "6 contacts", 1, 1),
    ]
    block = cards[0]["blocks"][0]
    assert (block["who"], block["role"], block["count"]) == ("p00000", "mentor", "5 contacts")
    assert block["tasks"][0]["day"] == "Tue 3 Mar"
    assert len(contacts_by_circle(made_up, 7)[0]) == 1
