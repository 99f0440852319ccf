"""The report on predictions of two classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pipelines.catalogue.ports import Report
from pipelines.modelling.evaluation import intervals
from pipelines.modelling.evaluation.charts import figures
from pipelines.modelling.evaluation.curves import calibration, calibration_bins, lift, precision_recall, roc
from pipelines.modelling.evaluation.scored import Scored

COLUMNS = (
    ("auc", "AUC", "high"),
    ("average_precision", "Average precision", "high"),
    ("log_loss", "Log loss", "low"),
    ("brier", "Brier score", "low"),
    ("mcc", "MCC at 0.5", "high"),
)
THRESHOLDS = np.arange(201) / 200


def two_class_report(read: Sequence[Scored]) -> Report:
    """Figures, how sure they are, the threshold to move, and four curves."""
    metrics: list[dict[str, Any]] = [{"name": one.name, "metrics": two_class_metrics(one.truth, one.score, one.weight)} for one in read]
    weighed = ", rows weighed" if any(one.weight is not None for one in read) else ""
    positive = " and ".join(dict.fromkeys(f"'{one.positive}'" for one in read))
    threshold = {
        "type": "threshold",
        "title": f"At a threshold (positive class {positive}{weighed})",
        "models": [_counts(one, metric["metrics"]) for one, metric in zip(read, metrics, strict=True)],
    }
    return Report(
        "Evaluation",
        [
            figures(f"Figures (positive class {positive}{weighed})", COLUMNS, metrics),
            _sureness(read, metrics),
            threshold,
            roc(read),
            precision_recall(read),
            lift(read),
            calibration(read),
            calibration_bins(read),
        ],
        metrics,
    )


def two_class_metrics(truth: np.ndarray, chance: np.ndarray, weight: np.ndarray | None = None) -> dict[str, float | int | None]:
    """The figures; a row counts as positive from a chance of 0.5 on. What needs both classes is None where only one occurs."""
    from sklearn.metrics import average_precision_score, log_loss, roc_auc_score

    sizes = np.ones(len(truth), dtype=int) if weight is None else weight
    guess = chance >= 0.5
    tp, fp = sizes[guess & (truth == 1)].sum().item(), sizes[guess & (truth == 0)].sum().item()
    fn, tn = sizes[~guess & (truth == 1)].sum().item(), sizes[~guess & (truth == 0)].sum().item()
    both = tp + fn > 0 and fp + tn > 0
    off = float(tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)
    return {
        "accuracy": (tp + tn) / (tp + fp + fn + tn),
        "precision": tp / (tp + fp) if tp + fp else 0.0,
        "recall": tp / (tp + fn) if tp + fn else 0.0,
        "f1": 2 * tp / (2 * tp + fp + fn) if tp + fp + fn else 0.0,
        "mcc": float((tp * tn - fp * fn) / off**0.5) if off else 0.0,
        "auc": float(roc_auc_score(truth, chance, sample_weight=weight)) if both else None,
        "average_precision": float(average_precision_score(truth, chance, sample_weight=weight)) if both else None,
        "log_loss": float(log_loss(truth, chance, labels=[0, 1], sample_weight=weight)),
        "brier": float(np.average((truth - chance) ** 2, weights=weight)),
        "true_positive": tp,
        "false_positive": fp,
        "true_negative": tn,
        "false_negative": fn,
    }


def _sureness(read: Sequence[Scored], metrics: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    rows: list[tuple[str, str, float | None, intervals.Interval]] = []
    for one, found in ((one, metric["metrics"]) for one, metric in zip(read, metrics, strict=True)):
        truth, chance, weight, guess = one.truth, one.score, one.weights, one.score >= 0.5
        of_truth = np.clip(np.where(truth == 1, chance, 1 - chance), np.finfo(float).eps, None)
        sure = None if found["auc"] is None else intervals.area(found["auc"], truth, chance, weight)
        rows += [
            (one.name, "Rows", len(truth), None),
            (one.name, "AUC", found["auc"], sure),
            (one.name, "Log loss", found["log_loss"], intervals.around(found["log_loss"], -np.log(of_truth), weight, low=0)),
            (one.name, "Brier score", found["brier"], intervals.around(found["brier"], (truth - chance) ** 2, weight, low=0, high=1)),
            (one.name, "Accuracy at 0.5", found["accuracy"], intervals.wilson(guess == truth, weight)),
            (one.name, "Precision at 0.5", found["precision"], intervals.wilson(truth[guess], weight[guess])),
            (one.name, "Recall at 0.5", found["recall"], intervals.wilson(guess[truth == 1], weight[truth == 1])),
        ]
    return intervals.table(rows, "AUC by DeLong, shares by Wilson, others by the normal approximation")


def _counts(one: Scored, metrics: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of how many rows, or how much weight, each threshold is right and wrong: a row is positive from the threshold on."""
    fn, positives = _below(one, 1)
    tn, negatives = _below(one, 0)
    return {
        "name": one.name,
        "positive": one.positive,
        "negative": one.negative,
        "auc": metrics["auc"],
        "thresholds": THRESHOLDS.tolist(),
        "tp": (positives - fn).tolist(),
        "fp": (negatives - tn).tolist(),
        "tn": tn.tolist(),
        "fn": fn.tolist(),
    }


def _below(one: Scored, truth: int) -> tuple[np.ndarray, Any]:
    """How much of a class each threshold is above, and how much there is."""
    score = one.score[one.truth == truth]
    order = np.argsort(score, kind="stable")
    sizes = np.ones(len(score), dtype=int) if one.weight is None else one.weight[one.truth == truth][order]
    sums = np.concatenate([np.zeros(1, dtype=sizes.dtype), np.cumsum(sizes)])
    return sums[np.searchsorted(score[order], THRESHOLDS, "left")], sums[-1]
