"""The report on predictions of two classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pipelines.catalogue.ports import Report
from pipelines.modules.evaluation._charts import figures
from pipelines.modules.evaluation._curves import calibration, lift, precision_recall, roc
from pipelines.modules.evaluation._scored import Scored

COLUMNS = (
    ("accuracy", "Accuracy", "high"),
    ("precision", "Precision", "high"),
    ("recall", "Recall", "high"),
    ("f1", "F1", "high"),
    ("auc", "AUC", "high"),
    ("log_loss", "Log loss", "low"),
)
THRESHOLDS = np.arange(201) / 200


def two_class_report(read: Sequence[Scored]) -> Report:
    """Figures at 0.5, the threshold to move, and four curves."""
    metrics: list[dict[str, Any]] = [{"name": one.name, "metrics": two_class_metrics(one.truth, one.score)} for one in read]
    threshold = {
        "type": "threshold",
        "title": "Threshold",
        "models": [_counts(one, metric["metrics"]) for one, metric in zip(read, metrics, strict=True)],
    }
    return Report(
        "Evaluation",
        [
            figures("Figures at threshold 0.5", COLUMNS, metrics),
            threshold,
            roc(read),
            precision_recall(read),
            lift(read),
            calibration(read),
        ],
        metrics,
    )


def two_class_metrics(truth: np.ndarray, chance: np.ndarray) -> dict[str, float | int | None]:
    """The figures; a row counts as positive from a chance of 0.5 on. AUC is None where only one class occurs."""
    from sklearn.metrics import log_loss, roc_auc_score

    guess = chance >= 0.5
    tp, fp = int((guess & (truth == 1)).sum()), int((guess & (truth == 0)).sum())
    fn, tn = int((~guess & (truth == 1)).sum()), int((~guess & (truth == 0)).sum())
    both = bool((truth != truth[0]).any())
    return {
        "accuracy": (tp + tn) / len(truth),
        "precision": tp / (tp + fp) if tp + fp else 0.0,
        "recall": tp / (tp + fn) if tp + fn else 0.0,
        "f1": 2 * tp / (2 * tp + fp + fn) if tp + fp + fn else 0.0,
        "auc": float(roc_auc_score(truth, chance)) if both else None,
        "log_loss": float(log_loss(truth, chance, labels=[0, 1])),
        "true_positive": tp,
        "false_positive": fp,
        "true_negative": tn,
        "false_negative": fn,
    }


def _counts(one: Scored, metrics: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of how many rows each threshold is right and wrong: a row is positive from the threshold on."""
    positives, negatives = np.sort(one.score[one.truth == 1]), np.sort(one.score[one.truth == 0])
    fn, tn = np.searchsorted(positives, THRESHOLDS, "left"), np.searchsorted(negatives, THRESHOLDS, "left")
    return {
        "name": one.name,
        "positive": one.positive,
        "negative": one.negative,
        "auc": metrics["auc"],
        "thresholds": THRESHOLDS.tolist(),
        "tp": (len(positives) - fn).tolist(),
        "fp": (len(negatives) - tn).tolist(),
        "tn": tn.tolist(),
        "fn": fn.tolist(),
    }
