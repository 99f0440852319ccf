"""Train Lag Models by Series: a linear regression of each series on its own earlier values."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

import numpy as np
import polars as pl

from pipelines.catalogue.columns import require
from pipelines.catalogue.items import Item
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Column, Columns, Range, Title
from pipelines.catalogue.ports import Table
from pipelines.kinds.models_by_group import Lags, ModelsByGroup
from pipelines.modelling.by_group.partition import partition
from pipelines.modelling.by_group.series import series_of
from pipelines.modules.training._groups_found import Found, figures_table, head, report, tell
from pipelines.modules.training._groups_kept import Trained, facts, for_each, key_columns
from pipelines.modules.training._lags import METRICS, LagTrainer, by_key
from pipelines.modules.training._lags_shown import judged_series

TITLE, NAIVE = "Lag regression", "Naive forecast"


def _before(table: Table, *, label: str, time: str, groups: Columns, horizon: int, **_: Any) -> Any:
    by = tuple(key_columns(groups.pick(table), label, time))
    columns = head(table.frame.select(by).clear(), METRICS, table.frame.schema.get(time), beside=NAIVE if horizon else "")
    return ModelsByGroup(TITLE, "regression", label, by, lags=Lags(time, (1,))), Table(columns)


@module(
    "Train Lag Models by Series",
    icon="timeline-event",
    columns=_before,
    aliases=("many models", "autoregression", "AR", "forecast", "time series", "per series"),
    libraries=("numpy",),
    lineage=Lineage(rows="new"),
)
def train_lag_models(
    table: Table,
    *,
    label: Column,
    time: Column,
    groups: Columns,
    lags: Annotated[int, Range(1, 400)] = 8,
    season: Annotated[int, Range(0, 5000)] = 0,
    horizon: Annotated[int, Title("Times to judge on"), Range(0, 5000)] = 13,
    may_fail_share: Annotated[float, Title("Series that may fail (%)"), Range(0, 100)] = 5.0,
) -> Trained:
    """Learn to forecast each of many series from its own latest values, by a linear regression (least squares) for each.

    The value of a time is predicted from the values of the last times, and of the time one season before if there is one. Rows of a series are taken in the order of
    time, one after the other: fill gaps before if times are missing. Times whose value or earlier values are missing are not learned from.

    Each model is judged on the latest times of its series: a model of all times before them forecasts them, and a forecast stands in for each value that it does not
    know. Then the model is trained on all times. WAPE is the sum of the absolute errors over the sum of the absolute values; MASE is the mean absolute error over that of repeating the
    last season (or value) in training; bias is the mean of forecast − value. The naive forecast, which repeats the last season or value, stands beside it.

    Score Model by Group forecasts with the models: for each row of a series it predicts from the values before it, where they are known, and otherwise from the
    predictions. Rows after the end of training need no earlier rows: the models keep the latest values.

    Hundreds of series are computed at the same time, so thousands of models take seconds. A series that cannot be trained fails alone, and a series whose rows have
    not changed is not trained again.

    When to use:
        For a fast forecast of very many series, and as the figure that other methods have to beat.

    Args:
        table: The rows of all series.
        label: The column of values.
        time: The column of times.
        groups: The columns whose values are the series.
        lags: How many of the last values a prediction is made of.
        season: How many times a season has; 0 for none.
        horizon: How many of the latest times of each series its model is judged on; 0 for none.
        may_fail_share: How many of the series may fail before the step fails: 0 for none, 100 for all.

    Example:
        table: data.dataset
        label: "price"
        time: "curb-weight"
        groups: ["drive-wheels"]
        lags: 2
        horizon: 2
        may_fail_share: 100
    """
    for column, param in ((label, "label"), (time, "time")):
        require(column, table, param=param)
    by = key_columns(groups.pick(table), label, time)
    parts = partition(table.only([*by, time, label]), by)
    back = [*range(1, lags + 1), *([season] if season > lags else [])]
    trainer = LagTrainer(series_of(parts, time, label), back, season or 1, horizon)
    asked = [back, season, horizon]
    items = [Item(name, [*asked, trainer.digest(place)], False, place) for place, name in enumerate(parts.names)]
    results = for_each(items, trainer.train, "series", may_fail_share)
    kept = [place for place, result in enumerate(results) if not result.failure]
    coefficients, latest, repeated = trainer.unpacked([results[place].blob() for place in kept])
    naive = {results[place].key: by_key(row) for place, row in zip(kept, repeated.tolist(), strict=True)}
    times = trainer.series.spans(table.frame.schema[time])
    found = Found(parts.keys, results, METRICS, times, naive if horizon else None, NAIVE)
    tell(found)
    lists = {name: _lists(numbers) for name, numbers in (("coefficients", coefficients), ("latest", latest))}
    known = facts(found, kept, [items[place] for place in kept]).with_columns(**lists)
    settings = {"lags": lags, "season": season, "horizon": horizon}
    models = ModelsByGroup(TITLE, "regression", label, tuple(by), parts.keys[kept], known, settings=settings, lags=Lags(time, tuple(back)))
    charts = judged_series(trainer, found, "Series and the forecasts that judge them", (time, table.frame.schema[time]), label)
    return Trained(replace(models, report=report(f"{TITLE} by series", found, charts)), figures_table(found))


def _lists(numbers: np.ndarray) -> pl.Series:
    return pl.Series(numbers).arr.to_list().list.eval(pl.element().fill_nan(None))
