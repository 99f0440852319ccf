"""Figures of predicted classes from their confusion matrix, and how much each kind of row moves them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from pipelines.modelling.evaluation.charts import chart

MOST_DRAWN = 20
MOST_LISTED = 500


@dataclass(frozen=True)
class Confusion:
    """How much weight is of each actual class (row) and of each predicted class (column).

    Averages over classes are over those that occur, as an actual or as a predicted class; the balanced accuracy is over actual ones alone, and the
    normalised macro recall is that above the one of a guess, as a share of what is possible. A share of nothing is 0. Cohen's kappa (1960) and
    Matthews' correlation for any number of classes (Gorodkin 2004) compare with chance by the sums of rows and columns.
    """

    counts: np.ndarray

    @classmethod
    def of(cls, truth: np.ndarray, guess: np.ndarray, weight: np.ndarray, size: int) -> Confusion:
        """Count rows by their actual and their predicted class."""
        return cls(np.bincount(truth * size + guess, weight, size * size).reshape(size, size))

    @cached_property
    def actual(self) -> np.ndarray:
        """How much is of each class."""
        found: np.ndarray = self.counts.sum(axis=1)
        return found

    @cached_property
    def predicted(self) -> np.ndarray:
        """How much is taken for each class."""
        found: np.ndarray = self.counts.sum(axis=0)
        return found

    @cached_property
    def by_class(self) -> Mapping[str, np.ndarray]:
        """Precision, recall and F1 of each class."""
        right = self.counts.diagonal()
        return {
            "precision": _share(right, self.predicted),
            "recall": _share(right, self.actual),
            "f1": _share(2 * right, self.actual + self.predicted),
        }

    @cached_property
    def figures(self) -> Mapping[str, float | None]:
        """Accuracy, agreement beyond chance, and precision, recall and F1 averaged in three ways."""
        total, occurs = self.counts.sum(), self.actual + self.predicted > 0
        accuracy, chance = self.counts.diagonal().sum() / total, self.actual @ self.predicted / total**2
        off = np.sqrt((1 - (self.actual / total) @ (self.actual / total)) * (1 - (self.predicted / total) @ (self.predicted / total)))
        found = {
            "accuracy": float(accuracy),
            "kappa": float((accuracy - chance) / (1 - chance)) if chance < 1 else None,
            "mcc": float((accuracy - chance) / off) if off > 0 else 0.0,
        }
        known, classes = self.by_class["recall"][self.actual > 0], np.count_nonzero(self.actual)
        found["balanced_accuracy"] = float(known.mean())
        found["norm_macro_recall"] = float((known.mean() - 1 / classes) / (1 - 1 / classes)) if classes > 1 else None
        for name, values in self.by_class.items():
            found[f"{name}_macro"] = float(values[occurs].mean())
            found[f"{name}_micro"] = float(accuracy)
            found[f"{name}_weighted"] = float(values @ self.actual / total)
        return found

    def influences(self, truth: np.ndarray, guess: np.ndarray) -> Mapping[str, np.ndarray]:
        """Return how much each row moves the figures that are no share of rows: their derivatives by its cell (the delta method)."""
        total, classes = self.counts.sum(), max(1, int((self.actual + self.predicted > 0).sum()))
        rows, columns, right = self.actual / total, self.predicted / total, (truth == guess).astype(float)
        accuracy, chance = self.counts.diagonal().sum() / total, rows @ columns
        by_chance = columns[truth] + rows[guess]
        spread, spread_predicted = 1 - rows @ rows, 1 - columns @ columns
        off, f1, size = np.sqrt(max(spread * spread_predicted, 1e-300)), self.by_class["f1"], np.maximum(rows + columns, 1e-300)
        both = right - by_chance, rows[truth] / max(spread, 1e-300) + columns[guess] / max(spread_predicted, 1e-300)
        precision, recall = self.by_class["precision"], self.by_class["recall"]
        occurring = max(1, int(np.count_nonzero(self.actual)))
        balanced = (right - recall[truth]) / np.maximum(rows[truth], 1e-300) / occurring
        by_size = (2 * right - f1[truth]) * rows[truth] / size[truth] - f1[guess] * rows[guess] / size[guess]
        return {
            "balanced_accuracy": balanced,
            "norm_macro_recall": balanced / max(1 - 1 / occurring, 0.5),
            "f1_micro": right,
            "f1_weighted": by_size + f1[truth],
            "kappa": (right * (1 - chance) - (1 - accuracy) * by_chance) / max(1 - chance, 1e-100) ** 2,
            "mcc": both[0] / off + (accuracy - chance) / off * both[1],
            "precision_macro": (right - precision[guess]) / np.maximum(columns[guess], 1e-300) / classes,
            "recall_macro": (right - recall[truth]) / np.maximum(rows[truth], 1e-300) / classes,
            "f1_macro": (2 * right / size[truth] - f1[truth] / size[truth] - f1[guess] / size[guess]) / classes,
        }


def confusion_chart(name: str, found: Confusion, classes: Sequence[str], amount: str) -> Mapping[str, Any]:
    """A cell for each actual and predicted class, with its count; of many classes those with most rows."""
    some = np.sort(np.argsort(-found.actual, kind="stable")[:MOST_DRAWN])
    shares = _share(found.counts, np.repeat(found.actual[:, None], len(found.actual), axis=1))
    cells = [
        {
            "actual": classes[row],
            "predicted": classes[column],
            "count": _plain(found.counts[row, column]),
            "share": round(float(shares[row, column]), 4),
        }
        for row in some.tolist()
        for column in some.tolist()
    ]
    axes = {
        axis: {"field": field, "type": "nominal", "title": title, "sort": [classes[place] for place in some.tolist()]}
        for axis, field, title in (("y", "actual", "Actual"), ("x", "predicted", "Predicted"))
    }
    # The share is the strength of one colour, so that the counts can be read on it.
    strength = {"field": "share", "type": "quantitative", "scale": {"domain": [0, 1], "range": [0.04, 0.6]}, "legend": None}
    tips = [{"field": field, "title": title} for field, title in (("actual", "Actual"), ("predicted", "Predicted"), ("count", amount))]
    spec = {
        "data": {"values": cells},
        "encoding": axes,
        "layer": [
            {
                "mark": {"type": "rect", "tooltip": True},
                "encoding": {"opacity": strength, "tooltip": [*tips, {"field": "share", "title": "Share of the actual class"}]},
            },
            {"mark": {"type": "text", "tooltip": False}, "encoding": {"text": {"field": "count", "type": "quantitative"}}},
        ],
    }
    cut = f" The {MOST_DRAWN} classes with most rows of {len(classes)}." if len(classes) > MOST_DRAWN else ""
    words = f"{amount} by actual and predicted class; the stronger the colour, the larger the share of the actual class.{cut}"
    return chart(f"Confusion matrix of {name}", "confusion", words, spec)


def confusions(name: str, found: Confusion, classes: Sequence[str]) -> list[list[Any]]:
    """The pairs of classes that are taken for each other, the most frequent first."""
    wrong = found.counts - np.diag(found.counts.diagonal())
    order = np.argsort(-wrong, axis=None, kind="stable")[:MOST_LISTED]
    pairs = [(place // len(classes), place % len(classes)) for place in order.tolist()]
    return [
        [name, classes[row], classes[column], _plain(wrong[row, column]), float(wrong[row, column] / found.actual[row])]
        for row, column in pairs
        if wrong[row, column] > 0
    ]


def _share(some: np.ndarray, whole: np.ndarray) -> np.ndarray:
    shares: np.ndarray = np.divide(some, whole, out=np.zeros_like(some, dtype=float), where=whole > 0)
    return shares


def _plain(count: float) -> float | int:
    return int(count) if float(count).is_integer() else round(float(count), 6)
