"""SVMLight as a table: a label, then the places and values of the features that are not 0."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import ColumnRole, Table
from pipelines.modules.data._arff import wrong_line

LABELS, QUERIES = "Labels", "Query"
MOST_COLUMNS, MOST_CELLS = 10_000, 10_000_000
PAIR = re.compile(r"(\d+):(\S+)")


def read_svmlight(text: str) -> Table:
    """Return the table of a text in SVMLight: Col1, Col2 and so on, the labels, and the query of each row where there are queries.

    Raises:
        ModuleError: `unreadable_text`, with the line.
    """
    labels: list[float] = []
    queries: list[int | None] = []
    cells: list[tuple[int, int, float]] = []  # row, place, value
    for number, raw in enumerate(text.splitlines(), start=1):
        first, *rest = raw.partition("#")[0].split() or [""]
        if not first:
            continue
        labels.append(_number(first, number, "label"))
        query = [part for part in rest if part.startswith("qid:")]
        queries.append(_query(query[0], number) if query else None)
        places = [_pair(part, number) for part in rest if part not in query]
        if any(later <= earlier for (earlier, _), (later, _) in pairwise(places)):
            raise wrong_line(number, "the places of the features do not increase")
        cells += [(len(labels) - 1, place, value) for place, value in places]
    if not labels:
        raise ModuleError("unreadable_text", "The text has only comments.", param="text", remedy="Enter at least one row.")
    return _table(labels, queries, cells)


def _table(labels: list[float], queries: list[int | None], cells: list[tuple[int, int, float]]) -> Table:
    first = 0 if any(place == 0 for _, place, _ in cells) else 1
    width = max((place for _, place, _ in cells), default=first - 1) - first + 1
    if width > MOST_COLUMNS or width * len(labels) > MOST_CELLS:
        words = (
            f"{len(labels):,} rows with places of features up to {width:,} are more than {MOST_COLUMNS:,} columns or {MOST_CELLS:,} cells."
        )
        raise ModuleError("too_many_columns", words, param="text", remedy="Number the features without gaps.")
    matrix = np.zeros((len(labels), width))
    for row, place, value in cells:
        matrix[row, place - first] = value
    columns = [pl.Series(f"Col{place + 1}", matrix[:, place]) for place in range(width)]
    if any(query is not None for query in queries):
        columns.append(pl.Series(QUERIES, queries, dtype=pl.Int64))
    found = pl.Series(LABELS, labels, dtype=pl.Float64)
    whole = found.cast(pl.Int64, strict=False)
    columns.append(whole if whole.cast(pl.Float64).equals(found) else found)
    return Table(
        pl.DataFrame(columns), {LABELS: ColumnRole("label"), **({QUERIES: ColumnRole("ignored")} if len(columns) > width + 1 else {})}
    )


def _pair(text: str, number: int) -> tuple[int, float]:
    found = PAIR.fullmatch(text)
    if found is None:
        raise wrong_line(number, f"“{text[:40]}” is not a feature, such as 3:0.5")
    return int(found[1]), _number(found[2], number, f"value of the feature {found[1][:20]}")


def _query(text: str, number: int) -> int:
    if not text[4:].isdecimal() or len(text) > 22:
        raise wrong_line(number, f"“{text[:40]}” is not a query, such as qid:1")
    return int(text[4:])


def _number(text: str, number: int, what: str) -> float:
    try:
        if "_" in text:  # Python reads 1_000 as a number
            raise ValueError
        return float(text)
    except ValueError:
        hint = "; several labels for a row are not supported" if what == "label" and "," in text else ""
        raise wrong_line(number, f"the {what} “{text[:40]}” is not a number{hint}") from None
