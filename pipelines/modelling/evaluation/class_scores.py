"""How good the probabilities of several classes are, of one model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from pipelines.modelling.evaluation import intervals
from pipelines.modelling.evaluation.charts import Sure
from pipelines.modelling.evaluation.confusion import Confusion
from pipelines.modelling.evaluation.scored import Scored
from pipelines.modelling.task import Metric

TOPS = (2, 3)


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
        areas, weight, classes = [area for area in self._areas[0] if area is not None], self.scored.weight, len(self.scored.classes)
        tops = {f"top_{most}_accuracy": float(np.average(self.rank < most, weights=weight)) if classes > most else None for most in TOPS}
        loss = float(np.average(self.losses, weights=weight))
        return {**self.confusion.figures, **tops, "log_loss": loss, "auc_macro": float(np.mean(areas)) if areas else None}

    @property
    def influences(self) -> Mapping[str, np.ndarray]:
        """How much each row moves the figures."""
        tops = {f"top_{most}_accuracy": (self.rank < most).astype(float) for most in TOPS}
        own = {"accuracy": (self.rank < 1).astype(float), "log_loss": self.losses, "auc_macro": self._areas[1]}
        return {**self.confusion.influences(self.scored.truth, self.guess), **tops, **own}

    def intervals(self, metrics: Sequence[Metric]) -> Sequence[Sure]:
        """Return the figures that are shown with their intervals."""
        weight, found = self.scored.weights, self.figures
        sure = {f"top_{most}_accuracy": intervals.wilson(self.rank < most, weight) for most in TOPS}
        sure |= {
            "accuracy": intervals.wilson(self.rank < 1, weight),
            "log_loss": intervals.around(found["log_loss"] or 0.0, self.losses, weight, low=0),
        }
        for key, influence in {**self.confusion.influences(self.scored.truth, self.guess), "auc_macro": self._areas[1]}.items():
            sure[key] = intervals.around(found[key] or 0.0, influence, weight, low=-1 if key in ("kappa", "mcc") else 0, high=1)
        name, known = self.scored.name, [(key, title) for key, title, _ in metrics]
        rows: list[Sure] = [(name, "Rows", len(weight), None)]
        return rows + [(name, title, found[key], None if found[key] is None else sure[key]) for key, title in known]

    def by_class(self) -> list[list[Any]]:
        """Return name, class, how much is of it and taken for it, precision, recall, F1 and area of each class."""
        found = self.confusion
        columns = (found.actual, found.predicted, *found.by_class.values())
        areas = self._areas[0]
        return [[self.scored.name, name, *(float(each[at]) for each in columns), areas[at]] for at, name in enumerate(self.scored.classes)]

    @cached_property
    def _chance(self) -> np.ndarray:
        """The probability of the true class of each row."""
        found: np.ndarray = self.scored.score[np.arange(len(self.scored.truth)), self.scored.truth]
        return found

    @cached_property
    def _areas(self) -> tuple[Sequence[float | None], np.ndarray]:
        """The area under the ROC curve of each class against all others, None for a class of no row or of all; and how much each row moves their mean."""
        truth, weight = self.scored.truth, self.scored.weights
        areas: list[float | None] = []
        sum_moved, total = np.zeros(len(truth)), weight.sum()
        for place, chance in enumerate(self.scored.score.T):
            own = truth == place
            mine, others = weight[own].sum() / total, weight[~own].sum() / total
            if not (mine > 0 and others > 0):
                areas.append(None)
                continue
            above = np.empty(len(truth))
            above[own] = intervals.placements(chance[own], chance[~own], weight[~own])
            above[~own] = 1 - intervals.placements(chance[~own], chance[own], weight[own])
            area = float(np.average(above[own], weights=weight[own]))
            areas.append(area)
            sum_moved += (above - area) / np.where(own, mine, others)
        return areas, sum_moved / max(1, sum(area is not None for area in areas))
