"""The parts of a cross-validation: folds of a table, the validation of one, and what comes of all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.columns import require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.params import Column
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Model, Report, Table, UntrainedModel
from pipelines.catalogue.reporting import log, reporting_to
from pipelines.modelling.evaluation.charts import Block, table
from pipelines.modelling.evaluation.scored import read_scored
from pipelines.modelling.family import Family
from pipelines.modelling.features import FOLD, feature_frame
from pipelines.modelling.folds import By, Fold, by_column, by_groups, by_label, by_rows, by_time
from pipelines.modelling.parallel import Lines
from pipelines.modelling.predictions import predicted, with_scores
from pipelines.modelling.task import LabelTask, Score
from pipelines.modules.training._features import choose_features
from pipelines.modules.training._fit import fit
from pipelines.modules.training._rows import weights


def folds_of(known: Table, y: Any, label: str, by: By, column: Column | None, folds: int, repeats: int, seed: int) -> list[Fold]:
    """Return the folds of a table.

    Raises:
        ModuleError: `no_column`, when groups, times or folds have no column.
    """
    if by == "label":
        return by_label(y, folds, repeats, seed)
    if by == "rows":
        return by_rows(known.frame.height, folds, repeats, seed)
    if column is None:
        raise ModuleError(
            "no_column", f"No column of {by if by != 'column' else 'folds'} is selected.", param="column", remedy="Select it."
        )
    values = known.frame[require(column, known, param="column")]
    if by == "groups":
        return by_groups(values, folds, seed)
    return by_time(values, folds) if by == "time" else by_column(values)


@dataclass(frozen=True)
class Validation:
    """A learner, and the rows that it is validated on."""

    untrained: UntrainedModel
    task: LabelTask
    family: Family
    known: Table
    label: str
    positive: str

    def validate(self, fold: Fold) -> tuple[pl.DataFrame, Mapping[str, Any]]:
        """Return the predictions for the rows of a fold by a model of the others, and its figures with the lines of its log."""
        part, lines = self._part(fold.test), Lines()
        with reporting_to(lines):
            model = self._trained(self._part(fold.train))
            scores = predicted(model, feature_frame(part.frame, model.features), part.frame.schema[self.label])
            figures = self.task.metric_values(self.task.read(read_scored(with_scores(model, part, scores, True))))
        frame = pl.DataFrame([score.values.alias(score.name) for score in scores])
        columns = [[score.name, score.positive] for score in scores]
        return frame, {
            "train": len(fold.train),
            "test": len(fold.test),
            "metrics": dict(figures),
            "columns": columns,
            "log": [line[:2] for line in lines.lines],
        }

    def _part(self, places: np.ndarray) -> Table:
        return self.known.with_frame(self.known.frame[places])

    def _trained(self, part: Table) -> Model:
        y = self.task.target(part.frame[self.label])
        chosen = choose_features(part, self.label)
        pipeline = fit(self.untrained, self.family, feature_frame(part.frame, chosen.features), y, chosen.features, weights(part)).pipeline
        classes = self.task.classes(pipeline[-1], self.positive)
        return Model(self.untrained.name, self.task.id, pipeline, self.label, chosen.features, classes, dict(self.untrained.settings))

    def together(self, folds: Sequence[Fold], frames: Sequence[pl.DataFrame], figures: Sequence[Mapping[str, Any]]) -> Table:
        """Return the rows that folds predicted, in the order of the table, with their predictions and folds."""
        places = np.concatenate([fold.test for fold in folds])
        order = np.argsort(places)
        found = pl.concat(frames, how="diagonal")[order]
        positive = {name: kind for each in figures for name, kind in each["columns"]}
        scores = [Score(name, found[name], positive[name]) for name in found.columns]
        model = Model(self.untrained.name, self.task.id, None, self.label, ())
        scored = with_scores(model, self._part(places[order]), scores, True)
        names = pl.Series(FOLD, np.repeat([fold.name for fold in folds], [len(fold.test) for fold in folds]))[order]
        return scored.with_frame(scored.frame.with_columns(names)).with_role(FOLD, role="ignored")

    def report(self, folds: Sequence[Fold], figures: Sequence[Mapping[str, Any]], scored: Table) -> Report:
        """Return the metrics of each fold, their mean and spread, and the evaluation of the predictions together."""
        _say_once(figures)
        if left := self.known.frame.height - scored.frame.height:
            log(f"{counted(left, 'row')} {'was' if left == 1 else 'were'} in no fold, and trained on only.")
        whole = self.task.report([self.task.read(read_scored(scored))])
        means = {
            metric.key: fmean(known)
            if (known := [each["metrics"][metric.key] for each in figures if _is_known(each, metric.key)])
            else None
            for metric in self.task.metrics
        }
        blocks = [self._spread(figures), self._folds(folds, figures), *whole.blocks]
        return Report("Cross-validation", blocks, [{"name": self.untrained.name, "metrics": {**whole.metrics[0]["metrics"], **means}}])

    def _spread(self, figures: Sequence[Mapping[str, Any]]) -> Block:
        rows: list[list[Any]] = []
        for metric in self.task.metrics:
            known = [each["metrics"][metric.key] for each in figures if _is_known(each, metric.key)]
            if known:
                deviation = stdev(known) if len(known) > 1 else None
                worst = min(known) if metric.better == "high" else max(known)
                best = max(known) if metric.better == "high" else min(known)
                rows.append([metric.title, fmean(known), deviation, worst, best, len(known)])
        return table(
            f"Mean of {counted(len(figures), 'fold')}", ["Metric", "Mean", "Standard deviation", "Worst fold", "Best fold", "Folds"], rows
        )

    def _folds(self, folds: Sequence[Fold], figures: Sequence[Mapping[str, Any]]) -> Block:
        columns = ["Fold", "Rows trained on", "Rows predicted", *(metric.title for metric in self.task.metrics)]
        rows = [
            [fold.name, each["train"], each["test"], *(each["metrics"][metric.key] for metric in self.task.metrics)]
            for fold, each in zip(folds, figures, strict=True)
        ]
        return table("Each fold", columns, rows)


def _say_once(figures: Sequence[Mapping[str, Any]]) -> None:
    """Say what folds have said, each line once."""
    said = Counter((line, level) for each in figures for line, level in each["log"])
    for (line, level), times in said.items():
        log(line if times >= len(figures) else f"In {times} of {counted(len(figures), 'fold')}: {line}", level)


def _is_known(figures: Mapping[str, Any], key: str) -> bool:
    return figures["metrics"].get(key) is not None
