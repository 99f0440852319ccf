"""The block of a report that shows series with their forecasts: of many series some, so that the report stays small."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from pipelines.modelling.evaluation.charts import Block
from pipelines.modelling.forecasting.panel import Panel

FEWEST, MOST_POINTS = 24, 200
MOST_NUMBERS = 250_000  # of a report: some megabytes, which travel packed to a tenth


@dataclass(frozen=True, eq=False)
class Shown:
    """What is shown: the series until the origin, the forecasts after it, their bounds by level, the values if they are known, and errors of the series."""

    panel: Panel
    forecast: np.ndarray
    bounds: Sequence[tuple[float, np.ndarray, np.ndarray]]
    actual: np.ndarray | None
    errors: np.ndarray


def forecast_block(title: str, names: tuple[str, str], shown: Shown) -> Block:
    """Return the block of the series: all as far as their numbers are not too many, else those with the largest errors and some at random.

    Args:
        title: The title.
        names: The names of the time and the value column.
        shown: What is shown.
    """
    numbers = min(shown.panel.periods, MOST_POINTS) + shown.forecast.shape[1] * (2 + 2 * len(shown.bounds))
    rows, words = chosen(shown.panel, shown.errors, max(FEWEST, MOST_NUMBERS // max(1, numbers)))
    texts = shown.panel.names()
    return {
        "type": "forecast",
        "title": title,
        "time": names[0],
        "value": names[1],
        "total": shown.panel.size,
        "chosen": words,
        "series": [_series(texts[row], row, shown) for row in rows],
    }


def chosen(panel: Panel, errors: np.ndarray, most: int) -> tuple[list[int], str]:
    """Return which series are shown, and which these are in words."""
    if panel.size <= most:
        return list(range(panel.size)), ""
    half = most // 2
    known = np.flatnonzero(np.isfinite(errors))
    worst = known[np.argsort(-errors[known], kind="stable")][:half].tolist()
    others = np.setdiff1d(np.arange(panel.size), worst)
    some = np.random.default_rng(0).choice(others, most - len(worst), replace=False).tolist()
    words = f"{len(worst)} with the largest errors and {len(some)} at random" if worst else f"{len(some)} at random"
    return [*worst, *sorted(some)], words


def _series(name: str, row: int, shown: Shown) -> dict[str, Any]:
    panel, horizon = shown.panel, shown.forecast.shape[1]
    length = int(min(panel.lengths[row], MOST_POINTS))
    first = panel.periods - length
    steps = panel.ends[row] + np.arange(1 - length, horizon + 1)
    history = panel.values[row, first:]
    later = np.full(horizon, np.nan) if shown.actual is None else shown.actual[row]
    return {
        "name": name,
        "times": _texts(panel, steps),
        "values": _numbers(np.concatenate([history, later])),
        "start": length,
        "forecast": _numbers(shown.forecast[row]),
        "bands": [{"level": level, "low": _numbers(low[row]), "high": _numbers(high[row])} for level, low, high in shown.bounds],
    }


def _texts(panel: Panel, steps: np.ndarray) -> list[str]:
    if panel.frequency.unit == "number":
        return [str(each) for each in panel.frequency.times(steps, pl.Int64())]
    times = panel.frequency.times(steps, pl.Datetime("us"))
    whole = panel.frequency.unit != "us"
    return times.dt.strftime("%Y-%m-%d" if whole else "%Y-%m-%d %H:%M").fill_null("").to_list()


def _numbers(values: np.ndarray) -> list[float | None]:
    return [float(f"{each:.6g}") if np.isfinite(each) else None for each in values]
