"""The report of a world: its page and its tables."""
