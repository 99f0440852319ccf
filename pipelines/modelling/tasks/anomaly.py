"""Anomaly detection: how unusual a row is, learned without a label; a label only judges it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import class_text, counted
from pipelines.catalogue.ports import Model, Report
from pipelines.catalogue.reporting import log
from pipelines.modelling.anomalies import ANOMALY, SCORE, anomaly_scores, threshold_in
from pipelines.modelling.clusters import encoded
from pipelines.modelling.evaluation import intervals
from pipelines.modelling.evaluation.anomaly_charts import counts, scores_chart
from pipelines.modelling.evaluation.charts import Sure, figures
from pipelines.modelling.evaluation.curves import lift, precision_recall, roc
from pipelines.modelling.evaluation.scored import Scored, ScoredRows
from pipelines.modelling.features import LABELS, present_values
from pipelines.modelling.task import Metric, Score


@dataclass(frozen=True)
class Detected(Scored):
    """Scores, and which rows count as anomalies. Without a label `truth` is empty; `judged` are the rows that have one."""

    flagged: np.ndarray | None = None
    judged: np.ndarray | None = None

    @property
    def labelled(self) -> Scored | None:
        """The rows that have a label; None without any."""
        if self.judged is None or not self.judged.any():
            return None
        weight = None if self.weight is None else self.weight[self.judged]
        return Scored(self.name, self.truth[self.judged], self.score[self.judged], self.positive, self.negative, weight)


class Anomaly:
    """The task of scoring how unusual a row is."""

    id = "anomaly"
    order = 4
    trainer = "Train Anomaly Detection Model"
    metrics: tuple[Metric, ...] = (
        Metric("auc", "AUC", "high"),
        Metric("average_precision", "Average precision", "high"),
        Metric("precision", "Precision", "high"),
        Metric("recall", "Recall", "high"),
        Metric("f1", "F1", "high"),
    )

    def suits(self, estimator: Any) -> bool:
        """Return whether an estimator detects outliers."""
        from sklearn.base import is_outlier_detector

        return bool(is_outlier_detector(estimator)) and hasattr(estimator, "decision_function")

    def accepts(self, classes: Sequence[str] | None) -> bool:
        """Return whether there are no classes."""
        return classes is None

    def classes(self, learner: Any, positive: str) -> None:
        """Return None: it learns no classes."""
        return None

    def facts(self, classes: Sequence[str]) -> Sequence[tuple[str, str]]:
        """Return nothing: there are no classes."""
        return []

    def score(self, model: Model, features: pl.DataFrame, label: pl.DataType | None, threshold: float) -> Sequence[Score]:
        """Return whether each row is an anomaly, by the model's own threshold, and its score."""
        learner, matrix = encoded(model.estimator, features)
        scores = anomaly_scores(learner, matrix, model.settings)
        return self._columns(model, pl.Series(scores > threshold_in(learner, model.settings)), pl.Series(scores))

    def score_columns(self, model: Model, label: pl.DataType | None) -> Sequence[Score]:
        """Return the columns of `score`, without values."""
        return self._columns(model, pl.Series(dtype=pl.Boolean), pl.Series(dtype=pl.Float64))

    def _columns(self, model: Model, labels: pl.Series, scores: pl.Series) -> Sequence[Score]:
        return [Score(LABELS, labels), Score(SCORE, scores, model.settings.get(ANOMALY) or None)]

    def claims(self, rows: ScoredRows) -> bool:
        """Return False: only Score Model says that a column holds scores of anomalies."""
        return False

    def read(self, rows: ScoredRows) -> Detected:
        """Return the score of each row, whether it counts as an anomaly, and whether the label says so.

        Raises:
            ModuleError: `no_anomaly_class`, when the label does not tell which rows are anomalies.
        """
        flags = rows.frame[LABELS] if LABELS in rows.together else None
        flagged = flags.to_numpy() if flags is not None and flags.dtype == pl.Boolean and not flags.null_count() else None
        if rows.label_column is None:
            return Detected(rows.name, np.zeros(0, dtype=np.int8), rows.score, weight=rows.weight, flagged=flagged)
        judged = present_values(rows.label)
        if lost := int((~judged).sum()):
            log(f"{counted(lost, 'row')} without a label {'does' if lost == 1 else 'do'} not count in the metrics of the label.", "warning")
        classes = class_text(rows.label)
        positive = rows.role.positive or _rarer(rows.label_column, classes.filter(judged))
        truth = (classes == positive).fill_null(False).cast(pl.Int8).to_numpy()
        return Detected(rows.name, truth, rows.score, positive, f"not {positive}", rows.weight, flagged=flagged, judged=judged.to_numpy())

    def metric_values(self, scored: Scored) -> dict[str, float | int | None]:
        """Return the figures of the rows with a label, all None without one, and the share of rows that count as anomalies."""
        assert isinstance(scored, Detected)
        found: dict[str, float | int | None] = dict.fromkeys(metric.key for metric in self.metrics)
        share = None if scored.flagged is None else float(np.average(scored.flagged, weights=scored.weight))
        if (known := scored.labelled) is not None:
            found |= _figures(known, None if scored.flagged is None else scored.flagged[scored.judged])
        return {**found, "share": share}

    def influences(self, scored: Scored) -> Mapping[str, np.ndarray]:
        """Return nothing: no figure is a mean over rows."""
        return {}

    def report(self, scored: Sequence[Scored]) -> Report:
        """Return the figures, the distribution of the scores, and with a label the curves."""
        read = [one for one in scored if isinstance(one, Detected)]
        metrics: list[dict[str, Any]] = [{"name": one.name, "metrics": self.metric_values(one)} for one in read]
        known = [each for one in read if (each := one.labelled) is not None]
        shown = [*(self.metrics if known else ()), ("share", "Share of anomalies", None)]
        positive = " and ".join(dict.fromkeys(f"“{one.positive}”" for one in known))
        title = f"Metrics (anomalies are {positive}; precision, recall and F1 at the model's threshold)" if known else "Metrics (no label)"
        blocks = [figures(title, shown, metrics, _intervals(read, metrics)), *([counts(read)] if known else [])]
        if varied := [one for one in known if 0 < one.truth.sum() < len(one.truth)]:
            blocks += [roc(varied), precision_recall(varied), lift(varied)]
        return Report("Evaluation", [*blocks, *(scores_chart(one) for one in read)], metrics)


