"""The scorer: a bundle, loaded once, scores rows without a database, a broker or a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import polars as pl

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import Table
from pipelines.serving.bundle import Bundle, differences, read_bundle
from pipelines.serving.checking import BadRows, Checked, RowError, check, check_columns
from pipelines.serving.compiled import Compiled, Noted, Strange, compile_rows
from pipelines.serving.engine import Arrived, Engine, StepFailed
from pipelines.serving.graph import ScoringGraph
from pipelines.serving.signature import Column, Signature, json_value

FEW_ROWS = 64  # whose values are checked row by row; of more, column by column
OnError = Literal["raise", "null"]


@dataclass(frozen=True)
class Answer:
    """The scores of the rows of a request.

    Args:
        columns: The values of each output column by name, in JSON, in the order of the rows; null for a row without an answer.
        reasons: Why rows have no answer, by their place from 0.
        warnings: Sentences for people, such as about categories that training did not have.
    """

    columns: Mapping[str, Sequence[Any]]
    reasons: Mapping[int, str] = field(default_factory=dict)
    warnings: Sequence[str] = ()

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return the scores row by row."""
        names = list(self.columns)
        return [dict(zip(names, values, strict=True)) for values in zip(*self.columns.values(), strict=True)]


class Scorer:
    """Scores rows with a scoring graph.

    `mode` is `compiled` where the graph is compiled to functions of one row, and `tables` where its modules are executed on tables; `why` says why.
    A scorer holds no open file or connection. One thread uses it at a time.
    """

    def __init__(self, bundle: Bundle, *, compiled: bool = True) -> None:
        scoring = bundle.scoring
        self.scoring: ScoringGraph = scoring
        self.signature: Signature = scoring.signature
        self._names = [column.name for column in self.signature.outputs]
        self._nothing: Sequence[Any] = [None] * len(self._names)
        self.libraries: Mapping[str, str] = bundle.libraries
        self.warnings: Sequence[str] = differences(bundle.libraries)
        self._engine = Engine(scoring.graph, catalogue(), scoring.request_end, scoring.answer_end, bundle.values())
        found = compile_rows(self._engine, self.signature) if compiled else (None, "The modules are executed on tables, as was asked for.")
        self._compiled, self.why = found
        self.mode: Literal["compiled", "tables"] = "compiled" if self._compiled else "tables"

    @classmethod
    def load(cls, data: bytes) -> Scorer:
        """Load a bundle that `write_bundle` wrote.

        Raises:
            BadBundle: When it is none.
        """
        return cls(read_bundle(data))

    def score(self, rows: Sequence[Mapping[str, Any]], on_error: OnError = "raise") -> Answer:
        """Score rows, each an object of values by column.

        Args:
            rows: The rows.
            on_error: `null` gives a row that is wrong no answer, with the reason, and scores the others.

        Raises:
            BadRows: When rows do not follow the signature, or a module refuses them.
        """
        if on_error == "null":
            return self._each(rows)
        if self._compiled and (answer := self._by_row(self._compiled, rows)):
            return answer
        return self._answer(check(self.signature, rows))

    def score_columns(self, columns: Mapping[str, Sequence[Any]]) -> Answer:
        """Score rows that are given column by column.

        Raises:
            BadRows: As `score`.
        """
        return self._answer(check_columns(self.signature, columns))

    def prepared(self, checked: Checked, places: str | None = None) -> Table:
        """Return checked rows at the end of the graph, with their scores; `places` names a column for their places in the request."""
        arrived = self._engine.run(checked.table)
        if places is None:
            return arrived.table
        return arrived.table.with_frame(arrived.table.frame.with_columns(pl.Series(places, list(arrived.places), dtype=pl.Int64)))

    def _by_row(self, compiled: Compiled, rows: Sequence[Mapping[str, Any]]) -> Answer | None:
        """Score rows one after the other; None where a table has to tell what is wrong with some, or what is to be noted of how many of them."""
        warnings: dict[str, None] = {}
        reasons: dict[int, str] = {}
        found: list[Sequence[Any]] = []

        def warn(line: str) -> None:
            warnings[line] = None

        try:
            few = len(rows) <= FEW_ROWS
            for place, scores in enumerate((compiled.score(row, warn) for row in rows) if few else compiled.score_many(rows, warn)):
                if scores.values is None:
                    reasons[place] = _left_out(scores.left_out)
                found.append(self._nothing if scores.values is None else scores.values)
        except (Strange, Noted, AttributeError):  # a row that is no object has no `get`
            return None
        columns = zip(*found, strict=True) if found else ((),) * len(self._names)
        return Answer(dict(zip(self._names, map(list, columns), strict=True)), reasons, tuple(warnings))

    def _answer(self, checked: Checked) -> Answer:
        height = checked.table.frame.height
        if not height:
            return Answer({column.name: [] for column in self.signature.outputs}, {}, checked.warnings)
        try:
            arrived = self._engine.run(checked.table)
        except StepFailed as failed:
            remedy = failed.error.remedy or "Check the values of the row."
            column = failed.error.column
            place = 0 if height == 1 else -1
            raise BadRows([RowError(place, column, f"{failed.title}: {failed.error.words}", remedy)]) from failed
        columns = {column.name: _placed(arrived, column, height) for column in self.signature.outputs}
        reasons = {row: _left_out(title) for row, title in sorted(arrived.left_out.items())}
        return Answer(columns, reasons, (*checked.warnings, *arrived.warnings))

    def _each(self, rows: Sequence[Mapping[str, Any]]) -> Answer:
        """Score the right rows together, and give the others the reason."""
        reasons: dict[int, str] = {}
        columns: dict[str, list[Any]] = {column.name: [None] * len(rows) for column in self.signature.outputs}
        warnings: dict[str, None] = {}
        waiting = [[*range(len(rows))]]
        while waiting:
            places = waiting.pop()
            try:
                found = self.score([rows[place] for place in places])
            except BadRows as wrong:
                named = {places[error.row]: error for error in reversed(wrong.errors) if error.row >= 0}
                reasons |= {place: error.words.replace(f"Row {error.row}", f"Row {place}", 1) for place, error in named.items()}
                left = [place for place in places if place not in named]
                # Where it is not known which row is wrong, each is scored alone.
                waiting += [left] if named and left else [[place] for place in reversed(left)]
                continue
            warnings |= dict.fromkeys(found.warnings)
            reasons |= {places[row]: reason for row, reason in found.reasons.items()}
            for name, values in found.columns.items():
                for place, value in zip(places, values, strict=True):
                    columns[name][place] = value
        return Answer(columns, dict(sorted(reasons.items())), tuple(warnings))


def _left_out(title: str) -> str:
    return f"“{title}” leaves this row out."


def _placed(arrived: Arrived, column: Column, height: int) -> list[Any]:
    """Return the values of an output column in JSON, in the order of the request."""
    values = in_type(arrived.table.frame[column.name], column).to_list()
    values = [json_value(value) for value in values] if column.type not in ("text", "integer", "boolean") else values
    if len(values) == height and not arrived.left_out:
        return values
    found: list[Any] = [None] * height
    for place, value in zip(arrived.places, values, strict=True):
        found[place] = value
    return found


def in_type(values: pl.Series, column: Column) -> pl.Series:
    """Return values in the type of an output: without the label in the request Score Model gives labels as text."""
    if column.type == "boolean" and values.dtype == pl.String:
        return values == "true"
    return values if values.dtype == column.polars else values.cast(column.polars)
