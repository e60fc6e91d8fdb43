"""What the plans said, and what came."""

from datetime import timedelta

import polars as pl

from tenfold.app.actions.saved_plan import checked_tally, checked_words, statements_checked
from tenfold.people.store import open_store


def test_statements_of_all_plans_are_held_against_what_came(db):
    with open_store(db, command="test", write=True) as store:
        newest = store.last_plan()
        table = newest.tables["statements"].head(1).with_columns(pl.lit(1).alias("window"))
        people = newest.tables["risks"]["person"]
        contacts = store.contacts()
        last = contacts.last()
        for mean, weeks_ago in ((1e6, 3), (0.0, 1), (5.0, -9)):
            date = pl.lit(last - timedelta(weeks=weeks_ago), pl.Datetime("us", "UTC"))
            said = table.with_columns(date.alias("date"), mean=mean, low=0.0 * mean, high=mean, words=pl.lit(f"<{mean}>"))
            store.save_plan({**newest.tables, "statements": said}, {}, last - timedelta(weeks=weeks_ago + 4))
        found = statements_checked(store, contacts)
        only_listed = statements_checked(store, contacts)["came"].max() <= len(people)
    assert only_listed
    assert found["words"].to_list() == ["<1000000.0>", "<0.0>"]
    assert found["held"].to_list() == [True, False]
    assert found["plan"].to_list() == [newest.number + 1, newest.number + 2]
    assert checked_tally(found) == "Of 2 statements about dates that have passed, 1 held; nine in ten are to."
    assert checked_tally(found.clear()) == ""
    words = checked_words(found.row(1, named=True))
    assert words.startswith(
        f"Said on {found['said'][1]:%Y-%m-%d}: <0.0>. There were {found['came'][1]}, outside of what was said."
    )
