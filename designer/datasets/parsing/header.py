"""The header row: whether there is one, and valid column names."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from designer.datasets.parsing.errors import Unreadable
from designer.datasets.parsing.limits import MOST_COLUMNS

NUMBER = re.compile(r"[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)([eE][+-]?[0-9]+)?%?")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}.*")
YEAR = re.compile(r"(1[89]|2[01])[0-9]{2}")
LONGEST_NAME = 200
NAMED = 5


def is_header(first: Sequence[str], rest: Sequence[Sequence[str]], words: Collection[str] = ()) -> bool:
    """Whether the first row is a header: it is not when it has values of number or date columns.

    Args:
        first: The first row.
        rest: Some of the rows below it.
        words: Lower-case texts that mean a missing value.
    """
    typed = [place for place in range(len(first)) if _typed([row[place] for row in rest if place < len(row)], words)]
    values = [place for place in typed if _is_value(first[place])]
    if not values or len(values) < sum(not _is_missing(first[place], words) for place in typed):
        return True
    years = [first[place].strip() for place in values]
    other = any(not YEAR.fullmatch(row[place].strip()) for row in rest for place in values if place < len(row))
    return len(set(years)) == len(years) > 1 and all(YEAR.fullmatch(year) for year in years) and other


def _typed(cells: Sequence[str], words: Collection[str]) -> bool:
    present = [cell for cell in cells if cell.strip() and not _is_missing(cell, words)]
    return bool(present) and all(_is_value(cell) for cell in present)


def _is_missing(cell: str, words: Collection[str]) -> bool:
    return cell.strip().lower() in words


def _is_value(cell: str) -> bool:
    return bool(NUMBER.fullmatch(cell.strip()) or DATE.fullmatch(cell.strip()))


def column_names(header: Sequence[str]) -> tuple[list[str], list[str]]:
    """Names that are not empty and unique, with notes on what was changed.

    Raises:
        Unreadable: `too_many_columns`.
    """
    check_width(len(header))
    names: list[str] = []
    empty, double, spaced = [], [], []
    taken = {_clean(name) for name in header}
    used: set[str] = set()
    for place, raw in enumerate(header, 1):
        name = _clean(raw)
        if name and len(name) < min(len(raw), LONGEST_NAME):
            spaced.append(name)
        if not name:
            name = _free(f"column_{place}", taken | used)
            empty.append(name)
        elif name in used:
            double.append(name)
            name = _free(name, taken | used, first=2)
        used.add(name)
        names.append(name)
    notes = []
    if spaced:
        notes.append(f"Spaces at the ends of names, and repeated ones, were left out: {_listed(spaced)}.")
    if empty:
        notes.append(f"Columns without a name were named {_listed(empty)}.")
    if double:
        notes.append(f"Duplicate names were numbered: {_listed(double)}.")
    return names, notes


def check_width(columns: int) -> None:
    """Reject more columns than a table may have.

    Raises:
        Unreadable: `too_many_columns`.
    """
    if columns > MOST_COLUMNS:
        raise Unreadable(
            "too_many_columns",
            f"The file has {columns:,} columns; the maximum is {MOST_COLUMNS:,}.",
            "Transpose the table, or upload fewer columns.",
        )


def _clean(name: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in name).split())[:LONGEST_NAME]


def _free(name: str, taken: set[str], first: int | None = None) -> str:
    if first is None and name not in taken:
        return name
    number = first or 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(f"“{name[:40]}”" for name in names[:NAMED]) + more
