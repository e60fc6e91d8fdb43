"""Readers: from files that people really have to the canonical tables. A format a file."""

from __future__ import annotations

from tenfold.people.readers.read import read_contacts, read_file, read_people
from tenfold.people.readers.reading import Reading

__all__ = ["Reading", "read_contacts", "read_file", "read_people"]
