"""Features that give the label away: each alone predicts it almost perfectly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import polars as pl

from pipelines.modelling.features import PROSE, kind_named

MOST_ROWS = 2_000  # looked at, evenly spread over the table
FEWEST_ROWS = 20
SURE = 0.999
TELLS = 0.97  # the share of the spread of all classes that a number explains which tells them apart


Strengths = Mapping[str, np.ndarray]  # of a column: how well it predicts each signal alone


def find_leaks(
    frame: pl.DataFrame, features: Sequence[tuple[str, str]], signals: Sequence[np.ndarray], measure: str, sure: float = SURE
) -> Iterator[tuple[str, str]]:
    """Return the features that predict the label alone, and how well.

    Args:
        frame: The feature columns as `feature_frame` returns them.
        features: The columns and the names of their types.
        signals: The label as numbers, as `Task.signals` returns it.
        measure: How a number alone is judged: "AUC" by ranks, or "R²".
        sure: From which strength on a feature is one.
    """
    if frame.height < FEWEST_ROWS:
        return
    some = np.linspace(0, frame.height - 1, min(frame.height, MOST_ROWS)).astype(int)
    rows, truths = frame[some.tolist()], np.column_stack([np.asarray(signal, dtype=float)[some] for signal in signals])
    features = [(column, dtype) for column, dtype in features if dtype != PROSE]  # hardly two rows have the same text
    texts = [column for column, dtype in features if kind_named(dtype) == "text"]
    numbers = [column for column, dtype in features if kind_named(dtype) != "text"]
    evidence: Sequence[tuple[str, str, Strengths]] = (
        *_of_numbers(rows.select(numbers), truths, measure, sure),
        ("it", "R²", {column: _of_groups(rows[column], truths) for column in texts}),
        ("whether it has a value", "R²", _of_gaps(rows.select(column for column, _ in features), truths)),
    )
    for column, _ in features:
        if words := next(_said(column, evidence, truths.shape[1], sure), None):
            yield column, words


def _of_numbers(rows: pl.DataFrame, truths: np.ndarray, measure: str, sure: float) -> Iterator[tuple[str, str, Strengths]]:
    """How well each number does, and for R² its order."""
    ranks = rows.select(pl.all().rank())
    if measure != "AUC":
        yield "it", measure, _correlations(rows, truths)
        yield "its order", measure, _correlations(ranks, _ranks(truths))
        return
    areas = _areas(ranks, truths)
    several = truths.shape[1] > 1
    yield "it", measure, {name: _tells_all(rows[name], truths, area, sure) for name, area in areas.items()} if several else areas


def _said(column: str, evidence: Sequence[tuple[str, str, Strengths]], signals: int, sure: float) -> Iterator[str]:
    found = [(what, measure, of[column]) for what, measure, of in evidence if column in of and of[column].max() > sure]
    for signal in range(signals if found else 0):
        for what, measure, strengths in found:
            if strengths[signal] > sure:
                told = f"{what} alone predicts the label almost perfectly ({measure} {strengths[signal]:.4g})"
                yield f"{told}. Check that it is known before the label"


def _of_groups(values: pl.Series, truths: np.ndarray) -> np.ndarray:
    """Of texts: how well the mean of each text's rows does. Where texts are as rare as rows that says nothing."""
    groups = values.rank("dense").fill_null(0).to_numpy()
    sizes = np.bincount(groups)
    if np.count_nonzero(sizes) > len(values) / 10:
        return np.zeros(truths.shape[1])
    apart = truths - truths.mean(axis=0)
    sums = np.stack([np.bincount(groups, signal) for signal in apart.T], axis=1)
    spread, told = (apart**2).sum(axis=0), (sums**2 / np.maximum(sizes, 1)[:, None]).sum(axis=0)
    found: np.ndarray = np.where(spread > 0, told / np.where(spread > 0, spread, 1), 0.0)
    return found


def _of_gaps(rows: pl.DataFrame, truths: np.ndarray) -> Strengths:
    """How well whether there is a value does; of columns that have some and lack some."""
    gaps = [column for column, lacking in rows.null_count().row(0, named=True).items() if 0 < lacking < rows.height]
    return _correlations(rows.select(pl.col(gaps).is_null().cast(pl.Float64)), truths)


def _areas(ranks: pl.DataFrame, truths: np.ndarray) -> Strengths:
    """The area under the ROC curve of each number alone, by the ranks of its positive rows; 0 where it cannot be told."""
    if not ranks.width:
        return {}
    values = ranks.to_numpy()
    known = ~np.isnan(values)
    positive = (truths == 1).astype(float)
    n, above = known.astype(float).T @ positive, np.where(known, values, 0).T @ positive
    others = known.sum(axis=0)[:, None] - n
    area = (above - n * (n + 1) / 2) / np.maximum(n * others, 1)
    enough = (n > 0) & (others > 0) & (n + others >= FEWEST_ROWS)
    return dict(zip(ranks.columns, np.where(enough, np.maximum(area, 1 - area), 0.0), strict=True))


def _tells_all(values: pl.Series, truths: np.ndarray, strengths: np.ndarray, sure: float) -> np.ndarray:
    """Of a number that tells one of several classes apart: 0 unless it tells all of them, for one class may simply differ, as setosa among irises does.

    A number of two values is made for one class, so one suffices.
    """
    there = values.is_not_null()
    known = values.filter(there)
    if strengths.max() <= sure or known.n_unique() <= 2:
        return strengths
    from sklearn.model_selection import KFold, cross_val_predict
    from sklearn.tree import DecisionTreeRegressor

    truth = truths[there.to_numpy()]
    tree = DecisionTreeRegressor(max_leaf_nodes=4 * truths.shape[1], random_state=0)
    guess = cross_val_predict(tree, known.to_numpy().reshape(-1, 1), truth, cv=KFold(3, shuffle=True, random_state=0))
    spread = ((truth - truth.mean(axis=0)) ** 2).sum()
    return strengths if 1 - ((truth - guess) ** 2).sum() / spread > TELLS else np.zeros_like(strengths)


def _ranks(truths: np.ndarray) -> np.ndarray:
    from scipy.stats import rankdata

    found: np.ndarray = rankdata(truths, axis=0)
    return found


def _correlations(rows: pl.DataFrame, truths: np.ndarray) -> Strengths:
    """The squared correlation of each number with each signal, over the rows where it is known; 0 where one side does not vary."""
    if not rows.width:
        return {}
    values, b = rows.to_numpy().astype(float), _scaled(truths - truths.mean(axis=0))
    known = ~np.isnan(values)
    many = np.maximum(known.sum(axis=0), 1)
    a = np.where(known, values, 0)
    a = _scaled(np.where(known, a - a.sum(axis=0) / many, 0))
    mask = known.astype(float).T
    spread = (a**2).sum(axis=0)[:, None] * _varying(mask @ b**2 - (mask @ b) ** 2 / many[:, None], mask @ b**2)
    enough = (spread > 0) & (many >= FEWEST_ROWS)[:, None]
    return dict(zip(rows.columns, np.where(enough, (a.T @ b) ** 2 / np.where(enough, spread, 1), 0.0), strict=True))


def _scaled(values: np.ndarray) -> np.ndarray:
    """Columns whose largest number is 1, so that squares do not overflow."""
    found: np.ndarray = values / np.maximum(np.abs(values).max(axis=0, initial=0), 1e-300)
    return found


def _varying(spread: np.ndarray, squares: np.ndarray) -> np.ndarray:
    """The spread, 0 where no more is left of the sum of squares than its rounding."""
    found: np.ndarray = np.where(spread > 1e-12 * squares, spread, 0)
    return found
