"""`tenfold left-out`: each has somebody who contacts them."""

AT = ("--at", "2026-11-24")


def test_left_out_names_who_contacts_them(run, db):
    rows = run("left-out", *AT, "--json").document["left_out"]
    assert rows
    assert all(one["first_contact"] and one["circle"] for one in rows)
