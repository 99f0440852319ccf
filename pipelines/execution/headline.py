"""The headline of a report: its first metric, small enough for the record of an output and the row of a run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import isfinite
from typing import Any, Literal

import msgspec

from pipelines.catalogue.ports import Report

MOST_LETTERS = 80


class Headline(msgspec.Struct, frozen=True, gc=False):
    """A metric with its value: the best one, where a report compares several models."""

    title: str
    value: float
    better: Literal["high", "low"] | None


class RunHeadline(Headline, frozen=True, gc=False):
    """The headline of a run: that of the last report in its flow, and the output that has it."""

    node: str
    port: str


def headline_of(report: Report) -> Headline | None:
    """Return the first figure of a report that has a value; None without one."""
    return next(headlines(report.blocks, report.metrics), None)


def headlines(blocks: Iterable[Mapping[str, Any]], metrics: Iterable[Any] = ()) -> Iterator[Headline]:
    """Yield the figures of a report's blocks that have a value, in their order.

    Where the figures for scripts have one of the same key, it is their value: of a cross-validation the mean of the folds, rather than that of all
    predictions together.
    """
    told = [each["metrics"] for each in metrics if isinstance(each, Mapping) and isinstance(each.get("metrics"), Mapping)]
    for block in blocks:
        if block.get("type") != "figures":
            continue
        for column in block.get("columns", ()):
            sides = (told, [row["values"] for row in block.get("rows", ())])
            found = ([value for side in each if (value := _number(side.get(column["key"]))) is not None] for each in sides)
            if values := next(filter(None, found), None):
                yield Headline(column["title"][:MOST_LETTERS], _best(values, column), column["better"])


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and isfinite(value) else None


def _best(values: list[float], column: Mapping[str, Any]) -> float:
    if column["better"] is None:
        return values[0]
    return max(values) if column["better"] == "high" else min(values)
