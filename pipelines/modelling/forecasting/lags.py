"""Regression on lags: any regressor on features of the past, one for all series or one for each, recursive or direct."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import UntrainedModel
from pipelines.modelling.encoders import fitted_columns
from pipelines.modelling.families import families
from pipelines.modelling.family import ESTIMATOR_ERRORS, TrainingData, in_words
from pipelines.modelling.features import CATEGORY
from pipelines.modelling.forecasting.features import Recipe, made, past_columns
from pipelines.modelling.forecasting.method import Method, Path
from pipelines.modelling.forecasting.panel import Panel

FEWEST_ROWS = 3


@dataclass(frozen=True, eq=False)
class Regression:
    """Fitted estimators, by step (one if recursive) and by series (one if they share it); None where there were too few rows.

    Args:
        estimators: The scikit-learn pipelines.
        features: The columns of each and the names of their types.
        recipe: What their features are made of.
        horizon: How many periods ahead they were trained for.
        direct: Whether each step has its own.
        means: What is taken off the values of each series.
        deviations: What they are divided by then.
        differences: Before both, how far the values lie apart that are taken off each other, one after the other.
    """

    estimators: list[list[Any]]
    features: list[list[list[tuple[str, str]]]]
    recipe: Recipe
    horizon: int
    direct: bool
    means: np.ndarray
    deviations: np.ndarray
    notes: dict[str, int] = field(default_factory=dict)
    differences: Sequence[int] = ()


def recipe_of(method: Method, panel: Panel) -> tuple[Recipe, dict[str, int]]:
    """Return the features of a method for these series, without seasonal lags that most series are too short for, and what is said of that."""
    given, season = method.settings, method.season(panel.frequency)
    typical = float(np.median(panel.lengths[panel.lengths > 0])) if (panel.lengths > 0).any() else 0.0
    wanted = tuple(given["seasonal_lags"]) if season > 1 else ()
    seasonal = tuple(number for number in wanted if season * number < typical * 0.75)
    notes = {"periods are too few for a lag of a season": int(typical)} if len(seasonal) < len(wanted) else {}
    names = ("calendar", "holidays", "fourier")
    plain = {name: given[name] for name in names}
    return Recipe(tuple(given["lags"]), season, seasonal, tuple(given["windows"]), **plain), notes


def fit(method: Method, panel: Panel, horizon: int) -> Regression:
    """Fit the regressors of a method.

    Raises:
        ModuleError: `cannot_learn`, `unknown_country`.
    """
    assert method.learner is not None
    recipe, notes = recipe_of(method, panel)
    apart = tuple(method.settings.get("differences") or ())
    values = _differenced(panel.values, apart)[-1]
    means, deviations = _scales(values) if method.settings["scaled"] else (np.zeros(panel.size), np.ones(panel.size))
    values = (values - means[:, None]) / deviations[:, None]
    direct, alone = bool(method.settings["direct"]), bool(method.settings["alone"])
    found: list[list[Any]] = []
    columns: list[list[list[tuple[str, str]]]] = []
    for step in range(1, horizon + 1) if direct else (1,):
        frame, y, rows = _training(panel, values, recipe, step, step if direct else horizon, sum(apart))
        parts = [rows == row for row in range(panel.size)] if alone else [np.ones(len(y), dtype=bool)]
        fitted = [_fitted(method.learner, frame.filter(part), y[part]) for part in parts]
        found.append([pipeline for pipeline, _ in fitted])
        columns.append([features for _, features in fitted])
    return Regression(found, columns, recipe, horizon, direct, means, deviations, notes, apart)


def _differenced(values: np.ndarray, apart: Sequence[int]) -> list[np.ndarray]:
    """The values, and the differences of each of these steps; missing where one of both values is."""
    found = [values]
    for back in apart:
        before = np.full_like(values, np.nan)
        before[:, back:] = found[-1][:, :-back]
        found.append(found[-1] - before)
    return found


def _summed(path: np.ndarray, history: np.ndarray, back: int) -> np.ndarray:
    """Forecasts of differences as forecasts of the values, whose history is known."""
    width = history.shape[1]
    whole = np.concatenate([history, path], axis=1) if width >= back else np.full((len(path), width + path.shape[1]), np.nan)
    for place in range(width, whole.shape[1]):
        whole[:, place] += whole[:, place - back]
    return whole[:, width:]


def _scales(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    there = np.isfinite(values)
    count = np.maximum(there.sum(axis=1), 1)
    means = np.where(there, values, 0.0).sum(axis=1) / count
    deviations = np.sqrt((np.where(there, values - means[:, None], 0.0) ** 2).sum(axis=1) / count)
    return means, np.where(deviations > 0, deviations, 1.0)


def _training(
    panel: Panel, values: np.ndarray, recipe: Recipe, step: int, back: int, lost: int
) -> tuple[pl.DataFrame, np.ndarray, np.ndarray]:
    """The features, the target and the series of every period whose features lie within its series, without the periods that differences lose."""
    reach = max(recipe.reach(step), back if panel.past else 0)
    low = min(reach, panel.periods)
    frame = made(panel, values, low, panel.periods, recipe, step, panel.known)
    frame = frame.with_columns(past_columns(panel.past, low, panel.periods, back))
    width = panel.periods - low
    place = np.arange(low, panel.periods)
    enough = place >= (panel.periods - panel.lengths + reach + lost)[:, None]
    y = values[:, low:].ravel()
    used = np.isfinite(y) & enough.ravel()
    return frame.filter(used), y[used], np.repeat(np.arange(panel.size), width)[used]


def _fitted(learner: UntrainedModel, frame: pl.DataFrame, y: np.ndarray) -> tuple[Any, list[tuple[str, str]]]:
    """A fitted pipeline and its columns; None with too few rows. Columns without values are left out."""
    from sklearn.base import clone
    from sklearn.pipeline import Pipeline

    if len(y) < FEWEST_ROWS:
        return None, []
    features = [
        (name, CATEGORY if dtype == pl.String else "Float64")
        for name, dtype in frame.schema.items()
        if frame[name].null_count() < frame.height
    ]
    if not features:
        words = f"{learner.name} has no feature to be trained on."
        raise ModuleError("no_features", words, port="method", remedy="Give the regression on lags at least one lag.")
    frame, family = frame.select(name for name, _ in features), families()[learner.family]
    with in_sentences(learner.name):
        columns = family.encode(frame, features, learner.settings)
        encoded = fitted_columns(columns, learner.estimator, frame, y)
        fitted = family.fit(clone(learner.estimator), TrainingData(encoded, y, None, columns, learner.settings, features))
    return Pipeline([("columns", columns), ("learner", fitted)]), features


@contextmanager
def in_sentences(name: str) -> Iterator[None]:
    """Turn what a library raises into a sentence, and keep its warnings from the log."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except ESTIMATOR_ERRORS as wrong:
            words = f"{name} cannot be trained on lags of these series: {in_words(wrong)}."
            raise ModuleError("cannot_learn", words, port="table", remedy="Check the values, or choose another learner.") from wrong


