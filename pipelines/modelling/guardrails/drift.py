"""Guardrails of rows that models are judged by: whether they are like those that models are trained on, and are others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.modelling.guardrails.guardrail import Guardrail, judged, percent

FEWEST_ROWS = 30
APART = 0.7  # the area under the ROC curve by which a number, or all columns together, tell the two tables apart
MOVED = 0.3  # the share of rows whose category would have to be another one, or that have a value in one table only
CHANCE = 4.0  # standard deviations of chance
MOST_ROWS = 2_000  # of each table, that all columns together are judged on
MOST_COLUMNS = 100
UNEVEN = 10  # times as many rows of one table as of the other are judged on
TREES = 60  # so that every row is judged by some
NAMED = 3
DONE = "The estimate is of rows unlike those of training. Check where both come from."


def of_drift(frame: pl.DataFrame, later: pl.DataFrame, columns: Sequence[str]) -> Guardrail:
    """Return which columns tell rows of two tables apart: numbers by their ranks, categories by their shares, and if none does, all together.

    All columns together are judged by a classifier that learns which table a row is of (D. Lopez-Paz and M. Oquab, "Revisiting classifier two-sample
    tests", ICLR 2017).

    Args:
        frame: The rows that models are trained on.
        later: The rows that they are judged by.
        columns: The columns to compare, with the label.
    """
    title, passed, shared = (
        "Validation like training",
        "The validation rows are like the others.",
        [c for c in columns if c in later.columns],
    )
    if min(frame.height, later.height) < FEWEST_ROWS or not shared:
        return Guardrail("drift", title, "passed", f"There are fewer than {FEWEST_ROWS} rows to compare." if shared else passed)
    if found := {column: words for column in shared if (words := _moved(frame[column], later[column]))}:
        return judged("drift", title, passed, found, "alerted", DONE)
    area, by_chance, names = _told_apart(frame, later, shared[:MOST_COLUMNS])
    if area < max(APART, 0.5 + CHANCE * by_chance):
        return Guardrail("drift", title, "passed", passed, figures={"auc": area})
    most = ", ".join(f"“{name}”" for name in names)
    words = f"A model that tells validation rows from the others by all columns together has an AUC of {area:.2f}, where 0.5 is chance. Most by: {most}. {DONE}"
    return Guardrail("drift", title, "alerted", words, tuple(names), {"auc": area})


def _moved(values: pl.Series, later: pl.Series) -> str:
    kind = kind_of(values.dtype)
    gaps = [float(each.is_null().mean() or 0) for each in (values, later)]  # type: ignore[arg-type]
    if abs(gaps[0] - gaps[1]) > MOVED:
        return f"lacks {percent(gaps[1])} of its values there, and {percent(gaps[0])} in the others"
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
    if abs(area - 0.5) < max(APART - 0.5, CHANCE * _chance(many, few)):
        return ""
    return f"is {'higher' if area > 0.5 else 'lower'} there: in {percent(max(area, 1 - area))} of all pairs of a row of each table"


def _chance(many: int, few: int) -> float:
    """The standard deviation of the area under the ROC curve of two samples of the same distribution."""
    return float(((few + many + 1) / (12 * few * many)) ** 0.5)


def _categories(values: pl.Series, later: pl.Series) -> str:
    shares = [each.drop_nulls().cast(pl.String).alias("text").value_counts(normalize=True, name="share") for each in (values, later)]
    joined = shares[0].join(shares[1], on="text", how="full", coalesce=True).fill_null(0)
    moved = float((joined["share"] - joined["share_right"]).abs().sum()) / 2
    by_chance = float(np.sqrt(joined.height / max(min(len(values), len(later)), 1)))
    return f"has other categories there: {percent(moved)} of the rows would have to change" if moved > max(MOVED, by_chance) else ""


def _told_apart(frame: pl.DataFrame, later: pl.DataFrame, columns: list[str]) -> tuple[float, float, list[str]]:
    """How well a model tells the tables apart, its standard deviation by chance, and the columns that it uses most."""
    from sklearn.ensemble import ExtraTreesClassifier
    from sklearn.metrics import roc_auc_score

    most = min(MOST_ROWS, UNEVEN * min(frame.height, later.height))
    both = [each.sample(min(each.height, most), seed=0) for each in (frame, later)]
    names = [name for name in columns if kind_of(frame[name].dtype) == kind_of(later[name].dtype) != "other"]
    if not names:
        return 0.5, 0.0, []
    values = np.column_stack([_coded(both[0][name], both[1][name]) for name in names])
    truth = np.repeat([0, 1], [each.height for each in both])
    # Each row is judged by the trees that were grown without it, so that one forest does: it counts within the time of a search. With weights of
    # the tables scikit-learn would draw the rows of a small one for nearly every tree.
    forest = ExtraTreesClassifier(
        TREES,
        min_samples_leaf=2,
        max_features=0.5,
        max_samples=0.7,
        bootstrap=True,
        oob_score=True,
        random_state=0,
    ).fit(values, truth)
    area = float(roc_auc_score(truth, forest.oob_decision_function_[:, 1]))
    if area < APART:
        return area, 0.0, []
    return area, _chance(both[0].height, both[1].height), [names[place] for place in np.argsort(-forest.feature_importances_)[:NAMED]]


def _coded(values: pl.Series, later: pl.Series) -> np.ndarray:
    """The values of both tables as numbers, gaps below all of them: categories by how frequent they are."""
    if kind_of(values.dtype) == "text":
        texts = pl.concat([each.cast(pl.String).alias("text") for each in (values, later)])
        counts = texts.value_counts(name="rows").sort("rows", "text", descending=[True, False])
        codes = pl.DataFrame({"text": texts}).join(
            counts.with_row_index("code"), on="text", how="left", nulls_equal=True, maintain_order="left"
        )
        return codes["code"].cast(pl.Float32).to_numpy()
    numbers = [each.to_physical().cast(pl.Float64).fill_nan(None) for each in (values, later)]
    ranks: np.ndarray = pl.concat([each.alias("") for each in numbers]).rank().fill_null(0).cast(pl.Float32).to_numpy()
    return ranks
