"""The proof that a bundle gives what the run gave: held-out rows and made rows, through every door, to the last bit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import inf, isfinite
from typing import Any

import msgspec

from pipelines.catalogue.ports import Table
from pipelines.serving.bundle import read_bundle
from pipelines.serving.checking import BadRows
from pipelines.serving.graph import refused as refused_at
from pipelines.serving.isolated import Unavailable
from pipelines.serving.made_rows import made, refused
from pipelines.serving.matching import held_out
from pipelines.serving.scorer import Answer, Scorer

TOLERANCE = 1e-12  # times the larger of 1 and the value, for numbers of the same engine
MOST_ALONE = {"tables": 200, "sandbox": 50}  # rows that are scored one at a time
Columns = Mapping[str, Sequence[Any]]


class Case(msgspec.Struct, frozen=True):
    """One comparison.

    Args:
        name, title: Its key, and what is compared, as a sentence.
        rows: How many rows were compared.
        differing: How many values differ by more than the tolerance, or are another label.
        largest: The largest difference of two numbers; 0 where all are equal to the last bit.
        passed: Whether nothing differs.
        detail: The first difference, or what could not be compared.
    """

    name: str
    title: str
    rows: int
    differing: int = 0
    largest: float = 0.0
    passed: bool = True
    detail: str = ""


class ParityReport(msgspec.Struct, frozen=True):
    """What the proof found. `mode` and `why` are those of the scorer; `exact` says that no number differs by a bit."""

    passed: bool
    exact: bool
    held_out: int
    tolerance: float
    largest: float
    mode: str
    why: str
    cases: tuple[Case, ...]
    libraries: dict[str, str]


def prove(data: bytes, scored: Table, source: Table) -> ParityReport:
    """Compare a bundle with the run that it was derived from.

    Args:
        data: The bundle.
        scored: The scores that the run gave.
        source: The table of the run where the rows of a request enter, with all its rows.

    Raises:
        CannotDerive: When a step that runs code cannot be executed here.
    """
    try:
        return _proven(data, scored, source)
    except Unavailable as gone:
        raise refused_at(gone.code, gone.words, gone.node, gone.remedy or "Try again.") from gone


def _proven(data: bytes, scored: Table, source: Table) -> ParityReport:
    scorer = Scorer.load(data)
    tables = Scorer(read_bundle(data), compiled=False) if scorer.mode == "compiled" else scorer
    rows, wanted, unmatched = held_out(tables, scored, source)
    cases = [*_held_out(scorer, tables, data, rows, wanted, unmatched), *_made(scorer, tables, rows)]
    largest = max((case.largest for case in cases), default=0.0)
    return ParityReport(
        all(case.passed for case in cases),
        largest == 0.0,
        len(rows),
        TOLERANCE,
        largest,
        scorer.mode,
        scorer.why,
        tuple(cases),
        dict(scorer.libraries),
    )


def _held_out(
    scorer: Scorer, tables: Scorer, data: bytes, rows: Sequence[Mapping[str, Any]], wanted: Columns, unmatched: int
) -> Iterator[Case]:
    if unmatched or not rows:
        words = f"{unmatched:,} rows that the run scored are not among the rows of its data, as the scoring graph prepares them."
        detail = words if unmatched else "The run scored no rows."
        yield Case("held_out", "Rows that the run scored are found in its data", len(rows), unmatched, passed=False, detail=detail)
    if not rows:
        return
    all_at_once = scorer.score(rows).columns
    yield compared("all_at_once", "Held-out rows, all in one request, against the run", wanted, all_at_once)
    names = [column.name for column in scorer.signature.inputs]
    by_column = scorer.score_columns({name: [row[name] for row in rows] for name in names})
    yield compared("by_column", "The same rows, given column by column", wanted, by_column.columns)
    some = rows[: MOST_ALONE.get(scorer.mode)]
    yield compared("one_at_a_time", "The same rows, one in each request", _head(wanted, len(some)), _alone(scorer, some))
    backwards = {name: list(values)[::-1] for name, values in scorer.score(rows[::-1]).columns.items()}
    yield compared("any_order", "The same rows in the opposite order", wanted, backwards)
    again = Scorer.load(data).score(rows).columns
    yield compared("loaded_again", "The same rows after the bundle is loaded again", wanted, again)
    if tables is not scorer:
        yield compared("tables", "The compiled scorer against the modules themselves", tables.score(rows).columns, _alone(scorer, rows))


def _made(scorer: Scorer, tables: Scorer, rows: Sequence[Mapping[str, Any]]) -> Iterator[Case]:
    base = rows[0] if rows else scorer.signature.example
    found = made(scorer.signature, base)
    if not found:
        return
    strange = list(found.values())
    together = tables.score(strange, on_error="null")
    alone = [scorer.score([row], on_error="null") for row in strange]
    columns = {name: [each.columns[name][0] for each in alone] for name in together.columns}
    yield compared("made_rows", "Made rows: each value missing, unseen categories, extremes", together.columns, columns, list(found))
    reasons = [bool(each.reasons) for each in alone]
    differing = sum(reason is not (place in together.reasons) for place, reason in enumerate(reasons))
    yield Case("reasons", "Made rows without an answer have a reason, alone and together", len(strange), differing, passed=not differing)
    wrong = refused(scorer.signature, base)
    accepted = [what for what, (row, column) in wrong.items() if not _names(scorer, row, column)]
    yield Case(
        "refused_rows",
        "Rows that lack a column or hold another type are refused, with row and column",
        len(wrong),
        len(accepted),
        passed=not accepted,
        detail=f"Not refused: {accepted[0]}." if accepted else "",
    )
    extra = scorer.score([{**base, "a column of no use": 1}])
    told = any("a column of no use" in warning for warning in extra.warnings)
    case = compared("extra_column", "A further column is ignored, with a warning", scorer.score([base]).columns, extra.columns)
    yield case if told else msgspec.structs.replace(case, passed=False, detail="No warning names the column.")


def _names(scorer: Scorer, row: Mapping[str, Any], column: str) -> bool:
    """Return whether a row is refused with an error that names the column."""
    try:
        scorer.score([row])
    except BadRows as wrong:
        return any(error.row == 0 and error.column == column and column in error.words for error in wrong.errors)
    return False


def _alone(scorer: Scorer, rows: Sequence[Mapping[str, Any]]) -> Columns:
    answers: list[Answer] = [scorer.score([row]) for row in rows]
    return {column.name: [answer.columns[column.name][0] for answer in answers] for column in scorer.signature.outputs}


def _head(columns: Columns, rows: int) -> Columns:
    return {name: values[:rows] for name, values in columns.items()}


def compared(name: str, title: str, wanted: Columns, found: Columns, labels: Sequence[str] = ()) -> Case:
    """Compare two answers value by value: texts must be equal, numbers within the tolerance."""
    rows, differing, largest, detail = 0, 0, 0.0, ""
    for column, values in wanted.items():
        rows = len(values)
        for place, (one, other) in enumerate(zip(values, found[column], strict=True)):
            off = _distance(one, other)
            largest = max(largest, off)
            if off > TOLERANCE * max(1.0, abs(one) if isinstance(one, int | float) and isfinite(one) else 1.0):
                differing += 1
                where = f"row {place}" if not labels else labels[place]
                detail = detail or f"“{column}”, {where}: {other!r} instead of {one!r}."
    return Case(name, title, rows, differing, largest, not differing, detail)


def _distance(one: Any, other: Any) -> float:
    if one == other and type(one) is type(other):
        return 0.0
    both = all(isinstance(value, int | float) and not isinstance(value, bool) for value in (one, other))
    return abs(one - other) if both else inf
