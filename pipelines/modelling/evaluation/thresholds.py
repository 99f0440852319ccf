"""The threshold from which on the positive of two classes is predicted: the one that is best for a figure, and the one that predictions were made with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pipelines.catalogue.phrases import class_text
from pipelines.catalogue.ports import USUAL_THRESHOLD
from pipelines.modelling.evaluation.scored import ScoredRows
from pipelines.modelling.evaluation.two_class_scores import AT_THRESHOLD, Cells
from pipelines.modelling.features import LABELS

TITLES: Mapping[str, str] = {
    "f1": "F1",
    "balanced_accuracy": "Balanced accuracy",
    "mcc": "MCC",
    "accuracy": "Accuracy",
    "cost": "Cost per row",
}
CLOSE = 1e-6  # scores that differ by a smaller share are not told apart: rounding, as to 32 bits, would decide
EQUAL = 1e-12


@dataclass(frozen=True)
class Aim:
    """What a threshold is to be best for: a key of TITLES; and what a row costs that is wrongly positive or wrongly negative."""

    metric: str
    false_positive: float = 1.0
    false_negative: float = 1.0

    @property
    def title(self) -> str:
        """Return its name for people."""
        costs = f" (false positive {self.false_positive:g}, false negative {self.false_negative:g})" if self.metric == "cost" else ""
        return TITLES[self.metric] + costs

    @property
    def exact(self) -> float:
        """Return the best threshold of probabilities that are exact, as far as it is known without rows."""
        both = self.false_positive + self.false_negative
        return self.false_positive / both if self.metric == "cost" and both else USUAL_THRESHOLD

    def gain(self, tp: np.ndarray, fp: np.ndarray, positives: float, negatives: float) -> np.ndarray:
        """Return the figure, of costs their negative, for weights of true and false positives of some thresholds."""
        fn, tn = positives - tp, negatives - fp
        if self.metric == "cost":
            return -(self.false_positive * fp + self.false_negative * fn) / (positives + negatives)
        found: np.ndarray = AT_THRESHOLD[self.metric](Cells(tp, fp, fn, tn))
        return found


@dataclass(frozen=True)
class Chosen:
    """A threshold, the figure at it, and the figure at 0.5."""

    threshold: float
    value: float
    usual: float


def best_threshold(truth: np.ndarray, chance: np.ndarray, weight: np.ndarray | None, aim: Aim) -> Chosen:
    """Return the threshold that is best for a figure: one sort and sums over all cuts between two scores.

    Among equals it is the cut closest to 0.5, of costs to their exact threshold. It is a number of few digits well inside the cut, so that scores that
    are rounded are on the same side.

    Args:
        truth: 1 for a positive row, else 0.
        chance: The probability of the positive class.
        weight: The weight of each row, or None.
        aim: The figure.
    """
    order = np.argsort(-chance, kind="stable")
    score, own = chance[order], truth[order] == 1
    sizes = np.ones(len(score)) if weight is None else weight[order].astype(float)
    tp, fp = np.cumsum(np.where(own, sizes, 0.0)), np.cumsum(np.where(own, 0.0, sizes))
    positives, negatives = float(tp[-1]), float(fp[-1])
    cuts = np.flatnonzero(np.append(score[:-1] - score[1:] > CLOSE * score[:-1], True))  # the last row that is positive
    high, low = score[cuts], np.append(score[cuts[:-1] + 1], 0.0)
    tp, fp = tp[cuts], fp[cuts]
    if 1.0 - score[0] > CLOSE:  # no row is positive
        high, low, tp, fp = np.append(1.0, high), np.append(score[0], low), np.append(0.0, tp), np.append(0.0, fp)
    gain = aim.gain(tp, fp, positives, negatives)
    best = np.flatnonzero(gain >= gain.max() - EQUAL * max(1.0, abs(float(gain.max()))))
    off = np.maximum(low[best] - aim.exact, 0) + np.maximum(aim.exact - high[best], 0)
    place = best[np.argmin(off)]
    at_usual = chance >= USUAL_THRESHOLD
    weights = np.ones(len(truth)) if weight is None else weight
    usual = aim.gain(
        np.array([weights[at_usual & (truth == 1)].sum()]), np.array([weights[at_usual & (truth != 1)].sum()]), positives, negatives
    )
    sign = -1.0 if aim.metric == "cost" else 1.0
    threshold = between(float(low[place]), float(high[place]), aim.exact)
    return Chosen(threshold, sign * float(gain[place]), sign * float(usual[0]))


def between(low: float, high: float, wanted: float = USUAL_THRESHOLD) -> float:
    """Return a number above `low` and not above `high`: the one that is wanted, or the shortest decimal number, within the middle half."""
    middle, quarter = (low + high) / 2, (high - low) / 4
    shorter = (round(middle, digits) for digits in range(1, 18))
    return next((found for found in (wanted, *shorter) if abs(found - middle) <= quarter), middle)


def decided(rows: ScoredRows, positive: str) -> tuple[float | None, np.ndarray | None]:
    """Return the threshold that rows were labelled with. Where no single one is known, as for groups with models of their own: None, and which are positive."""
    at = USUAL_THRESHOLD if rows.role.threshold is None else rows.role.threshold
    if not rows.role.model or LABELS not in rows.together:
        return at, None
    labels = class_text(rows.frame[LABELS])
    guess = (labels == positive).to_numpy()
    if labels.null_count() or bool((guess == (rows.score >= at)).all()):
        return at, None
    return None, guess
