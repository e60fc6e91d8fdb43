"""The ladder of degrees: how strong a group is that has attained one."""

from __future__ import annotations

from tenfold import checks

__all__ = ["NAMES", "degree_name", "ladder"]

NAMES = ("Malchut", "Zeir Anpin", "YESHSUT")
"""The degrees that the source text names; the higher ones go by number."""


def ladder(degree: int, *, factor: float = 10.0, first: float = 6.0) -> float:
    """The power of a degree: 1 for degree 0, `first` · `factor`^degree from degree 1 on, so 1, 60, 600, 6,000, …

    The numbers are the source text's own ("every new degree includes the ten" and "adds a position").

    Parameters
    ----------
    degree
        From 0 to 11.
    factor
        How many times stronger each degree is than the one below it, above 0.
    first
        What the first degree adds beyond its factor, above 0.

    Raises
    ------
    SpecError
        An argument out of its range.

    Examples
    --------
    >>> [ladder(degree) for degree in range(4)]
    [1.0, 60.0, 600.0, 6000.0]
    """
    step = checks.whole(degree, "degree", low=0, high=11)
    ratio, start = checks.positive(factor, "factor"), checks.positive(first, "first")
    return start * ratio**step if step else 1.0


def degree_name(degree: int) -> str:
    """A degree's name, or its number.

    Examples
    --------
    >>> degree_name(1), degree_name(5)
    ('Zeir Anpin', 'degree 5')
    """
    number = checks.whole(degree, "degree", low=0, high=11)
    return NAMES[number] if number < len(NAMES) else f"degree {number}"
