"""Learners of classes with a threshold of their own: a number, or what it is to be best for, found in training on predictions of left-out rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import class_text
from pipelines.catalogue.ports import DECISION_THRESHOLD, USUAL_THRESHOLD, UntrainedModel
from pipelines.catalogue.reporting import log, progress
from pipelines.modelling.evaluation.thresholds import TITLES, Aim, Chosen, best_threshold

# Settings of a learner whose threshold is found in training, and of its model.
BEST_FOR, FOLDS, FALSE_POSITIVE, FALSE_NEGATIVE = "threshold_best_for", "threshold_folds", "false_positive_cost", "false_negative_cost"
FOUND = "threshold_found"
AT, BEST = ", threshold ", ", best threshold for "  # in the name of a learner, before the number or the figure
OWN = (DECISION_THRESHOLD, BEST_FOR, FOLDS, FALSE_POSITIVE, FALSE_NEGATIVE, FOUND)
SEED = 0
FEWEST = 2  # rows of a class, so that each training has one
Chances = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, Any]]  # (places to train on, places to predict) -> probabilities, classes


def without_threshold(untrained: UntrainedModel, title: str) -> UntrainedModel:
    """Return a learner as a part of another one, which uses its probabilities only; says that its threshold is not used."""
    if not has_threshold(untrained):
        return untrained
    log(f"{title} uses the probabilities of {untrained.name}, and not its threshold: put Set Threshold after it.", "warning")
    return plain(untrained)


def has_threshold(untrained: UntrainedModel) -> bool:
    """Return whether a learner has a threshold of its own."""
    return bool({DECISION_THRESHOLD, BEST_FOR} & set(untrained.settings))


def plain(untrained: UntrainedModel) -> UntrainedModel:
    """Return a learner without its threshold, also in its name."""
    settings = {name: value for name, value in untrained.settings.items() if name not in OWN}
    return replace(untrained, name=untrained.name.partition(AT)[0].partition(BEST)[0], settings=settings)


def aim_in(settings: Mapping[str, Any]) -> Aim | None:
    """Return what the threshold of a learner is to be best for; None where it is not found in training."""
    if BEST_FOR not in settings:
        return None
    metric = next(key for key, title in TITLES.items() if title == settings[BEST_FOR])
    return Aim(metric, settings.get(FALSE_POSITIVE, 1.0), settings.get(FALSE_NEGATIVE, 1.0))


def model_settings(
    settings: Mapping[str, Any], y: np.ndarray, weights: np.ndarray | None, classes: tuple[str, ...] | None, chances: Chances
) -> dict[str, Any]:
    """Return the settings of a model: those of its learner, with the threshold where it is found in training.

    Args:
        settings: The settings of the learner.
        y: The label's values.
        weights: The weights of the rows, or None.
        classes: The classes, the positive one last of two.
        chances: Trains the learner on some rows and returns the probabilities of others (rows x classes), with the classes.

    Raises:
        ModuleError: `threshold_needs_two_classes`, `few_of_class`.
    """
    aim = aim_in(settings)
    if aim is None and DECISION_THRESHOLD not in settings:
        return dict(settings)
    if classes is None or len(classes) != 2:
        raise ModuleError(
            "threshold_needs_two_classes",
            f"A threshold tells two classes apart; the label has {len(classes or ())}.",
            param="label",
            remedy="Remove Set Threshold, or keep the rows of two classes with Filter Rows.",
        )
    if aim is None:
        return dict(settings)
    found = _found(aim, int(settings[FOLDS]), y, weights, classes[1], chances)
    words = f"{aim.title} {found.value:.6g} on predictions of left-out rows, {found.usual:.6g} at {USUAL_THRESHOLD:g}"
    log(f"The threshold is {found.threshold:g}: {words}.")
    return {**settings, DECISION_THRESHOLD: found.threshold, FOUND: words}


def _found(aim: Aim, folds: int, y: np.ndarray, weights: np.ndarray | None, positive: str, chances: Chances) -> Chosen:
    """The threshold that is best on rows that are predicted by models of the others."""
    import polars as pl
    from sklearn.model_selection import StratifiedKFold

    rarest = int(np.unique(y, return_counts=True)[1].min())
    if rarest < FEWEST:
        raise ModuleError(
            "few_of_class",
            "One class has a single row, so no threshold can be found on rows that are left out.",
            port="table",
            remedy="Add rows of this class, or set the threshold by hand.",
        )
    cuts = list(StratifiedKFold(min(folds, rarest), shuffle=True, random_state=SEED).split(y, y))
    chance = np.zeros(len(y))
    for done, (some, others) in enumerate(cuts):
        progress(done, len(cuts) + 1, "folds")
        predicted, known = chances(some, others)
        chance[others] = predicted[:, class_text(pl.Series(known)).to_list().index(positive)]
    truth = (class_text(pl.Series(y)) == positive).to_numpy().astype(int)
    return best_threshold(truth, chance, weights, aim)
