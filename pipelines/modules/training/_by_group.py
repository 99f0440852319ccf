"""The model of one group: trained as Train Model trains it, on the rows of the group, and judged on some of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import polars as pl
import polars.selectors as cs

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.items import Item, Value
from pipelines.catalogue.ports import Model, Table, UntrainedModel
from pipelines.catalogue.reporting import reporting_to
from pipelines.kinds._stored_models import model_bytes
from pipelines.modelling.by_group import trees
from pipelines.modelling.by_group.partition import Partition
from pipelines.modelling.evaluation.scored import read_scored
from pipelines.modelling.families import families
from pipelines.modelling.features import feature_frame, present, weight_column
from pipelines.modelling.parallel import Lines
from pipelines.modelling.predictions import predicted, with_scores
from pipelines.modelling.task import LabelTask, Metric
from pipelines.modules.training._choosing import Chooser, Chosen
from pipelines.modules.training._features import choose_features
from pipelines.modules.training._fit import errors_in_words, fit
from pipelines.modules.training._groups_found import WAPE
from pipelines.modules.training._rows import known_rows, weights
from pipelines.modules.training._thresholds import settings_of
from pipelines.modules.training._windows import Judging, Window, windows_of

LONG_GAP = 1.9  # times the median distance of two times


@dataclass(frozen=True)
class Trainer:
    """What chooses the learner of a group, and the groups. `head` has the roles of the columns; `metric` is the main figure."""

    choose: Chooser
    task: LabelTask
    metric: Metric
    parts: Partition
    head: Table
    label: str
    positive: str
    judging: Judging
    seed: int

    def train(self, item: Item) -> Value:
        """Train and judge the model of a group.

        Raises:
            ModuleError: What a model cannot be trained on.
        """
        with reporting_to(Lines()):  # what ten thousand groups say is counted, not listed
            known = known_rows(self.head.with_frame(self.parts.rows(item.payload)), self.label)
            y = self.task.target(known.frame[self.label])
            windows = windows_of(known.frame, self.judging, self.seed)
            chosen = self.chosen(known, unseen(windows) if windows else None)
            remarks = [*self._remarks(known, y, windows), *chosen.remarks]
            try:
                model, judged = self._judged(chosen.learner, without(known, chosen.left_out), windows)
            except ModuleError:  # such as when all rows of a class are among those to judge on
                model, judged = None, self.judged([])
                remarks.append("not_judged")
            if model is None or self.judging.refit:
                model = self.fitted(chosen.learner, without(known, chosen.left_out), None)
            stored = model_bytes(model)
            rivals = {name: self._figure(learner, known, windows) for name, learner in chosen.rivals.items()} if judged["tested"] else {}
        figures = {"rows": known.frame.height, "bytes": len(stored), "learner": chosen.name, "remarks": remarks, "rivals": rivals}
        return Value({**figures, **judged}, stored)

    def chosen(self, known: Table, places: np.ndarray | None) -> Chosen:
        """Choose the learner by some rows, or by all."""
        return self.choose(known if places is None else known.with_frame(known.frame[places]), self._of_window)

    def _of_window(self, learner: UntrainedModel, known: Table, window: Window) -> float | None:
        return self._figure(learner, known, [window])

    def _figure(self, learner: UntrainedModel, known: Table, windows: Sequence[Window]) -> float | None:
        """Return the main figure of a learner; None where it cannot be trained."""
        try:
            found: float | None = self._judged(learner, known, windows)[1]["metrics"].get(self.metric.key)
        except ModuleError:
            return None
        return found

    def _judged(self, learner: UntrainedModel, known: Table, windows: Sequence[Window]) -> tuple[Model | None, Mapping[str, Any]]:
        """Return the model of the latest window, and the figures of all."""
        model, tested = None, []
        for window in reversed(windows):
            model = self.fitted(learner, known, window.train)
            tested.append(self.tested(model, known, window.test))
        return model, self.judged(tested)

    def fitted(self, untrained: UntrainedModel, known: Table, places: np.ndarray | None) -> Model:
        """Return the model of some rows, or of all."""
        part = known if places is None else known.with_frame(known.frame[places])
        y, family = self.task.target(part.frame[self.label]), families()[untrained.family]
        chosen = choose_features(part, self.label).features
        frame, rows = feature_frame(part.frame, chosen), weights(part)
        if trees.suits(family, untrained.estimator, chosen):
            with errors_in_words(untrained.name, frame):
                estimator: Any = trees.fit(family, untrained.estimator, frame, y, rows, untrained.settings)
            learner = estimator
        else:
            estimator = fit(untrained, family, frame, y, chosen, rows, label=self.label).pipeline
            learner = estimator[-1]
        classes = self.task.classes(learner, self.positive)
        settings = settings_of(untrained, family, frame, y, chosen, rows, classes)
        return Model(untrained.name, self.task.id, estimator, self.label, chosen, classes, settings)

    def tested(self, model: Model, known: Table, places: np.ndarray) -> Table:
        """Return rows with their predictions."""
        part = known.with_frame(known.frame[places])
        scores = predicted(model, feature_frame(part.frame, model.features), part.frame.schema[self.label])
        return with_scores(model, part, scores, True)

    def judged(self, tested: Sequence[Table]) -> Mapping[str, Any]:
        """Return the figures of predictions: those of the task, and for numbers WAPE, the sum of the errors over that of the actual values."""
        if not tested:
            return {"tested": 0, "metrics": {}}
        together = Table(pl.concat([each.frame for each in tested], how="diagonal"), {**tested[0].roles, **tested[-1].roles})
        scored = self.task.read(read_scored(together))
        metrics = self.task.metric_values(scored)
        if self.task.id != "regression":
            return {"tested": len(scored.truth), "metrics": metrics}
        errors, actual = (float((np.abs(part) * scored.weights).sum()) for part in (scored.truth - scored.score, scored.truth))
        return {"tested": len(scored.truth), "sum_of_values": actual, "metrics": {**metrics, WAPE: errors / actual if actual else None}}

    def _remarks(self, known: Table, y: np.ndarray, windows: Sequence[Window]) -> Iterator[str]:
        if bool((y == y[0]).all()):
            yield "constant_label"
        columns = [column for column in known.columns_with("feature") if column != self.label]
        features = known.frame.select(columns)
        if bool(features.select(pl.any_horizontal(cs.float().is_infinite().any(), pl.lit(False))).item()):
            yield "infinite_values"
        texts = features.select(cs.string()).columns
        if any(set(features[text][window.test]) - set(features[text][window.train]) for window in windows[:1] for text in texts):
            yield "new_level"
        if self.judging.judge_on != "nothing" and not windows:
            yield "too_few_rows_to_judge"
        if self.judging.judge_on == "latest" and self.judging.time is not None and has_gap(known.frame[self.judging.time]):
            yield "clock_gap"


def unseen(windows: Sequence[Window]) -> np.ndarray:
    """Return the places of the rows that no window judges on, so that what is chosen by them has not seen those."""
    return reduce(np.intersect1d, [window.train for window in windows])


def without(table: Table, columns: Sequence[str]) -> Table:
    """Return a table without some columns."""
    return table.only([column for column in table.frame.columns if column not in columns]) if columns else table


def has_gap(times: pl.Series) -> bool:
    """Return whether two times that follow each other lie much further apart than most do."""
    steps = np.diff(np.sort(times.drop_nulls().to_physical().to_numpy()).astype(float))
    return bool(len(steps) and steps.max() > LONG_GAP * np.median(steps[steps > 0]) if (steps > 0).any() else False)


def compared(trainer: Trainer, groups: Sequence[int]) -> dict[str, Any]:
    """Return one model of some groups, by their places: its learner, and by the name of each group the metrics. It is trained and judged on the same rows as their own models."""
    with reporting_to(Lines()):
        frame, label = trainer.parts.frame, trainer.label
        known = trainer.head.with_frame(frame)
        needed = [label] if (weight := weight_column(known, "table")) is None else [label, weight]
        there = frame.select(pl.all_horizontal(present(known, column) for column in needed)).to_series().to_numpy()
        windows: list[list[Window]] = []
        for start, end in (trainer.parts.starts[group : group + 2].tolist() for group in groups):
            places = start + np.flatnonzero(there[start:end])
            windows.append([Window(places[one], places[two]) for one, two in windows_of(frame[places], trainer.judging, trainer.seed)])
        found: list[list[Table]] = [[] for _ in windows]
        if not any(windows):
            return {"metrics": {}}
        chosen = trainer.chosen(known, np.concatenate([unseen(each) for each in windows if each]))
        known = without(known, chosen.left_out)
        for turn in range(max(map(len, windows))):
            mine = [(group, each[turn]) for group, each in enumerate(windows) if len(each) > turn]
            model = trainer.fitted(chosen.learner, known, np.concatenate([window.train for _, window in mine]))
            scored = trainer.tested(model, known, np.concatenate([window.test for _, window in mine]))
            start = 0
            for group, window in mine:
                found[group].append(scored.with_frame(scored.frame.slice(start, len(window.test))))
                start += len(window.test)
        names = [trainer.parts.names[group] for group in groups]
        judged = {name: trainer.judged(each)["metrics"] for name, each in zip(names, found, strict=True) if each}
    return {"learner": chosen.name, "metrics": judged}
