"""The result of a hypothesis test as a row, a sentence and a report."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.ports import Report
from pipelines.modelling.evaluation.charts import Block, table
from pipelines.modules.statistics._samples import Samples
from pipelines.modules.statistics._testing import TESTS, Asked, Found

MOST_SHOWN = 100
RESULT: Mapping[str, pl.DataType] = {
    "Test": pl.String(),
    "Rows": pl.Int64(),
    "Statistic": pl.String(),
    "Statistic Value": pl.Float64(),
    "Degrees of Freedom": pl.Float64(),
    "Residual Degrees of Freedom": pl.Float64(),
    "P Value": pl.Float64(),
    "Estimate": pl.String(),
    "Estimate Value": pl.Float64(),
    "Confidence": pl.Float64(),
    "Lower Bound": pl.Float64(),
    "Upper Bound": pl.Float64(),
    "Effect Size": pl.String(),
    "Effect Size Value": pl.Float64(),
}
__all__ = ["RESULT", "Asked", "result_of"]


def result_of(samples: Samples, asked: Asked) -> tuple[dict[str, Any], Report]:
    """Run the test; return the row of the result and the report."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is not defined is missing in the result
        found = TESTS[asked.test](samples, asked)
    numbers: dict[str, Any] = {
        name: _finite(value) if isinstance(value, float | np.number) else value for name, value in asdict(found).items()
    }
    found = Found(**numbers)
    values = [
        found.test,
        samples.rows,
        found.name,
        found.statistic,
        found.freedom,
        found.residual,
        found.p,
        found.estimated,
        found.estimate,
    ]
    values += [None if found.low is None else asked.confidence, found.low, found.high, found.effect_name, found.effect]
    row = dict(zip(RESULT, values, strict=True))
    shown = [[name, value] for name, value in row.items() if value is not None]
    sentence = _sentence(found, asked, samples)
    blocks = [table("Result", ["What", "Value"], [["In words", sentence], *shown]), _groups(samples)]
    return row, Report(found.test, blocks)


def _finite(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None


def _sentence(found: Found, asked: Asked, samples: Samples) -> str:
    if found.p is None:
        return "The test is not defined for these values, since they do not vary."
    level = 1 - asked.confidence
    chance = "p < 0.0001" if found.p < 0.0001 else f"p = {found.p:.4f}"
    claim = found.claim if found.p < level else f"The data do not show that {found.claim[:1].lower()}{found.claim[1:]}"
    words = f"{claim}: {chance}, at the level {level:.4g}, on {samples.rows:,} rows."
    if found.estimate is None:
        return words
    interval = f"{asked.confidence * 100:.4g}\u00a0% confidence interval {_end(found.low)} to {_end(found.high)}"
    known = f" ({interval})" if found.low is not None or found.high is not None else ""
    return f"{words} {found.estimated[:1].upper()}{found.estimated[1:]}: {found.estimate:.4g}{known}."


def _end(value: float | None) -> str:
    return "without bound" if value is None else f"{value:.4g}"


def _groups(samples: Samples) -> Block:
    if samples.across:
        rows = [[name, *map(int, counts[:MOST_SHOWN])] for name, counts in zip(samples.names[:MOST_SHOWN], samples.counts, strict=False)]
        return table("Rows in each combination", ["", *samples.across[:MOST_SHOWN]], rows)
    with np.errstate(over="ignore", invalid="ignore"):
        figures = [
            [name, len(x), float(x.mean()), float(x.std(ddof=1)), float(np.median(x))]
            for name, x in zip(samples.names[:MOST_SHOWN], samples.values, strict=False)
        ]
    shown = [[value if not isinstance(value, float) else _finite(value) for value in row] for row in figures]
    return table("Samples", ["Sample", "Values", "Mean", "Standard deviation", "Median"], shown)
