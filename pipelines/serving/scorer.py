"""The scorer: a bundle, loaded once, scores rows without a database, a broker or a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import polars as pl

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import Table
from pipelines.catalogue.row_functions import Noted
from pipelines.execution.sealed import is_sealed
from pipelines.serving.bundle import Bundle, differences, read_bundle
from pipelines.serving.checking import BadRows, Checked, Read, RowError, as_table, errors_of, read_columns, read_rows
from pipelines.serving.compiled import Compiled, Strange, compile_rows
from pipelines.serving.engine import Arrived, Engine, StepFailed
from pipelines.serving.graph import ScoringGraph, end_of
from pipelines.serving.signature import Column, Signature, json_value

FEW_ROWS = 32  # that are scored row by row; of more, columns cost less
CHECK = "Check the values of the row."
OnError = Literal["raise", "null"]
Mode = Literal["compiled", "tables", "sandbox"]


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
        rows: list[dict[str, Any]] = [{} for _ in next(iter(self.columns.values()), ())]
        for name, values in self.columns.items():  # a dictionary made of pairs takes five times as long
            for row, value in zip(rows, values, strict=True):
                row[name] = value
        return rows


class Scorer:
    """Scores rows with a scoring graph.

    `mode` is `compiled` where the graph is compiled to functions of rows, `tables` where its modules are executed on tables, and `sandbox` where some of
    them run code or load an imported model, for which the scorer holds a warm sandbox; `why` says why, and `slower` what is in the sandbox, else it is
    empty. One thread uses it at a time.
    """

    mode: Mode
    _compiled: Compiled | None

    def __init__(self, bundle: Bundle, *, compiled: bool = True) -> None:
        scoring = bundle.scoring
        self.scoring: ScoringGraph = scoring
        self.signature: Signature = scoring.signature
        self._names = [column.name for column in self.signature.outputs]
        self._nothing: Sequence[Any] = [None] * len(self._names)
        self.libraries: Mapping[str, str] = bundle.libraries
        self.warnings: Sequence[str] = differences(bundle.libraries)
        self._engine = Engine(scoring.graph, catalogue(), scoring.request_end, scoring.answer_end, bundle.values())
        self.slower = _slower(self._engine, scoring)
        if self.slower:
            self.mode, self._compiled = "sandbox", None
            self.why = f"{self.slower.capitalize()}. Executed in a sandbox: {', '.join(self._engine.isolated)}."
            return
        found = compile_rows(self._engine, self.signature) if compiled else (None, "The modules are executed on tables, as was asked for.")
        self._compiled, self.why = found
        self.mode = "compiled" if self._compiled else "tables"

    @classmethod
    def load(cls, data: bytes) -> Scorer:
        """Load a bundle that `write_bundle` wrote.

        Raises:
            BadBundle: When it is none.
        """
        return cls(read_bundle(data))

    def score(self, rows: Sequence[Mapping[str, Any]], on_error: OnError = "raise", seconds: float | None = None) -> Answer:
        """Score rows, each an object of values by column.

        Args:
            rows: The rows.
            on_error: `null` gives a row that is wrong no answer, with the reason, and scores the others.
            seconds: How long steps in a sandbox may take together; None for two minutes each.

        Raises:
            BadRows: When rows do not follow the signature, or a module refuses them.
            Unavailable: When the sandbox of a step cannot be made, was stopped by a limit, or ended.
        """
        self._engine.isolation.begin(seconds)
        return self._score(rows, on_error)

    def _score(self, rows: Sequence[Mapping[str, Any]], on_error: OnError = "raise") -> Answer:
        if on_error == "null":
            return self._each(rows)
        if self._compiled and len(rows) <= FEW_ROWS and (answer := self._by_row(self._compiled, rows)):
            return answer
        return self._read(read_rows(self.signature, rows))

    def score_columns(self, columns: Mapping[str, Sequence[Any]]) -> Answer:
        """Score rows that are given column by column.

        Raises:
            BadRows: As `score`.
        """
        return self._read(read_columns(self.signature, columns))

    def prepared(self, checked: Checked, places: str | None = None) -> Table:
        """Return checked rows at the end of the graph, with their scores; `places` names a column for their places in the request."""
        arrived = self._engine.run(checked.table)
        if places is None:
            return arrived.table
        return arrived.table.with_frame(arrived.table.frame.with_columns(pl.Series(places, list(arrived.places), dtype=pl.Int64)))

    def _by_row(self, compiled: Compiled, rows: Sequence[Mapping[str, Any]]) -> Answer | None:
        """Score rows one after the other; None where all have to be taken together, to say what is wrong, or of how many rows something is noted."""
        warnings: dict[str, None] = {}
        reasons: dict[int, str] = {}
        found: list[Sequence[Any]] = []

        def tell(line: str) -> None:
            warnings[line] = None

        warn = tell if len(rows) == 1 else _noted
        try:
            for place, row in enumerate(rows):
                scores = compiled.score(row, tell, warn)
                if scores.values is None:
                    reasons[place] = _left_out(scores.left_out)
                found.append(self._nothing if scores.values is None else scores.values)
        except (Strange, Noted, AttributeError):  # a row that is no object has no `get`
            return None
        columns = zip(*found, strict=True) if found else ((),) * len(self._names)
        return Answer(dict(zip(self._names, map(list, columns), strict=True)), reasons, tuple(warnings))

    def _read(self, read: Read) -> Answer:
        if not read.height:
            return Answer({name: [] for name in self._names}, {}, read.warnings)
        if self._compiled is None:
            return self._answer(Checked(as_table(self.signature, read.columns), read.warnings))
        scores = self._compiled.score_many(read)
        reasons = {row: _left_out(title) for row, title in scores.left_out.items()}
        return Answer(scores.columns, reasons, (*read.warnings, *scores.warnings))

    def _answer(self, checked: Checked) -> Answer:
        height = checked.table.frame.height
        try:
            arrived = self._engine.run(checked.table)
        except StepFailed as failed:
            error = failed.error
            remedy = error.remedy or CHECK
            if error.param:  # that remedy is for those who draw the pipeline, whom clients may not be
                remedy = f"{CHECK} Or in the pipeline: {remedy}"
            column = error.column
            place = 0 if height == 1 else -1
            raise BadRows([RowError(place, column, f"{failed.title}: {error.words}", remedy)]) from failed
        columns = {column.name: _placed(arrived, column, height) for column in self.signature.outputs}
        reasons = {row: _left_out(title) for row, title in sorted(arrived.left_out.items())}
        return Answer(columns, reasons, (*checked.warnings, *arrived.warnings))

    def _each(self, rows: Sequence[Mapping[str, Any]]) -> Answer:
        """Score the right rows together, and give the others the reason."""
        try:
            return self._score(rows)
        except BadRows:
            pass
        reasons: dict[int, str] = {}
        parts: list[tuple[Sequence[int], Answer]]
        for error in errors_of(self.signature, rows):
            reasons.setdefault(error.row, error.words)
        right = [place for place in range(len(rows)) if place not in reasons]
        try:
            parts = [(right, self._score([rows[place] for place in right]))] if reasons else self._alone(rows, right, reasons)
        except BadRows:  # a module refuses some of them
            parts = self._alone(rows, right, reasons)
        columns: dict[str, list[Any]] = {name: [None] * len(rows) for name in self._names}
        warnings: dict[str, None] = {}
        for places, found in parts:
            warnings |= dict.fromkeys(found.warnings)
            reasons |= {places[at]: words for at, words in found.reasons.items()}
            for name, values in found.columns.items():
                for place, value in zip(places, values, strict=True):
                    columns[name][place] = value
        return Answer(columns, dict(sorted(reasons.items())), tuple(warnings))

    def _alone(
        self, rows: Sequence[Mapping[str, Any]], places: Sequence[int], reasons: dict[int, str]
    ) -> list[tuple[Sequence[int], Answer]]:
        """Score rows one at a time; those that a module refuses get the reason."""
        found: list[tuple[Sequence[int], Answer]] = []
        for place in places:
            try:
                found.append(([place], self._score([rows[place]])))
            except BadRows as wrong:
                reasons[place] = wrong.errors[0].words
        return found


def _slower(engine: Engine, scoring: ScoringGraph) -> str:
    """What makes a graph slower: scripts, models that were loaded as a file, and models that a step of the run made by code."""
    if not engine.isolated:
        return ""
    modules = {decision.node: catalogue().modules.get(decision.module) for decision in scoring.decisions}
    makers = [modules.get(end_of(pin.made_by).node) for pin in scoring.pinned if is_sealed(pin.output)]
    told = ["has a script"] if engine.runs_scripts else []
    told += ["imported model"] if any(maker is None or not maker.inputs for maker in makers) else []
    told += ["model of a script"] if any(maker and maker.inputs for maker in makers) else []
    return f"slower: {', '.join(told)}"


def _noted(line: str) -> None:
    raise Noted


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
