"""The chart of a report that shows series with the forecasts that judge their models: of many series the worst and some others."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from pipelines.modelling.by_group.lags import fit, predict
from pipelines.modelling.evaluation.charts import Block
from pipelines.modelling.forecasting.charts import FEWEST, MOST_POINTS
from pipelines.modules.training._groups_found import Found
from pipelines.modules.training._lags import LagTrainer


def judged_series(trainer: LagTrainer, found: Found, title: str, time: tuple[str, pl.DataType], value: str) -> list[Block]:
    """Return the chart of series that were judged; nothing where none was.

    Args:
        trainer: The trainer.
        found: What came of the series.
        title: The title.
        time: The column of times and its type.
        value: The column of values.
    """
    errors = {place: value for place, value in enumerate(found.values(found.metrics[0].key)) if value is not None}
    if not errors:
        return []
    worst = sorted(errors, key=lambda place: (-errors[place], place))
    half, others = worst[: FEWEST // 2], worst[FEWEST // 2 :]
    some = np.random.default_rng(0).choice(len(others), min(len(others), FEWEST - len(half)), replace=False).tolist()
    shown = [*half, *sorted(others[each] for each in some)]
    words = f"{len(half)} with the largest errors and {len(some)} at random"
    return [
        {
            "type": "forecast",
            "title": title,
            "time": time[0],
            "value": value,
            "total": len(found.results),
            "chosen": words,
            "series": [_series(trainer, place, found.results[place].key, time[1]) for place in shown],
        }
    ]


def _series(trainer: LagTrainer, place: int, name: str, dtype: pl.DataType) -> dict[str, Any]:
    mine, horizon = trainer.series.of(place), trainer.horizon
    values, most = trainer.series.values[mine], max(trainer.back)
    train = values[None, :-horizon]
    forecast = predict(fit(train, trainer.back)[0], trainer.back, train[:, -most:], np.full((1, horizon), np.nan))[0]
    last = min(len(values), MOST_POINTS + horizon)
    times = pl.Series(trainer.series.times[mine][-last:]).cast(dtype).cast(pl.String)
    return {
        "name": name,
        "times": times.fill_null("").to_list(),
        "values": _numbers(values[-last:]),
        "start": last - horizon,
        "forecast": _numbers(forecast),
        "bands": [],
    }


def _numbers(values: np.ndarray) -> list[float | None]:
    return [float(f"{each:.6g}") if np.isfinite(each) else None for each in values.tolist()]
