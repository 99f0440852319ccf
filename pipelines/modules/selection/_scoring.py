"""Scores of one feature against a label."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import frexp
from typing import Annotated, Literal

import numpy as np
import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.params import Titles
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import progress
from pipelines.modelling.classes import places_of
from pipelines.modelling.numbers import is_number, numbers_of

Method = Annotated[
    Literal["pearson", "spearman", "kendall", "mutual_information", "chi_squared", "fisher_score", "anova", "count"],
    Titles(
        pearson="Pearson correlation",
        spearman="Spearman correlation",
        kendall="Kendall correlation",
        mutual_information="Mutual information",
        chi_squared="Chi-squared",
        fisher_score="Fisher score",
        anova="F of the analysis of variance",
        count="Number of values",
    ),
]
SCORES = {
    "Column": pl.String(),
    "Score": pl.Float64(),
    "P Value": pl.Float64(),
    "Rows": pl.Int64(),
    "Selected": pl.Boolean(),
    "Note": pl.String(),
}
OF_TEXTS = ("mutual_information", "chi_squared")
FEWEST_ROWS = 3
CHUNK = 8192
MODERATE = (1e-50, 1e50)  # products of sums of squares are numbers, too
Result = tuple[float | None, float | None]


@dataclass(frozen=True)
class Scoring:
    """The settings of the scores."""

    method: str
    bins: int
    seed: int


@dataclass(frozen=True)
class Label:
    """The label: numbers, or codes of `classes` classes; missing where it is."""

    values: pl.Series
    classes: int


def label_of(table: Table, label: str, method: str, bins: int) -> Label:
    """Read the label.

    Raises:
        ModuleError: When the method cannot use it.
    """
    values = table.frame[label]
    if values.dtype.is_nested() or values.dtype in (pl.Binary, pl.Object):
        raise _unfit(
            "label_is_no_value",
            f"“{label}” has {kind_of(values.dtype)} values, such as lists, which are neither classes nor numbers.",
            label,
        )
    known = numbers_of(values) if is_number(values.dtype) else values
    distinct = known.drop_nulls().n_unique()
    if distinct < 2:
        raise _unfit("label_does_not_vary", f"“{label}” has fewer than two different values to score against.", label)
    number = is_number(values.dtype) and distinct > 2 and not table.is_categorical(label)
    if number:
        if method == "fisher_score":
            raise _unfit("not_classes", f"“{label}” has numbers, and the Fisher score compares classes.", label)
        return Label(_binned(known, bins) if method == "chi_squared" else known, 0)
    if kind_of(values.dtype) == "datetime":
        raise _unfit("label_is_a_date", f"“{label}” has dates, which are neither classes nor numbers.", label)
    if distinct > 2 and method in ("spearman", "kendall"):
        raise _unfit("not_ordered", f"“{label}” has {distinct:,} classes, which have no order to rank by.", label)
    return Label(_codes(known), distinct)


def _unfit(code: str, words: str, column: str) -> ModuleError:
    remedy = "Select another method or label, or change the column with Edit Metadata."
    return ModuleError(code, words, param="label", port="table", column=column, remedy=remedy)


def ranked(table: Table, columns: Sequence[str], label: Label, scoring: Scoring) -> pl.DataFrame:
    """Score the columns; the highest score comes first, and of equal ones the earlier column."""
    rows = []
    for done, column in enumerate(columns):
        progress(done, len(columns), "columns scored")
        rows.append((column, *score_of(table.frame[column], table.is_categorical(column), label, scoring)))
    schema = {name: dtype for name, dtype in SCORES.items() if name != "Selected"}
    return pl.DataFrame(rows, schema=schema, orient="row").sort("Score", descending=True, nulls_last=True, maintain_order=True)


def score_of(values: pl.Series, categorical: bool, label: Label, scoring: Scoring) -> tuple[float | None, float | None, int, str | None]:
    """The score of a feature, its p-value, the number of rows, and why there is no score."""
    method = scoring.method
    number = is_number(values.dtype) and not (categorical and method in OF_TEXTS)
    if method == "count":
        there = numbers_of(values) if is_number(values.dtype) else values
        known = len(there) - there.null_count()
        return float(known), None, known, None
    if not number and (method not in OF_TEXTS or kind_of(values.dtype) not in ("text", "boolean", "number")):
        return None, None, 0, f"The method cannot score {kind_of(values.dtype)} values."
    feature = numbers_of(values) if number else _codes(numbers_of(values) if is_number(values.dtype) else values)
    if method == "chi_squared":
        feature = _binned(feature, scoring.bins) if number else feature
    both = pl.DataFrame([feature.alias("x"), label.values.alias("y")]).drop_nulls()
    if both.height < FEWEST_ROWS:
        return None, None, both.height, f"Fewer than {FEWEST_ROWS} rows have it and the label."
    ends = [(float(both[side].min()), float(both[side].max())) for side in ("x", "y")]  # type: ignore[arg-type]
    if any(low == high for low, high in ends):
        return None, None, both.height, "It or the label does not vary on the rows that have both."
    x, y = (both[side].to_numpy().astype(float, copy=False) for side in ("x", "y"))
    if number and method != "chi_squared":
        x = _moderate(x, *ends[0])
        y = y if label.classes else _moderate(y, *ends[1])
    if method == "mutual_information":
        nats = _mutual_information(x, y, not number, label, scoring.seed)
        return nats, None, both.height, None if nats is not None else "Too few rows have neighbours of the same value."
    score, p = _SCORES[method](x, y, label)
    note = "It separates the classes exactly." if score == float("inf") else None
    return score, p, both.height, note


def _moderate(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Values whose squares are neither too large nor too small for numbers; scores do not depend on the unit."""
    largest = max(-low, high)
    return values if MODERATE[0] < largest < MODERATE[1] else np.ldexp(values, -frexp(largest)[1])


