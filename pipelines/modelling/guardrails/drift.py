"""The guardrail of rows that models are judged by: whether they are like those that models are trained on."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.modelling.guardrails.guardrail import Guardrail, judged, percent

FEWEST_ROWS = 30
APART = 0.7  # the area under the ROC curve by which a number tells the two tables apart
MOVED = 0.3  # the share of rows whose category would have to be another one
CHANCE = 4.0  # standard deviations of chance


def of_drift(frame: pl.DataFrame, later: pl.DataFrame, features: list[str]) -> Guardrail:
    """Return which columns tell rows of two tables apart: numbers by their ranks, categories by their shares."""
    found = {}
    if min(frame.height, later.height) >= FEWEST_ROWS:
        both = ((frame[column], later[column]) for column in features if column in later.columns)
        found = {values.name: words for values, others in both if (words := _moved(values, others))}
    done = "The estimate is of rows unlike those of training. Check where both come from."
    return judged("drift", "Validation like training", "The validation rows are like the others.", found, "alerted", done)


def _moved(values: pl.Series, later: pl.Series) -> str:
    kind = kind_of(values.dtype)
    if kind != kind_of(later.dtype) or kind == "other":
        return ""
    return _categories(values, later) if kind == "text" else _numbers(values, later)


def _numbers(values: pl.Series, later: pl.Series) -> str:
    both = [each.to_physical().cast(pl.Float64).fill_nan(None).drop_nulls() for each in (values, later)]
    few, many = len(both[1]), len(both[0])
    if min(few, many) < FEWEST_ROWS:
        return ""
    ranks = pl.concat([each.alias("") for each in both]).rank()
    area = (float(ranks[many:].sum()) - few * (few + 1) / 2) / (few * many)
    chance = ((few + many + 1) / (12 * few * many)) ** 0.5
    if abs(area - 0.5) < max(APART - 0.5, CHANCE * chance):
        return ""
    return f"is {'higher' if area > 0.5 else 'lower'} there: in {percent(max(area, 1 - area))} of all pairs of a row of each table"


def _categories(values: pl.Series, later: pl.Series) -> str:
    shares = [each.drop_nulls().cast(pl.String).value_counts(normalize=True, name="share") for each in (values, later)]
    joined = (
        shares[0]
        .rename({values.name: "text"})
        .join(shares[1].rename({later.name: "text"}), on="text", how="full", coalesce=True)
        .fill_null(0)
    )
    moved = float((joined["share"] - joined["share_right"]).abs().sum()) / 2
    by_chance = float(np.sqrt(joined.height / max(min(len(values), len(later)), 1)))
    return f"has other categories there: {percent(moved)} of the rows would have to change" if moved > max(MOVED, by_chance) else ""
