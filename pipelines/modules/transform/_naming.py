"""Names of columns that come more than once."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence


def titles(columns: Sequence[str]) -> list[str]:
    """Names that are all different: the first keeps its own, the next become NAME_2, NAME_3."""
    known, numbers = set(columns), dict.fromkeys(columns, 1)
    taken: set[str] = set()
    found: list[str] = []
    for column in columns:
        title = column
        while title in taken or (title != column and title in known):
            numbers[column] += 1
            title = f"{column}_{numbers[column]}"
        taken.add(title)
        found.append(title)
    return found


def free(name: str, taken: set[str]) -> str:
    """A name for a right column: with _right after it while it is taken; it is taken from then on."""
    while name in taken:
        name = f"{name}_right"
    taken.add(name)
    return name


def unused(columns: Iterable[str]) -> str:
    """A name that no column has, for a column that is there for a while only."""
    return max(columns, key=len, default="") + "_"


def separated(names: str) -> list[str]:
    """The names in a text that separates them by commas; one with a comma is in double quotes."""
    return [name.strip() for name in next(csv.reader([names], skipinitialspace=True), []) if name.strip()]