def predict(fitted: Regression, panel: Panel, horizon: int, ahead: Mapping[str, np.ndarray]) -> Path:
    """Return the forecasts of each series; a series that is too short gets its last value.

    Args:
        fitted: The regressors.
        panel: The series until the origin.
        horizon: How many periods to forecast, at most those of training.
        ahead: The known-ahead columns of these periods.
    """
    last = panel.periods
    levels = _differenced(panel.values, fitted.differences)
    values = (levels[-1] - fitted.means[:, None]) / fitted.deviations[:, None]
    values = np.concatenate([values, np.full((panel.size, horizon), np.nan)], axis=1)
    known = {name: np.concatenate([each, ahead[name].astype(each.dtype)], axis=1) for name, each in panel.known.items()}
    path = Path(np.full((panel.size, horizon), np.nan), notes=dict(fitted.notes))
    for place in range(horizon):
        step, at = (place + 1 if fitted.direct else 1), last + place
        frame = made(panel, values, at, at + 1, fitted.recipe, step, known)
        frame = frame.with_columns(past_columns(panel.past, at, at + 1, step if fitted.direct else fitted.horizon))
        path.values[:, place] = _predicted(fitted, step if fitted.direct else 1, frame)
        if not fitted.direct:
            values[:, at] = path.values[:, place]
    path.values[:] = path.values * fitted.deviations[:, None] + fitted.means[:, None]
    for back, history in reversed(list(zip(fitted.differences, levels[:-1], strict=True))):
        path.values[:] = _summed(path.values, history, back)
    reach = fitted.recipe.reach(horizon if fitted.direct else 1) + sum(fitted.differences)
    short = panel.lengths < reach
    path.values[panel.lengths == 0] = np.nan
    path.fall_back(panel, short, "too short for the lags")
    path.fall_back(panel, ~short & ~np.isfinite(path.values).all(axis=1), "no finite forecast")
    return path


def _predicted(fitted: Regression, step: int, frame: pl.DataFrame) -> np.ndarray:
    pipelines, features = fitted.estimators[step - 1], fitted.features[step - 1]
    found = np.full(frame.height, np.nan)
    parts = [slice(None)] if len(pipelines) == 1 else [slice(row, row + 1) for row in range(frame.height)]
    for pipeline, columns, part in zip(pipelines, features, parts, strict=True):
        if pipeline is None:
            continue
        typed = frame[part].select(
            pl.col(name).cast(pl.String if dtype == CATEGORY else pl.Float64, strict=False) for name, dtype in columns
        )
        with in_sentences("The regressor"):
            found[part] = np.asarray(pipeline.predict(typed), dtype=np.float64).ravel()
    return found
