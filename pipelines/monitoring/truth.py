"""Figures of predictions whose truth is known, by what is predicted, and whether they are beyond a bound."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np

from pipelines.modelling.evaluation.confusion import Confusion
from pipelines.modelling.evaluation.intervals import placements
from pipelines.monitoring.drift import CHANCE
from pipelines.monitoring.tally import Numbers, finite_or_none, numbers_of
from pipelines.monitoring.target import FIGURES, Classes, Target, predicted

LEAST_LABELS = 100  # below which nothing is judged
LEAST_CHANCE = float(np.finfo(np.float64).eps)  # log loss counts less as this, as Evaluate Model does
Answers = Sequence[Any]
Values = Sequence[Any]


class LiveFigures(msgspec.Struct, frozen=True):
    """Figures of some answers by key, those of `FIGURES`; None for one that these answers do not have.

    `labels` is how many answers were compared: of numbers only those that are numbers on both sides.
    """

    labels: int
    values: dict[str, float | None]


class Quality(msgspec.Struct, frozen=True):
    """What a version predicts, and the figures of its run on the rows that it scored and that have a label; None without such rows."""

    target: Target
    run: LiveFigures | None = None


def live_figures(target: Target, answers: Answers, actual: Values) -> LiveFigures:
    """Compare answers with what was true.

    Probabilities are compared where an answer has them. AUC needs both classes. R² needs truth that varies.
    Bias is the mean of prediction − truth.
    """
    if target.kind == "numbers":
        found, errors = numbers(answers, actual)
        values = _of_numbers(found, errors)
        labels = len(errors)
    else:
        guess, truth = classes(target, answers, actual)
        labels, values = len(truth), {}
        if labels:
            values = _of_classes(target, guess, truth) | _of_chances(target, answers, actual)
    return LiveFigures(labels, {figure.key: values.get(figure.key) for figure in FIGURES[target.kind]})


def classes(target: Target, answers: Answers, actual: Values) -> tuple[list[str], list[str]]:
    """The predicted and the true classes, as text. An answer without a prediction is left out."""
    pairs = [(guess, truth) for answer, truth in zip(answers, actual, strict=True) if (guess := predicted(answer)) is not None]
    known = Classes(target.classes or (Classes(())(guess) for guess, _ in pairs))
    return [known(guess) for guess, _ in pairs], [known(truth) for _, truth in pairs]


def numbers(answers: Answers, actual: Values) -> tuple[Numbers, Numbers]:
    """The true numbers and the errors, prediction − truth. Answers without a number on both sides are left out."""
    pairs = [
        (guess, truth)
        for answer, truth in zip(answers, actual, strict=True)
        if _is_number(guess := predicted(answer)) and _is_number(truth)
    ]
    found = np.array(pairs, dtype=np.float64).reshape(-1, 2)
    found = found[np.isfinite(found).all(axis=1)]
    return found[:, 1], found[:, 0] - found[:, 1]


def is_beyond(target: Target, bound: float, answers: Answers, actual: Values) -> bool | None:
    """Whether the accuracy is below a bound, or the mean absolute error above it, by more than chance; None with too few labels.

    Of accuracy by a binomial tail, of errors by the normal distribution of their mean: less than once in 1,000 times.
    """
    from scipy import special  # noqa: PLC0415  (a web process starts without it)

    if target.kind != "numbers":
        guess, truth = classes(target, answers, actual)
        n, right = len(truth), sum(one == two for one, two in zip(guess, truth, strict=True))
        return None if n < LEAST_LABELS else bool(right < bound * n and (bound >= 1 or special.bdtr(right, n, bound) < CHANCE))
    errors = np.abs(numbers(answers, actual)[1])
    if len(errors) < LEAST_LABELS:
        return None
    spread = float(errors.std(ddof=1)) / np.sqrt(len(errors))
    above = float(errors.mean()) - bound
    return bool(above > 0 and (spread == 0 or above / spread > -special.ndtri(CHANCE)))


def unknown_classes(target: Target, actual: Values) -> list[str]:
    """What was true and is none of the classes that the run knew, each once. Empty where they are not known."""
    known = Classes(target.classes)
    found = dict.fromkeys(known(value) for value in actual) if target.classes else {}
    return [name for name in found if not known.knows(name)]


def _of_numbers(truth: Numbers, errors: Numbers) -> dict[str, float | None]:
    if not len(errors):
        return {}
    with np.errstate(over="ignore", invalid="ignore"):
        squared, spread = float(np.mean(errors**2)), float(np.mean((truth - truth.mean()) ** 2))
        found = {"mean_absolute_error": float(np.abs(errors).mean()), "root_mean_squared_error": squared**0.5, "bias": float(errors.mean())}
        r2 = 1 - squared / spread if spread > 0 else None
    return {key: finite_or_none(value) for key, value in found.items()} | {"r2": None if r2 is None else finite_or_none(r2)}


def _of_classes(target: Target, guess: Sequence[str], truth: Sequence[str]) -> dict[str, float | None]:
    names = {name: place for place, name in enumerate(dict.fromkeys((*truth, *guess)))}
    of_truth, of_guess = (np.array([names[name] for name in side]) for side in (truth, guess))
    found = Confusion.of(of_truth, of_guess, np.ones(len(truth)), len(names))
    values = dict(found.figures)
    if target.kind == "two_class":
        place = names.get(target.positive)
        values |= {key: 0.0 if place is None else float(of[place]) for key, of in found.by_class.items()}
    return values


def _of_chances(target: Target, answers: Answers, actual: Values) -> dict[str, float | None]:
    """Log loss, and of two classes the area under the ROC curve (Mann and Whitney 1947), of the answers that have all probabilities."""
    if not target.chances:
        return {}
    columns = [[answer.get(column) if isinstance(answer, dict) else None for answer in answers] for column in target.chances.values()]
    found = [numbers_of(values) for values in columns]
    if any(invalid for _, invalid in found):
        return {}
    chances = np.column_stack([values for values, _ in found])
    kept = ((chances >= 0) & (chances <= 1)).all(axis=1)
    known, names = Classes((*target.classes, *target.chances)), list(target.chances)
    truth, chances = np.array([known(value) for value in actual], dtype=object)[kept], chances[kept]
    if not len(truth):
        return {}
    own = np.column_stack([truth == name for name in names])
    if target.kind == "two_class":
        positive, chance = own[:, 0], chances[:, 0]
        return {"log_loss": _log_loss(np.where(positive, chance, 1 - chance)), "auc": _area(chance[positive], chance[~positive])}
    return {"log_loss": _log_loss(np.where(own, chances, 0).sum(axis=1))}


def _log_loss(of_truth: Numbers) -> float:
    return float(-np.log(np.clip(of_truth, LEAST_CHANCE, 1)).mean())


def _area(positive: Numbers, negative: Numbers) -> float | None:
    return float(placements(positive, negative, np.ones(len(negative))).mean()) if len(positive) and len(negative) else None


def _is_number(value: Any) -> bool:
    if type(value) in (int, float):
        return True
    found, invalid = numbers_of([value])
    return not invalid and not np.isnan(found[0])
