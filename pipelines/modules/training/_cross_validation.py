"""The parts of a cross-validation: the validation of a fold, and what comes of all of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import ColumnRole, Model, Report, Table, UntrainedModel
from pipelines.catalogue.preprocessing import Preprocessing
from pipelines.catalogue.reporting import Level, log, reporting_to
from pipelines.modelling.evaluation.charts import Block, table
from pipelines.modelling.evaluation.resampled import standard_error
from pipelines.modelling.evaluation.scored import read_scored
from pipelines.modelling.family import Family
from pipelines.modelling.features import FOLD, feature_frame
from pipelines.modelling.folds import Fold
from pipelines.modelling.parallel import Lines
from pipelines.modelling.predictions import predicted, with_scores
from pipelines.modelling.task import LabelTask, Score, offered
from pipelines.modules.training._features import choose_features
from pipelines.modules.training._fit import fit
from pipelines.modules.training._fold_rows import check_free, usable
from pipelines.modules.training._fold_tables import joined, pack, unpack
from pipelines.modules.training._rows import FEWEST_ROWS, weights
from pipelines.modules.training._thresholds import settings_of

NAME_OR_COUNT = re.compile(r"(“[^”]*”)|\d[\d,.]*")
"""Names stand in quotation marks: a digit in one is no count."""


@dataclass(frozen=True)
class Validation:
    """A learner, and the rows that it is validated on with what prepares them."""

    untrained: UntrainedModel
    task: LabelTask
    family: Family
    table: Preprocessing
    label: str
    positive: str

    def validate(self, fold: Fold) -> tuple[bytes, Mapping[str, Any]]:
        """Return the rows of a fold with the predictions of a model of the others, packed, and its figures with the lines of its log.

        Without a path the rows are at hand, and the predictions suffice.
        """
        lines = Lines()
        with reporting_to(lines):
            prepared = self.table.fit(self._part(fold.train))
            train = self._left(prepared.table, f"to train {fold.name} on", FEWEST_ROWS)
            model = self._trained(train)
            part = self._left(prepared.apply(self._part(fold.test)), f"of {fold.name} to predict", 1)
            scores = predicted(model, feature_frame(part.frame, model.features), part.frame.schema[self.label])
            scored = with_scores(model, part, scores, True)
            metrics = self.task.metric_values(self.task.read(read_scored(scored)))
        names = [score.name for score in scores]
        sizes = {"train": train.frame.height, "test": part.frame.height}
        figures = {**sizes, "metrics": dict(metrics), "scores": names, "log": [line[:2] for line in lines.lines]}
        return pack(scored if self.table.steps else scored.only(names)), figures

    def _part(self, places: np.ndarray) -> Table:
        return self.table.rows.with_frame(self.table.rows.frame[places])

    def _left(self, part: Table, what: str, fewest: int) -> Table:
        """Return the usable rows at the end of the path."""
        if not self.table.steps:
            return part
        check_free(part)
        return usable(part, self.label, what, fewest)

    def _trained(self, part: Table) -> Model:
        y = self.task.target(part.frame[self.label])
        chosen = choose_features(part, self.label)
        frame = feature_frame(part.frame, chosen.features)
        pipeline = fit(self.untrained, self.family, frame, y, chosen.features, weights(part), label=self.label).pipeline
        classes = self.task.classes(pipeline[-1], self.positive)
        settings = settings_of(self.untrained, self.family, frame, y, chosen.features, weights(part), classes)
        return Model(self.untrained.name, self.task.id, pipeline, self.label, chosen.features, classes, settings)

    def together(self, folds: Sequence[Fold], kept: Sequence[bytes], figures: Sequence[Mapping[str, Any]]) -> Table:
        """Return the rows that folds predicted, with their predictions and folds: in the order of the table, or fold by fold if the path changes rows."""
        parts = [unpack(each) for each in kept]
        if not self.table.steps:
            parts = [self._scored(self._part(fold.test), part) for fold, part in zip(folds, parts, strict=True)]
        found = joined(
            [part.with_frame(part.frame.with_columns(pl.lit(fold.name).alias(FOLD))) for fold, part in zip(folds, parts, strict=True)]
        )
        if all(part.frame.height == len(fold.test) for fold, part in zip(folds, parts, strict=True)):
            found = found.with_frame(found.frame[np.argsort(np.concatenate([fold.test for fold in folds]))])
        last = [*dict.fromkeys(name for each in figures for name in each["scores"]), FOLD]
        return found.only([*(column for column in found.frame.columns if column not in last), *last]).with_role(FOLD, role="ignored")

    def _scored(self, rows: Table, scores: Table) -> Table:
        model = Model(self.untrained.name, self.task.id, None, self.label, ())
        return with_scores(model, rows, [_score(each, scores.role(each.name)) for each in scores.frame], True)

    def report(self, folds: Sequence[Fold], figures: Sequence[Mapping[str, Any]], scored: Table) -> Report:
        """Return the metrics of each fold, their mean and spread, and the evaluation of the predictions together."""
        _say_once(figures)
        first = [(fold, each) for fold, each in zip(folds, figures, strict=True) if fold.repeat == 0]
        if left := self.table.rows.frame.height - sum(len(fold.test) for fold, _ in first):
            log(f"{counted(left, 'row')} {'was' if left == 1 else 'were'} in no fold, and trained on only.")
        if gone := sum(len(fold.test) - each["test"] for fold, each in first):
            words = (
                "was removed by the modules that prepare the table, and is"
                if gone == 1
                else "were removed by the modules that prepare the table, and are"
            )
            log(f"{counted(gone, 'row')} {words} not predicted.", "warning")
        for title, how in self.table.told:
            log(f"{title}: {how}.", "warning" if how.startswith("executed once") else "info")
        whole = self.task.report([self.task.read(read_scored(scored))])
        means = {
            metric.key: fmean(known)
            if (known := [each["metrics"][metric.key] for each in figures if _is_known(each, metric.key)])
            else None
            for metric in offered(self.task)
        }
        prepared = [table("What prepares the table", ["Module", "In each fold"], [list(each) for each in self.table.told])]
        blocks = [self._spread(figures), self._folds(folds, figures), *(prepared if self.table.told else ()), *whole.blocks]
        return Report("Cross-validation", blocks, [{"name": self.untrained.name, "metrics": {**whole.metrics[0]["metrics"], **means}}])

    def _spread(self, figures: Sequence[Mapping[str, Any]]) -> Block:
        rows: list[list[Any]] = []
        for metric in offered(self.task):
            known = [each["metrics"][metric.key] for each in figures if _is_known(each, metric.key)]
            if known:
                deviation = stdev(known) if len(known) > 1 else None
                worst = min(known) if metric.better == "high" else max(known)
                best = max(known) if metric.better == "high" else min(known)
                some = [each for each in figures if _is_known(each, metric.key)]
                error = standard_error(known, [each["test"] for each in some], [each["train"] for each in some])
                rows.append([metric.title, fmean(known), error, deviation, worst, best, len(known)])
        columns = ["Metric", "Mean", "Standard error", "Standard deviation", "Worst fold", "Best fold", "Folds"]
        return table(f"Mean of {counted(len(figures), 'fold')}", columns, rows)

    def _folds(self, folds: Sequence[Fold], figures: Sequence[Mapping[str, Any]]) -> Block:
        columns = ["Fold", "Rows trained on", "Rows predicted", *(metric.title for metric in self.task.metrics)]
        rows = [
            [fold.name, each["train"], each["test"], *(each["metrics"][metric.key] for metric in self.task.metrics)]
            for fold, each in zip(folds, figures, strict=True)
        ]
        return table("Each fold", columns, rows)


def _say_once(figures: Sequence[Mapping[str, Any]]) -> None:
    """Say what folds have said, each line once; lines that differ in counts alone are one, with the counts of the first fold that said it."""
    said: dict[tuple[str, Level], dict[int, str]] = {}
    for fold, each in enumerate(figures):
        for line, level in each["log"]:
            said.setdefault((NAME_OR_COUNT.sub(lambda found: found[1] or "", line), level), {}).setdefault(fold, line)
    for (_, level), lines in said.items():
        line, folds = next(iter(lines.values())), f"In {len(lines)} of {counted(len(figures), 'fold')}"
        if len(set(lines.values())) > 1:
            log(f"{folds}, in the first of them: {line}", level)
        else:
            log(line if len(lines) >= len(figures) else f"{folds}: {line}", level)


def _score(values: pl.Series, role: ColumnRole) -> Score:
    return Score(values.name, values, role.positive, role.threshold)


def _is_known(figures: Mapping[str, Any], key: str) -> bool:
    return figures["metrics"].get(key) is not None
