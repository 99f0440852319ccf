"""One guardrail, and the plan of training that it judges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import polars as pl

from pipelines.modelling.folds import By

State = Literal["passed", "done", "alerted"]
SHOWN = 3
MOST_NUMBERS = 20


@dataclass(frozen=True)
class Plan:
    """How models are to be trained: the folds, what they are made of, seconds and bytes of memory; None for no limit."""

    folds: int = 5
    split_by: By = "label"
    seconds: float | None = None
    memory: int | None = None


@dataclass(frozen=True)
class Where:
    """Which rows a guardrail is about, for those who look at them.

    Args:
        filters: Conditions that all of them meet, as `pipelines.preview` takes them.
        sort: The column by which they lie beside each other.
        numbers: Where no condition tells them apart, the numbers of some, from 1.
    """

    filters: tuple[Mapping[str, Any], ...] = ()
    sort: str = ""
    numbers: tuple[int, ...] = ()

    @classmethod
    def of(cls, column: str, op: str, value: object = None) -> Where:
        """Return the rows that meet one condition."""
        return cls(({"column": column, "op": op, "value": value},))

    @classmethod
    def numbered(cls, are: pl.Series) -> Where:
        """Return the first rows that are such."""
        return cls(numbers=tuple(place + 1 for place in are.fill_null(False).arg_true().head(MOST_NUMBERS)))


@dataclass(frozen=True)
class Guardrail:
    """What one guardrail found.

    Args:
        id: Its name for code, which stays the same.
        title: Its name for people.
        state: Passed, done when Easel takes care of it, or alerted when a person should look.
        words: What was found and what is done about it, in sentences.
        columns: The columns that it is about.
        figures: The numbers behind the words.
        where: The rows that it is about.
    """

    id: str
    title: str
    state: State
    words: str
    columns: tuple[str, ...] = ()
    figures: Mapping[str, float] = field(default_factory=dict)
    where: Where | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what a page shows of it."""
        shown = {"id": self.id, "title": self.title, "state": self.state, "words": self.words, "columns": list(self.columns)}
        if self.where is None or self.state == "passed":
            return shown
        return shown | {"rows": {"filters": list(self.where.filters), "sort": self.where.sort, "numbers": list(self.where.numbers)}}


def judged(
    id: str,
    title: str,
    passed: str,
    found: Mapping[str, str],
    state: State,
    done: str,
    figures: Mapping[str, float] | None = None,
    where: Where | None = None,
) -> Guardrail:
    """Return a guardrail of columns: passed without any, else what was found of each and what is done.

    Args:
        id: The guardrail's name for code.
        title: Its name for people.
        passed: The sentence when nothing was found.
        found: What was found, by column, as the rest of a sentence.
        state: The state when something was found.
        done: What is done about it, in a sentence.
        figures: The numbers; by default those of columns found.
        where: The rows that it is about.
    """
    if not found:
        return Guardrail(id, title, "passed", passed)
    return Guardrail(id, title, state, f"{_some(found)}. {done}", tuple(found), figures or {"columns": len(found)}, where)


def percent(share: float) -> str:
    """Return a share for people."""
    return f"{100 * share:.3g} %"


def _some(found: Mapping[str, str]) -> str:
    parts: Sequence[str] = [f"“{column}” {words}" for column, words in found.items()]
    return "; ".join(parts[:SHOWN]) + (f"; and {len(parts) - SHOWN} more columns" if len(parts) > SHOWN else "")
