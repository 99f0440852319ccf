"""The proof that a bundle gives what the run gave: held-out rows and made rows, through every door, to the last bit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import inf, isfinite
from typing import Any

import msgspec

from pipelines.catalogue.ports import Table
from pipelines.serving.bundle import read_bundle
from pipelines.serving.checking import BadRows
from pipelines.serving.made_rows import made, refused
from pipelines.serving.matching import held_out
from pipelines.serving.scorer import Answer, Scorer

TOLERANCE = 1e-12  # times the larger of 1 and the value, for numbers of the same engine
MOST_ALONE = 200  # rows that are scored one at a time by tables
Columns = Mapping[str, Sequence[Any]]
Rows = Sequence[Mapping[str, Any]]
Hear = Callable[[str, float], None]


class ColumnCase(msgspec.Struct, frozen=True):
    """One comparison of one column of the answer: how many values were compared, how many differ, and the largest difference of two numbers."""

    name: str
    values: int
    differing: int
    largest: float


class Case(msgspec.Struct, frozen=True):
    """One comparison.

    Args:
        name, title: Its key, and what is compared, as a sentence.
        rows: How many rows were compared.
        differing: How many values differ by more than the tolerance, or are another label.
        largest: The largest difference of two numbers; 0 where all are equal to the last bit.
        passed: Whether nothing differs.
        detail: The first difference, or what could not be compared.
        columns: The same by column of the answer, where columns were compared.
    """

    name: str
    title: str
    rows: int
    differing: int = 0
    largest: float = 0.0
    passed: bool = True
    detail: str = ""
    columns: tuple[ColumnCase, ...] = ()


class ParityReport(msgspec.Struct, frozen=True):
    """What the proof found. `mode` and `why` are those of the scorer; `exact` says that no number differs by a bit, and no text."""

    passed: bool
    exact: bool
    held_out: int
    tolerance: float
    largest: float
    mode: str
    why: str
    cases: tuple[Case, ...]
    libraries: dict[str, str]


class Course:
    """How far a proof is, told as the comparison that is made, and the share of the requests that have been scored."""

    def __init__(self, hear: Hear, requests: int) -> None:
        self._hear, self._requests, self._scored, self._title = hear, max(1, requests), 0, ""

    def begins(self, title: str) -> str:
        """Tell which comparison begins; returns its title."""
        self._title = title
        self._hear(title, self._share)
        return title

    def scored(self) -> None:
        """Tell that one more request has been scored."""
        self._scored += 1
        self._hear(self._title, self._share)

    @property
    def _share(self) -> float:
        return min(1.0, self._scored / self._requests)


def unheard(title: str, share: float) -> None:
    """Tell nobody how far a proof is."""


def prove(data: bytes, scored: Table, source: Table, hear: Hear = unheard) -> ParityReport:
    """Compare a bundle with the run that it was derived from.

    Args:
        data: The bundle.
        scored: The scores that the run gave.
        source: The table of the run where the rows of a request enter, with all its rows.
        hear: Is told which comparison is made, and the share of the proof that is done, after each request.
    """
    hear("Rows that the run scored are looked up in its data", 0.0)
    scorer = Scorer.load(data)
    tables = scorer if scorer.mode == "tables" else Scorer(read_bundle(data), compiled=False)
    rows, wanted, unmatched = held_out(tables, scored, source)
    strange = made(scorer.signature, rows[0] if rows else scorer.signature.example)
    some = rows if scorer.mode == "compiled" else rows[:MOST_ALONE]
    again = len(rows) if tables is not scorer else 0
    course = Course(hear, len(some) + again + len(strange))
    cases = [*_held_out(scorer, tables, data, rows, some, wanted, unmatched, course), *_made(scorer, tables, rows, strange, course)]
    largest = max((case.largest for case in cases), default=0.0)
    return ParityReport(
        all(case.passed for case in cases),
        largest == 0.0 and not any(case.differing for case in cases),
        len(rows),
        TOLERANCE,
        largest,
        scorer.mode,
        scorer.why,
        tuple(cases),
        dict(scorer.libraries),
    )


def _held_out(
    scorer: Scorer, tables: Scorer, data: bytes, rows: Rows, some: Rows, wanted: Columns, unmatched: int, course: Course
) -> Iterator[Case]:
    if unmatched or not rows:
        words = f"{unmatched:,} rows that the run scored are not among the rows of its data, as the scoring graph prepares them."
        detail = words if unmatched else "The run scored no rows."
        yield Case("held_out", "Rows that the run scored are found in its data", len(rows), unmatched, passed=False, detail=detail)
    if not rows:
        return
    title = course.begins("Held-out rows, all in one request, against the run")
    yield compared("all_at_once", title, wanted, scorer.score(rows).columns)
    names = [column.name for column in scorer.signature.inputs]
    title = course.begins("The same rows, given column by column")
    by_column = scorer.score_columns({name: [row[name] for row in rows] for name in names})
    yield compared("by_column", title, wanted, by_column.columns)
    title = course.begins("The same rows, one in each request")
    yield compared("one_at_a_time", title, _head(wanted, len(some)), _alone(scorer, some, course))
    title = course.begins("The same rows in the opposite order")
    backwards = {name: list(values)[::-1] for name, values in scorer.score(rows[::-1]).columns.items()}
    yield compared("any_order", title, wanted, backwards)
    title = course.begins("The same rows after the bundle is loaded again")
    yield compared("loaded_again", title, wanted, Scorer.load(data).score(rows).columns)
    if tables is not scorer:
        title = course.begins("The compiled scorer against the modules themselves")
        yield compared("tables", title, tables.score(rows).columns, _alone(scorer, rows, course))


def _made(scorer: Scorer, tables: Scorer, rows: Rows, found: Mapping[str, Mapping[str, Any]], course: Course) -> Iterator[Case]:
    base = rows[0] if rows else scorer.signature.example
    if not found:
        return
    title = course.begins("Made rows: each value missing, unseen categories, extremes")
    strange = list(found.values())
    together = tables.score(strange, on_error="null")
    alone = [_answer(scorer, row, course, on_error="null") for row in strange]
    columns = {name: [each.columns[name][0] for each in alone] for name in together.columns}
    yield compared("made_rows", title, together.columns, columns, list(found))
    reasons = [bool(each.reasons) for each in alone]
    differing = sum(reason is not (place in together.reasons) for place, reason in enumerate(reasons))
    yield Case("reasons", "Made rows without an answer have a reason, alone and together", len(strange), differing, passed=not differing)
    title = course.begins("Rows that lack a column or hold another type are refused, with row and column")
    wrong = refused(scorer.signature, base)
    accepted = [what for what, (row, column) in wrong.items() if not _names(scorer, row, column)]
    detail = f"Not refused: {accepted[0]}." if accepted else ""
    yield Case("refused_rows", title, len(wrong), len(accepted), passed=not accepted, detail=detail)
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


def _alone(scorer: Scorer, rows: Rows, course: Course) -> Columns:
    answers = [_answer(scorer, row, course) for row in rows]
    return {column.name: [answer.columns[column.name][0] for answer in answers] for column in scorer.signature.outputs}


def _answer(scorer: Scorer, row: Mapping[str, Any], course: Course, **how: Any) -> Answer:
    answer = scorer.score([row], **how)
    course.scored()
    return answer


def _head(columns: Columns, rows: int) -> Columns:
    return {name: values[:rows] for name, values in columns.items()}


def compared(name: str, title: str, wanted: Columns, found: Columns, labels: Sequence[str] = ()) -> Case:
    """Compare two answers value by value: texts must be equal, numbers within the tolerance."""
    columns, detail = [], ""
    for column, values in wanted.items():
        differing, largest = 0, 0.0
        for place, (one, other) in enumerate(zip(values, found[column], strict=True)):
            off = _distance(one, other)
            largest = max(largest, off if isfinite(off) else 0.0)  # texts and missing values have no difference in numbers
            if off > TOLERANCE * max(1.0, abs(one) if isinstance(one, int | float) and isfinite(one) else 1.0):
                differing += 1
                where = f"row {place}" if not labels else labels[place]
                detail = detail or f"“{column}”, {where}: {other!r} instead of {one!r}."
        columns.append(ColumnCase(column, len(values), differing, largest))
    differing, largest = sum(each.differing for each in columns), max((each.largest for each in columns), default=0.0)
    rows = max((each.values for each in columns), default=0)
    return Case(name, title, rows, differing, largest, not differing, detail, tuple(columns))


def _distance(one: Any, other: Any) -> float:
    if one == other and type(one) is type(other):
        return 0.0
    both = all(isinstance(value, int | float) and not isinstance(value, bool) for value in (one, other))
    return abs(one - other) if both else inf
