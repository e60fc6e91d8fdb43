"""The community file: one SQLite database; all of a command is in it, or nothing."""

from tenfold.people.store.connect import open_store
from tenfold.people.store.store import Added, SavedPlan, Store

__all__ = ["Added", "SavedPlan", "Store", "open_store"]