TASK = Anomaly()


def _rarer(column: str, classes: pl.Series) -> str:
    """The class of a label that stands for anomalies where nothing else is said: the rarer of two, of equally frequent ones the later in order."""
    found = classes.alias("class").value_counts(name="rows").sort(["rows", "class"], descending=[False, True])["class"].to_list()
    if len(found) == 1 and found[0] in ("false", "0"):
        return "true" if found[0] == "false" else "1"
    if len(found) != 2:
        raise ModuleError(
            "no_anomaly_class",
            f"“{column}” has {counted(len(found), 'value')}, so it does not tell which rows are anomalies.",
            port="scored",
            column=column,
            remedy="Name the value for anomalies in Train Anomaly Detection Model, or give the role label to a column with two values.",
        )
    log(f"Rows whose “{column}” is “{found[0]}”, the rarer value, are read as anomalies.")
    return str(found[0])


def _figures(known: Scored, flagged: np.ndarray | None) -> Mapping[str, float | None]:
    from sklearn.metrics import average_precision_score, precision_recall_fscore_support, roc_auc_score

    found: dict[str, float | None] = {}
    if 0 < known.truth.sum() < len(known.truth):
        found["auc"] = float(roc_auc_score(known.truth, known.score, sample_weight=known.weight))
        found["average_precision"] = float(average_precision_score(known.truth, known.score, sample_weight=known.weight))
    if flagged is not None:
        at = precision_recall_fscore_support(known.truth, flagged, average="binary", sample_weight=known.weight, zero_division=0)
        found |= dict(zip(("precision", "recall", "f1"), map(float, at[:3]), strict=True))
    return found


def _intervals(read: Sequence[Detected], metrics: Sequence[Mapping[str, Any]]) -> list[Sure]:
    rows: list[Sure] = []
    for one, found in ((one, metric["metrics"]) for one, metric in zip(read, metrics, strict=True)):
        rows.append((one.name, "Rows", len(one.score), None))
        if (known := one.labelled) is None:
            continue
        if found["auc"] is not None:
            rows.append((one.name, "AUC", found["auc"], intervals.area(found["auc"], known.truth, known.score, known.weights)))
        if one.flagged is not None:
            flagged, truth, weight = one.flagged[one.judged], known.truth, known.weights
            rows.append((one.name, "Precision", found["precision"], intervals.wilson(truth[flagged], weight[flagged])))
            rows.append((one.name, "Recall", found["recall"], intervals.wilson(flagged[truth == 1], weight[truth == 1])))
    return rows
