"""The values that modules receive and return."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

import polars as pl

from pipelines.catalogue.errors import ModuleError

Lazy = pl.LazyFrame
Frame = pl.DataFrame
ColumnKind = Literal["number", "text", "boolean", "datetime", "other"]
Role = Literal["feature", "label", "score", "weight", "ignored"]


# The kinds that the engine itself knows; every other one is known by its record alone (catalogue/kind.py).
TABLE, REPORT, MODEL, MODELS = "table", "report", "model", "models_by_group"
DECISION_THRESHOLD, USUAL_THRESHOLD = "decision_threshold", 0.5  # the setting of a model, and what holds for a model without it


@dataclass(frozen=True, slots=True)
class ColumnRole:
    """The role of a column. Of a score: `positive` is the class it refers to; `model` and `task` name what computed it.

    `threshold` is the probability from which on the positive of two classes was predicted, where it is not 0.5.
    """

    role: Role = "feature"
    categorical: bool = False
    positive: str | None = None
    model: str | None = None
    task: str | None = None
    threshold: float | None = None


@dataclass(frozen=True)
class Table:
    """A frame and the roles of its columns; a column without an entry is a plain feature.

    `kept` is the engine's record of the stored file with exactly these columns, if there is one; a table that only drops columns or changes
    roles needs no second file.
    """

    frame: pl.DataFrame
    roles: Mapping[str, ColumnRole] = field(default_factory=dict)
    kept: Any = field(default=None, compare=False, repr=False)

    def role(self, column: str) -> ColumnRole:
        """Return the role of a column."""
        return self.roles.get(column, ColumnRole())

    def columns_with(self, role: Role) -> list[str]:
        """Return the columns of a role, in the frame's order."""
        return [column for column in self.frame.columns if self.role(column).role == role]

    def is_categorical(self, column: str) -> bool:
        """Return whether a column is categorical, by its role or its type."""
        return self.role(column).categorical or self.frame[column].dtype in (pl.Categorical, pl.Enum)

    def with_frame(self, frame: pl.DataFrame) -> Table:
        """Return another frame with the same roles; roles of missing columns are dropped."""
        columns = set(frame.columns)
        return Table(frame, {column: role for column, role in self.roles.items() if column in columns})

    def only(self, columns: Sequence[str]) -> Table:
        """Return the table with these columns only."""
        return replace(self.with_frame(self.frame.select(columns)), kept=self.kept)

    def with_role(self, column: str, **changes: Any) -> Table:
        """Return a copy in which a column's role is changed."""
        return replace(self, roles={**self.roles, column: replace(self.role(column), **changes)})

    @cached_property
    def query(self) -> Query:
        """Return the table as a query."""
        return Query(self.frame.lazy(), self.roles, self.kept)


@dataclass(frozen=True)
class Query:
    """A table that is not computed yet: a lazy frame and the roles of its columns. `kept` is as in Table."""

    frame: pl.LazyFrame
    roles: Mapping[str, ColumnRole] = field(default_factory=dict)
    kept: Any = field(default=None, compare=False, repr=False)

    @cached_property
    def head(self) -> Table:
        """Return its columns, types and roles: the table without rows."""
        return Table(pl.DataFrame(schema=self.frame.collect_schema()), self.roles)

    def with_frame(self, frame: pl.LazyFrame) -> Query:
        """Return another lazy frame with the same roles; roles of missing columns are dropped."""
        columns = set(frame.collect_schema().names())
        return Query(frame, {column: role for column, role in self.roles.items() if column in columns})

    def only(self, columns: Sequence[str]) -> Query:
        """Return the query with these columns only."""
        return replace(self.with_frame(self.frame.select(columns)), kept=self.kept)

    def collect(self) -> Table:
        """Compute the table.

        Raises:
            ModuleError: `query_failed`, when a value cannot be computed.
        """
        return collect_all([self], "streaming")[0]


def collect_all(queries: Sequence[Query], engine: Literal["streaming", "in-memory"]) -> list[Table]:
    """Compute the tables of queries; common subplans are computed once.

    Raises:
        ModuleError: `query_failed`, when a value cannot be computed.
    """
    with telling_of_values():
        frames = pl.collect_all([query.frame for query in queries], engine=engine)
    return [Table(frame, query.roles, query.kept) for frame, query in zip(frames, queries, strict=True)]


@contextmanager
def telling_of_values() -> Iterator[None]:
    """Convert polars' errors about values that it cannot compute with into a sentence for users."""
    try:
        yield
    except pl.exceptions.PolarsError as wrong:
        if "os error" in str(wrong):  # a full or broken disk has nothing to do with values
            raise
        said = next(iter(str(wrong).splitlines()), "")[:300]
        raise ModuleError(
            "query_failed", f"A value could not be computed: {said}.", remedy="Check the settings and the values of the columns."
        ) from wrong


@dataclass(frozen=True)
class UntrainedModel:
    """A configured learner: an unfitted scikit-learn estimator.

    `task` and `family` are ids of `pipelines.modelling.tasks` and `pipelines.modelling.families`; `settings` are as the form shows them. `module` is the
    learner's id, and `arguments` are the values of all its settings: a search makes the learner again with others. A learner that is made of other ones
    has each of them `as_part`.
    """

    name: str
    task: str
    estimator: Any
    family: str = "scikit_learn"
    settings: Mapping[str, Any] = field(default_factory=dict)
    module: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    parts: Sequence[Mapping[str, Any]] = ()

    @property
    def as_part(self) -> Mapping[str, Any]:
        """What a learner that is made of this one keeps of it, to make it again."""
        return {"name": self.name, "module": self.module, "arguments": dict(self.arguments), "parts": list(self.parts)}


@dataclass(frozen=True)
class Model:
    """A trained model: a scikit-learn pipeline from the feature columns to the label.

    `features` are (column, dtype name) in training order; `classes` are text, the positive one last, and None for a number.
    """

    name: str
    task: str
    estimator: Any
    label: str
    features: Sequence[tuple[str, str]]
    classes: tuple[str, ...] | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    report: Report | None = None

    @property
    def threshold(self) -> float:
        """Return the probability from which on the positive of two classes is predicted."""
        return float(self.settings.get(DECISION_THRESHOLD, USUAL_THRESHOLD))


@dataclass(frozen=True)
class Transform:
    """A fitted transformation as plain data: its registered name (see `transforms`) and its JSON state."""

    name: str
    state: Mapping[str, Any]


@dataclass(frozen=True)
class Report:
    """The result of an evaluation: blocks of figures, charts and tables (docs/engineering/catalogue.md).

    `metrics` are [{"name": model, "metrics": {key: number}}], the figures for scripts.
    """

    title: str
    blocks: Sequence[Mapping[str, Any]]
    metrics: Sequence[Mapping[str, Any]] = ()
