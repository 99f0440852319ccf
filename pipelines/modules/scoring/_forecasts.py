"""Forecasts of lag models: each row of a series from the values before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.kinds.models_by_group import ModelsByGroup
from pipelines.modelling.by_group.lags import predict
from pipelines.modelling.by_group.partition import Partition
from pipelines.modelling.by_group.series import Series, of_one_length, series_of, stacked
from pipelines.modelling.task import Score
from pipelines.modules.scoring._groups import NONE, OWN, SCORED_BY, Found


def forecast(models: ModelsByGroup, table: Table, parts: Partition, known: Sequence[int | None], empty: Sequence[Score]) -> Found:
    """Return the prediction of each row, in the order of the table.

    Raises:
        ModuleError: `missing_columns`, when the table has no column of times.
    """
    assert models.lags is not None, "it is called for lag models"
    if models.lags.time not in table.frame.columns:
        raise ModuleError(
            "missing_columns",
            f"The column of times “{models.lags.time}” is not in this table.",
            port="table",
            column=models.lags.time,
            remedy="Connect a table with the columns that the models were trained with.",
        )
    if "last" in models.facts.columns:  # times are compared with those of the training
        same_type = parts.frame.with_columns(pl.col(models.lags.time).cast(models.facts.schema["last"], strict=False))
        parts = replace(parts, frame=same_type)
    series = series_of(parts, models.lags.time, models.label if models.label in table.frame.columns else None)
    predictions = np.full(table.frame.height, np.nan)
    ends = models.facts["last"].to_physical().to_list() if "last" in models.facts.columns else []
    latest = models.facts["latest"].to_list() if ends else []
    coefficients = models.facts["coefficients"].to_list() if ends else []
    order = parts.order
    for same in of_one_length(series, [group for group, place in enumerate(known) if place is not None and series.lengths[group]]):
        places = [place for group in same.tolist() if (place := known[group]) is not None]
        before = np.array([_before(series, group, latest[place], ends[place]) for group, place in zip(same.tolist(), places, strict=True)])
        found = predict(np.array([coefficients[place] for place in places]), models.lags.back, before, stacked(series, same))
        for group, row in zip(same.tolist(), found, strict=True):
            predictions[order[series.rows_of(group)]] = row
    has_model = np.repeat(np.array([place is not None for place in known], dtype=bool), np.diff(parts.starts))[np.argsort(order)]
    if none := int((np.isnan(predictions) & has_model).sum()):
        log(
            f"{counted(none, 'row')} {'has' if none == 1 else 'have'} no prediction: the values before, or the time, are not known.",
            "warning",
        )
    values = pl.Series(empty[0].name, predictions, dtype=pl.Float64).fill_nan(None)
    by = pl.Series(SCORED_BY, np.where(has_model, OWN, NONE).tolist(), dtype=pl.String)
    return Found(pl.DataFrame([values, by]), {})


def _before(series: Series, group: int, latest: Sequence[float | None], end: int) -> np.ndarray:
    """The values before the first row of a series: the latest of the training, if the rows come after it."""
    known = np.array([np.nan if value is None else value for value in latest])
    return known if series.times[series.starts[group]] > end else np.full(len(known), np.nan)
