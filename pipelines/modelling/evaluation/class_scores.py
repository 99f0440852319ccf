"""How good the probabilities of several classes are, of one model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np

from pipelines.modelling.evaluation import intervals
from pipelines.modelling.evaluation.charts import Sure
from pipelines.modelling.evaluation.confusion import Confusion
from pipelines.modelling.evaluation.scored import Scored
from pipelines.modelling.evaluation.two_class_scores import auc
from pipelines.modelling.task import Metric

TOPS = (2, 3)
BELOW_ZERO = ("kappa", "mcc", "norm_macro_recall")  # figures that are negative for what is worse than a guess


@dataclass(frozen=True)
class ClassScores:
    """Truth and probabilities of one model, as `MultiClass.read` returns them. The most likely class is predicted, of equally likely ones the first."""

    scored: Scored

    @cached_property
    def guess(self) -> np.ndarray:
        """The place of each predicted class."""
        found: np.ndarray = self.scored.score.argmax(axis=1)
        return found

    @cached_property
    def confusion(self) -> Confusion:
        """Actual by predicted classes."""
        return Confusion.of(self.scored.truth, self.guess, self.scored.weights, len(self.scored.classes))

    @cached_property
    def losses(self) -> np.ndarray:
        """The log loss of each row."""
        found: np.ndarray = -np.log(np.clip(self._chance, np.finfo(float).eps, None))
        return found

    @cached_property
    def rank(self) -> np.ndarray:
        """How many classes come before the true one."""
        truth, score, places = self.scored.truth, self.scored.score, np.arange(len(self.scored.classes))
        chance = self._chance[:, None]
        found: np.ndarray = ((score > chance) | ((score == chance) & (places < truth[:, None]))).sum(axis=1)
        return found

    @cached_property
    def figures(self) -> dict[str, float | None]:
        """The figures by key."""
        return {**self.confusion.figures, **{key: of(self) for key, of in OF_PROBABILITIES.items()}}

    def figure(self, key: str) -> float | None:
        """Return one of the figures without those of other kinds."""
        return OF_PROBABILITIES[key](self) if key in OF_PROBABILITIES else self.confusion.figures[key]

    def top(self, most: int) -> float | None:
        """Return the share of rows whose class is among the most likely ones; None if there are no more classes than those."""
        return float(np.average(self.rank < most, weights=self.scored.weight)) if len(self.scored.classes) > most else None

    @property
    def influences(self) -> Mapping[str, np.ndarray]:
        """How much each row moves the figures."""
        tops = {f"top_{most}_accuracy": (self.rank < most).astype(float) for most in TOPS}
        own = {"accuracy": (self.rank < 1).astype(float), "log_loss": self.losses, **self._area_moved}
        return {**self.confusion.influences(self.scored.truth, self.guess), **tops, **own}

    def intervals(self, metrics: Sequence[Metric]) -> Sequence[Sure]:
        """Return the figures that are shown with their intervals."""
        weight, found = self.scored.weights, self.figures
        sure = {f"top_{most}_accuracy": intervals.wilson(self.rank < most, weight) for most in TOPS}
        sure |= {
            "accuracy": intervals.wilson(self.rank < 1, weight),
            "log_loss": intervals.around(found["log_loss"] or 0.0, self.losses, weight, low=0),
        }
        for key, influence in {**self.confusion.influences(self.scored.truth, self.guess), **self._area_moved}.items():
            sure[key] = intervals.around(found[key] or 0.0, influence, weight, low=-1 if key in BELOW_ZERO else 0, high=1)
        name, known = self.scored.name, [(key, title) for key, title, _ in metrics]
        rows: list[Sure] = [(name, "Rows", len(weight), None)]
        return rows + [(name, title, found[key], None if found[key] is None else sure.get(key)) for key, title in known]

    def by_class(self) -> list[list[Any]]:
        """Return name, class, how much is of it and taken for it, precision, recall, F1 and area of each class."""
        found = self.confusion
        columns = (found.actual, found.predicted, *found.by_class.values())
        return [
            [self.scored.name, name, *(float(each[at]) for each in columns), self.areas[at]] for at, name in enumerate(self.scored.classes)
        ]

    @cached_property
    def _chance(self) -> np.ndarray:
        """The probability of the true class of each row."""
        found: np.ndarray = self.scored.score[np.arange(len(self.scored.truth)), self.scored.truth]
        return found

    @cached_property
    def areas(self) -> Sequence[float | None]:
        """The area under the ROC curve of each class against all others; None for a class of no row or of all."""
        truth, score, weight = self.scored.truth, self.scored.score, self.scored.weight
        return [auc(truth == place, chance, weight) for place, chance in enumerate(score.T)]

    @property
    def auc_macro(self) -> float | None:
        """The mean of the areas."""
        known = [area for area in self.areas if area is not None]
        return float(np.mean(known)) if known else None

    @property
    def auc_weighted(self) -> float | None:
        """The mean of the areas, each weighted by how much is of its class."""
        known = [(area, size) for area, size in zip(self.areas, self.confusion.actual, strict=True) if area is not None]
        return float(np.average([area for area, _ in known], weights=[size for _, size in known])) if known else None

    @property
    def auc_one_vs_one(self) -> float | None:
        """The mean over all pairs of classes of how often a row is likelier to be of its class than one of the other class (Hand and Till 2001)."""
        truth, weight, size = self.scored.truth, self.scored.weights, len(self.scored.classes)
        occurs = [place for place in range(size) if self.confusion.actual[place] > 0]
        pairs = np.zeros((size, size))
        for place in occurs if len(occurs) > 1 else ():
            own, chance = truth == place, self.scored.score[:, place]
            above = 1 - intervals.placements(chance[~own], chance[own], weight[own])
            pairs[place] = np.bincount(truth[~own], above * weight[~own], size)
        shares = pairs[:, occurs] / self.confusion.actual[occurs]
        return float(shares.sum() / (len(occurs) * (len(occurs) - 1))) if len(occurs) > 1 else None

    @cached_property
    def _area_moved(self) -> Mapping[str, np.ndarray]:
        """How much each row moves the means of the areas."""
        truth, weight = self.scored.truth, self.scored.weights
        moved, total = {"auc_macro": np.zeros(len(truth)), "auc_weighted": np.zeros(len(truth))}, weight.sum()
        for place, (area, chance) in enumerate(zip(self.areas, self.scored.score.T, strict=True)):
            if area is None:
                continue
            own = truth == place
            mine, others = weight[own].sum() / total, weight[~own].sum() / total
            above = np.empty(len(truth))
            above[own] = intervals.placements(chance[own], chance[~own], weight[~own])
            above[~own] = 1 - intervals.placements(chance[~own], chance[own], weight[own])
            by_class = (above - area) / np.where(own, mine, others)
            moved["auc_macro"] += by_class / max(1, sum(each is not None for each in self.areas))
            moved["auc_weighted"] += by_class * mine + own * area
        return moved


OF_PROBABILITIES: Mapping[str, Callable[[ClassScores], float | None]] = {
    **{f"top_{most}_accuracy": partial(ClassScores.top, most=most) for most in TOPS},
    "log_loss": lambda found: float(np.average(found.losses, weights=found.scored.weight)),
    "auc_macro": lambda found: found.auc_macro,
    "auc_weighted": lambda found: found.auc_weighted,
    "auc_one_vs_one": lambda found: found.auc_one_vs_one,
}
