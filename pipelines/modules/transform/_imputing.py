"""Missing numbers from the other columns of their row: chained equations (MICE) and probabilistic principal components.

Columns are standardized first. What is fitted is plain data, and the same again gives the same numbers.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.reporting import log, progress
from pipelines.modelling.numbers import numbers_of

MICE, COMPONENTS = "mice", "ppca"
MODELS = (MICE, COMPONENTS)
MOST_COLUMNS = 200  # the equations hold a number for each pair of columns and each iteration
BLOCK = 50_000  # rows at once
STEPS, STILL = 1_000, 1e-8  # of EM: the most, and how little the noise changes at the end
NO_NOISE = 1e-12


def fit_imputation(frame: pl.DataFrame, columns: Sequence[str], mode: str, iterations: int, components: int) -> dict[str, Any]:
    """Return how missing values of columns follow from the other columns, as JSON.

    Raises:
        ModuleError: `too_many_columns`.
    """
    x = _matrix(frame, columns)
    known = ~np.isnan(x)
    count = np.maximum(known.sum(0), 1)
    mean = np.where(known, x, 0).sum(0) / count
    scale = np.sqrt((np.where(known, x - mean, 0) ** 2).sum(0) / count)
    scale = np.where(scale > 0, scale, 1.0)
    state = {"method": mode, "columns": list(columns), "mean": mean.tolist(), "scale": scale.tolist()}
    z, width = (x - mean) / scale, len(columns)
    if mode == MICE:
        return state | {"equations": _equations(z, iterations) if width > 1 and len(z) > 1 else []}
    if components >= width:
        log(f"{counted(width, 'column')} allow at most {counted(max(width - 1, 0), 'component')}.", "warning")
    number = min(components, width - 1)
    weights, center, noise = principal_components(z, number) if number > 0 and len(z) > 1 else (np.zeros((width, 1)), np.zeros(width), 1.0)
    return state | {"weights": weights.tolist(), "center": center.tolist(), "noise": noise}


def imputed(frame: pl.DataFrame, state: Mapping[str, Any]) -> list[pl.Series]:
    """Return the columns with their missing values replaced."""
    columns = state["columns"]
    mean, scale = np.array(state["mean"]), np.array(state["scale"])
    x = _matrix(frame, columns)
    z = (x - mean) / scale
    gaps = np.isnan(x)
    found = _by_equations(z, gaps, state["equations"]) if state["method"] == MICE else _by_components(z, gaps, state)
    filled = np.where(gaps, found * scale + mean, x)
    return [pl.Series(column, np.ascontiguousarray(filled[:, place])) for place, column in enumerate(columns)]


def _matrix(frame: pl.DataFrame, columns: Sequence[str]) -> np.ndarray:
    return np.column_stack([numbers_of(frame[column]).to_numpy() for column in columns]) if columns else np.zeros((frame.height, 0))


def _equations(z: np.ndarray, iterations: int) -> list[list[Any]]:
    """The place of each column, the intercept and the coefficients of the others, in the order in which they are applied."""
    if z.shape[1] > MOST_COLUMNS:
        raise ModuleError(
            "too_many_columns",
            f"{z.shape[1]:,} columns are selected; chained equations take at most {MOST_COLUMNS}.",
            param="columns",
            port="table",
            remedy="Select fewer columns, or use probabilistic principal components.",
        )
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.experimental import enable_iterative_imputer  # noqa: F401
    from sklearn.impute import IterativeImputer
    from sklearn.linear_model import BayesianRidge

    imputer = IterativeImputer(BayesianRidge(), max_iter=iterations, random_state=0)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", ConvergenceWarning)
        imputer.fit(z)
    if any(issubclass(each.category, ConvergenceWarning) for each in told):
        log(f"The replaced values still changed in the last of {counted(iterations, 'iteration')}.")
    return [[int(each.feat_idx), float(each.estimator.intercept_), each.estimator.coef_.tolist()] for each in imputer.imputation_sequence_]


def _by_equations(z: np.ndarray, gaps: np.ndarray, equations: Sequence[Any]) -> np.ndarray:
    found = np.where(gaps, 0.0, z)
    for place, intercept, coefficients in equations:
        rows = gaps[:, place]
        if rows.any():
            found[rows, place] = np.delete(found[rows], place, 1) @ np.array(coefficients) + intercept
    return found


def principal_components(z: np.ndarray, components: int) -> tuple[np.ndarray, np.ndarray, float]:
    """Return weights, centre and noise of the most likely model x = centre + weights · factors + noise, for rows with gaps (NaN).

    Source: M. Tipping, C. Bishop, "Probabilistic principal component analysis", JRSS B 61 (1999); with gaps A. Ilin, T. Raiko, "Practical
    approaches to principal component analysis in the presence of missing values", JMLR 11 (2010).
    """
    known = ~np.isnan(z)
    x, total, width = np.where(known, z, 0.0), int(known.sum()), z.shape[1]
    _, spread, axes = np.linalg.svd(x - x.mean(0), full_matrices=False)
    weights: np.ndarray = np.zeros((width, components))
    weights[:, : len(axes)] = (axes[:components] * spread[:components, None] / len(z) ** 0.5).T
    center: np.ndarray = np.zeros(width)
    noise = max(float((x**2).sum() / total) / 2, NO_NOISE)
    patterns, place, rows = np.unique(known, axis=0, return_inverse=True, return_counts=True)
    place = place.reshape(-1)
    for step in range(STEPS):
        if step % 20 == 0:
            progress(step, STEPS, "steps of EM")
        within = _within(patterns, weights, noise)
        spreads = np.zeros((len(patterns), components + 1, components + 1))
        spreads[:, :-1, :-1] = noise * within * rows[:, None, None]
        gram, right, squares = patterns.T.astype(float) @ spreads.reshape(len(patterns), -1), np.zeros((width, components + 1)), 0.0
        for start in range(0, len(z), BLOCK):
            some = slice(start, start + BLOCK)
            mean = _factors(x[some], known[some], within[place[some]], weights, center)
            whole = np.concatenate([mean, np.ones((len(mean), 1))], 1)
            gram += known[some].T.astype(float) @ (whole[:, :, None] * whole[:, None, :]).reshape(len(mean), -1)
            right += x[some].T @ whole
            squares += float((x[some] ** 2).sum())
        left = gram.reshape(width, components + 1, components + 1) + NO_NOISE * np.eye(components + 1)
        solved: np.ndarray = np.linalg.solve(left, right[..., None])[..., 0]
        weights, center = solved[:, :-1], solved[:, -1]
        before, noise = noise, max((squares - float((solved * right).sum())) / total, NO_NOISE)
        if abs(noise - before) <= STILL * before:
            break
    else:
        log(f"The components still changed in the last of {counted(STEPS, 'step')}.", "warning")
    return weights, center, noise


def _within(patterns: np.ndarray, weights: np.ndarray, noise: float) -> np.ndarray:
    """The covariance of the factors, divided by the noise, for each pattern of known values: many rows have the same."""
    number = weights.shape[1]
    products = (weights[:, :, None] * weights[:, None, :]).reshape(len(weights), -1)
    found: np.ndarray = np.linalg.inv((patterns.astype(float) @ products).reshape(-1, number, number) + noise * np.eye(number))
    return found


def _factors(x: np.ndarray, known: np.ndarray, within: np.ndarray, weights: np.ndarray, center: np.ndarray) -> np.ndarray:
    """The mean of the factors of each row, given its known values."""
    found: np.ndarray = (within @ (np.where(known, x - center, 0.0) @ weights)[..., None])[..., 0]
    return found


def _by_components(z: np.ndarray, gaps: np.ndarray, state: Mapping[str, Any]) -> np.ndarray:
    weights, center = np.array(state["weights"]).reshape(z.shape[1], -1), np.array(state["center"])
    found = np.empty_like(z)
    for start in range(0, len(z), BLOCK):
        known = ~gaps[start : start + BLOCK]
        within = _within(known, weights, state["noise"])
        found[start : start + BLOCK] = _factors(z[start : start + BLOCK], known, within, weights, center) @ weights.T + center
    return found
