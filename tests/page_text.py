"""The text of a page, without its markup."""

import re


def visible_text(html: str) -> str:
    """The text of the sections of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html[html.index("<main") :]))
