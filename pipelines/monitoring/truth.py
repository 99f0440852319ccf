"""Figures of predictions whose truth is known: accuracy for classes, mean errors for numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import msgspec
import numpy as np

from pipelines.modelling.features import LABELS
from pipelines.monitoring.drift import CHANCE
from pipelines.monitoring.tally import numbers_of, text_of

LEAST_LABELS = 100  # below which nothing is judged
Task = Literal["classes", "numbers"]


class LiveFigures(msgspec.Struct, frozen=True):
    """Figures of some predictions. `accuracy` is of classes; `mae` (mean absolute error) and `rmse` are of numbers. None where they do not apply."""

    labels: int
    accuracy: float | None = None
    mae: float | None = None
    rmse: float | None = None


def predicted(answer: Any) -> Any:
    """The prediction in an answer: Scored Labels, else its first value."""
    if not isinstance(answer, dict):
        return answer
    return answer[LABELS] if LABELS in answer else next(iter(answer.values()), None)


def task_of(type: str) -> Task:
    """What is compared, by the type that the signature gives the prediction: numbers by their distance, all others by equality."""
    return "numbers" if type in ("integer", "number") else "classes"


def live_figures(task: Task, predictions: Sequence[Any], actual: Sequence[Any]) -> LiveFigures:
    """Compare predictions with what was true. Pairs without a number on both sides are left out where numbers are compared."""
    if task == "classes":
        right = [is_same(one, two) for one, two in zip(predictions, actual, strict=True)]
        return LiveFigures(len(right), accuracy=sum(right) / len(right) if right else None)
    errors = _errors(predictions, actual)
    if not len(errors):
        return LiveFigures(0)
    return LiveFigures(len(errors), mae=float(np.abs(errors).mean()), rmse=float(np.sqrt(np.mean(errors**2))))


def is_same(one: Any, two: Any) -> bool:
    """Whether two values are the same class: as numbers where both are such, else as texts."""
    found, invalid = numbers_of([one, two])
    return bool(found[0] == found[1]) if not invalid and not np.isnan(found).any() else text_of(one) == text_of(two)


def is_beyond(task: Task, bound: float, predictions: Sequence[Any], actual: Sequence[Any]) -> bool | None:
    """Whether the accuracy is below a bound, or the mean absolute error above it, by more than chance; None with too few labels.

    Of accuracy by a binomial tail, of errors by the normal distribution of their mean: less than once in 1,000 times.
    """
    from scipy import special  # noqa: PLC0415  (a web process starts without it)

    if task == "classes":
        n = len(predictions)
        right = sum(is_same(one, two) for one, two in zip(predictions, actual, strict=True))
        return None if n < LEAST_LABELS else bool(right < bound * n and (bound >= 1 or special.bdtr(right, n, bound) < CHANCE))
    errors = np.abs(_errors(predictions, actual))
    if len(errors) < LEAST_LABELS:
        return None
    spread = float(errors.std(ddof=1)) / np.sqrt(len(errors))
    above = float(errors.mean()) - bound
    return bool(above > 0 and (spread == 0 or above / spread > -special.ndtri(CHANCE)))


def _errors(predictions: Sequence[Any], actual: Sequence[Any]) -> Any:
    pairs = [(one, two) for one, two in zip(predictions, actual, strict=True) if _is_number(one) and _is_number(two)]
    found = np.array(pairs, dtype=np.float64).reshape(-1, 2)
    found = found[np.isfinite(found).all(axis=1)]
    return found[:, 0] - found[:, 1]


def _is_number(value: Any) -> bool:
    found, invalid = numbers_of([value])
    return not invalid and not np.isnan(found[0])
