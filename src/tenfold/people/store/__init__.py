"""The community file: one SQLite database. Each command is one transaction: all of its changes are kept, or none."""

from tenfold.people.store.connection import open_rehearsal, open_store
from tenfold.people.store.plans import SavedPlan
from tenfold.people.store.store import ImportCounts, Store

__all__ = ["ImportCounts", "SavedPlan", "Store", "open_rehearsal", "open_store"]
