"""Features that give the label away: each alone predicts it almost perfectly."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

import numpy as np
import polars as pl

from pipelines.modelling.features import kind_named

MOST_ROWS = 2_000  # looked at, evenly spread over the table
FEWEST_ROWS = 20
SURE = 0.999


def find_leaks(
    frame: pl.DataFrame, features: Sequence[tuple[str, str]], signals: Sequence[np.ndarray], measure: str
) -> Iterator[tuple[str, str]]:
    """Return the features that predict the label alone, and how well.

    Args:
        frame: The feature columns as `feature_frame` returns them.
        features: The columns and the names of their types.
        signals: The label as numbers, as `Task.signals` returns it.
        measure: How a number alone is judged: "AUC" by ranks, or "R²".
    """
    if frame.height < FEWEST_ROWS:
        return
    some = np.linspace(0, frame.height - 1, min(frame.height, MOST_ROWS)).astype(int)
    rows, names = frame[some.tolist()].select(column for column, _ in features), [column for column, _ in features]
    texts = {column for column, dtype in features if kind_named(dtype) == "text"}
    numbers = [column for column in names if column not in texts]
    found: dict[str, str] = {}
    for truth in (np.asarray(signal)[some] for signal in signals):
        found |= {column: words for column, words in _of_signal(rows, numbers, texts, truth, measure) if column not in found}
    yield from ((column, found[column]) for column in names if column in found)


def _of_signal(
    rows: pl.DataFrame, numbers: Sequence[str], texts: Container[str], truth: np.ndarray, measure: str
) -> Iterator[tuple[str, str]]:
    by_order = {}
    if numbers:
        values = _areas(rows, numbers, truth) if measure == "AUC" else _correlations(rows.select(numbers), truth)
        by_order = dict(zip(numbers, values, strict=True))
    by_gap = dict(zip(rows.columns, _correlations(rows.select(pl.all().is_null().cast(pl.Float64)), truth), strict=True))
    for column in rows.columns:
        if by_order.get(column, 0) > SURE:
            yield column, _words("it", f"{measure} {by_order[column]:.4g}")
        elif column in texts and (r2 := _by_group(rows[column], truth)) > SURE:
            yield column, _words("it", f"R² {r2:.4g}")
        elif by_gap[column] > SURE:
            yield column, _words("whether it has a value", f"R² {by_gap[column]:.4g}")


def _words(what: str, measure: str) -> str:
    return f"{what} alone predicts the label almost perfectly ({measure}). Check that it is known before the label"


def _by_group(values: pl.Series, truth: np.ndarray) -> float:
    """Of texts: how well the mean of each text's rows does. Where texts are as rare as rows that says nothing."""
    groups = pl.DataFrame({"text": values, "truth": truth})
    spread = ((truth - truth.mean()) ** 2).sum()
    if groups["text"].n_unique() > groups.height / 10 or not spread > 0:
        return 0.0
    means = groups.select(pl.col("truth").mean().over("text")).to_series().to_numpy()
    return float(1 - ((truth - means) ** 2).sum() / spread)


def _areas(rows: pl.DataFrame, numbers: Sequence[str], truth: np.ndarray) -> np.ndarray:
    """The area under the ROC curve of each number alone, by the ranks of its positive rows; 0 where it cannot be told."""
    ranks = rows.select(pl.col(numbers).rank()).to_numpy()
    known = ~np.isnan(ranks)
    positive = known & (truth == 1)[:, None]
    n, above = positive.sum(axis=0), np.where(positive, ranks, 0).sum(axis=0)
    others = known.sum(axis=0) - n
    area = (above - n * (n + 1) / 2) / np.maximum(n * others, 1)
    enough = (n > 0) & (others > 0) & (n + others >= FEWEST_ROWS)
    found: np.ndarray = np.where(enough, np.maximum(area, 1 - area), 0.0)
    return found


def _correlations(rows: pl.DataFrame, truth: np.ndarray) -> np.ndarray:
    """The squared correlation of each number with the label, over the rows where it is known; 0 where one side does not vary."""
    values = rows.to_numpy().astype(float)
    known = ~np.isnan(values)
    many = np.maximum(known.sum(axis=0), 1)
    a, b = np.where(known, values, 0), np.where(known, truth[:, None], 0)
    a, b = (np.where(known, side - side.sum(axis=0) / many, 0) for side in (a, b))
    a, b = (side / np.maximum(np.abs(side).max(axis=0), 1e-300) for side in (a, b))
    spread = (a**2).sum(axis=0) * (b**2).sum(axis=0)
    enough = (spread > 0) & (known.sum(axis=0) >= FEWEST_ROWS)
    found: np.ndarray = np.where(enough, (a * b).sum(axis=0) ** 2 / np.where(enough, spread, 1), 0.0)
    return found
