"""What has been done of the last plan."""

from datetime import UTC, datetime, timedelta

import polars as pl

from tenfold.app.actions.saved_plan import weekly_progress
from tenfold.people.store import SavedPlan

AT = datetime(2026, 3, 1, tzinfo=UTC)


def test_a_contact_after_the_plan_in_either_direction_is_done():
    week = pl.DataFrame({"who": ["ana", "ana", "binh"], "whom": ["binh", "chi", "dov"]})
    hours = [-1, 1, 2]
    contacts = pl.DataFrame(
        {
            "time": [AT + timedelta(hours=one) for one in hours],
            "a": ["ana", "chi", "eva"],
            "b": ["binh", "ana", "binh"],
        }
    )
    found = weekly_progress(SavedPlan(1, AT, {}, {"this_week": week}), contacts)
    assert found["done"].to_list() == [False, True, False]
    assert found.drop("done").equals(week)