def _codes(values: pl.Series) -> pl.Series:
    """Codes of the values in their order; missing where they are."""
    values = values.cast(pl.String) if values.dtype in (pl.Categorical, pl.Enum) else values
    if values.dtype == pl.String:
        return places_of(values).cast(pl.Float64)
    return (values.rank("dense").cast(pl.Float64) - 1).alias(values.name)


def _binned(numbers: pl.Series, bins: int) -> pl.Series:
    """Numbers of few values as they are; others in bins of about equally many rows, with equal values together."""
    known = numbers.drop_nulls()
    if known.n_unique() <= bins:
        return _codes(numbers)
    edges = np.unique(np.quantile(known.to_numpy(), np.arange(1, bins) / bins))
    places = pl.Series(numbers.name, np.searchsorted(edges, numbers.fill_null(0.0).to_numpy(), "left").astype(float))
    return places.set(numbers.is_null(), None)


def _correlation(x: np.ndarray, y: np.ndarray) -> float:
    means, sums = (x.mean(), y.mean()), np.zeros(3)
    for start in range(0, len(x), CHUNK):  # which stay in the processor's cache
        a, b = x[start : start + CHUNK] - means[0], y[start : start + CHUNK] - means[1]
        sums += a @ b, a @ a, b @ b
    return float(min(1.0, abs(sums[0]) / np.sqrt(sums[1] * sums[2])))


def _spreads(x: np.ndarray, y: np.ndarray) -> tuple[float, float, int]:
    """Sums of squares between and inside the classes, and how many classes there are."""
    codes = y.astype(int)
    counts = np.bincount(codes)
    x = x - x.mean()
    means = np.bincount(codes, x) / np.maximum(counts, 1)
    return float((counts * means**2).sum()), float(((x - means[codes]) ** 2).sum()), int((counts > 0).sum())


def _f_test(explained: float, left: float, freedom: tuple[int, int]) -> Result:
    from scipy.special import fdtrc

    if freedom[1] < 1:
        return None, None
    f = explained / freedom[0] / (left / freedom[1]) if left > 0 else float("inf")
    return f, float(fdtrc(*freedom, f)) if np.isfinite(f) else 0.0


def _pearson(x: np.ndarray, y: np.ndarray, label: Label) -> Result:
    if label.classes:
        between, inside, classes = _spreads(x, y)
        return (between / (between + inside)) ** 0.5, _f_test(between, inside, (classes - 1, len(x) - classes))[1]
    r = _correlation(x, y)
    return r, _f_test(r**2, max(0.0, 1 - r**2), (1, len(x) - 2))[1]


def _spearman(x: np.ndarray, y: np.ndarray, label: Label) -> Result:
    from scipy.stats import rankdata

    r = _correlation(rankdata(x), rankdata(y))
    return r, _f_test(r**2, max(0.0, 1 - r**2), (1, len(x) - 2))[1]


def _kendall(x: np.ndarray, y: np.ndarray, label: Label) -> Result:
    from scipy.stats import kendalltau

    tau, p = kendalltau(x, y)
    return abs(float(tau)), float(p)


def _mutual_information(x: np.ndarray, y: np.ndarray, discrete: bool, label: Label, seed: int) -> float | None:
    from sklearn.feature_selection import mutual_info_classif, mutual_info_regression

    measure = mutual_info_classif if label.classes else mutual_info_regression
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of many classes
            return float(measure(x.reshape(-1, 1), y, discrete_features=[discrete], random_state=seed)[0])
    except ValueError:  # no value comes twice, or there are fewer rows than neighbours
        return None


def _chi_squared(x: np.ndarray, y: np.ndarray, label: Label) -> Result:
    from scipy.stats import chi2_contingency

    rows, columns = (np.unique(side, return_inverse=True) for side in (x, y))
    counts = np.bincount(rows[1] * len(columns[0]) + columns[1], minlength=len(rows[0]) * len(columns[0]))
    result = chi2_contingency(counts.reshape(len(rows[0]), len(columns[0])), correction=False)
    return float(result.statistic), float(result.pvalue)


def _fisher_score(x: np.ndarray, y: np.ndarray, label: Label) -> Result:
    between, inside, _ = _spreads(x, y)
    return between / inside if inside > 0 else float("inf"), None


def _anova(x: np.ndarray, y: np.ndarray, label: Label) -> Result:
    if label.classes:
        between, inside, classes = _spreads(x, y)
        return _f_test(between, inside, (classes - 1, len(x) - classes))
    r = _correlation(x, y)
    return _f_test(r**2, max(0.0, 1 - r**2), (1, len(x) - 2))


_SCORES: Mapping[str, Callable[[np.ndarray, np.ndarray, Label], Result]] = {
    "pearson": _pearson,
    "spearman": _spearman,
    "kendall": _kendall,
    "chi_squared": _chi_squared,
    "fisher_score": _fisher_score,
    "anova": _anova,
}
