"""Readers: from the files that people have to the canonical tables; a module for each format."""

from __future__ import annotations

from tenfold.people.readers.parsed_file import ParsedFile
from tenfold.people.readers.read import read_contacts, read_file, read_people, read_tables

__all__ = ["ParsedFile", "read_contacts", "read_file", "read_people", "read_tables"]
