"""Training the models of all groups: an item for each, the model of all groups beside them, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipelines.catalogue.columns import require
from pipelines.catalogue.fan_out import fan_out
from pipelines.catalogue.items import Item, ItemResult, Value
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.kinds.models_by_group import ModelsByGroup
from pipelines.modelling.by_group.partition import partition
from pipelines.modelling.task import LabelTask, Metric
from pipelines.modules.training._by_group import Trainer, compared
from pipelines.modules.training._choosing import Chooser, require_rows_to_choose_by
from pipelines.modules.training._groups_found import ONE_MODEL, Found, figures_table, head, report, tell
from pipelines.modules.training._groups_kept import Trained, facts, figures_of, for_each, items_of, key_columns, spans
from pipelines.modules.training._windows import Judging, time_of

ALL_GROUPS = "all groups"


@dataclass(frozen=True)
class Asked:
    """What is asked of the models of groups: the column to predict, the columns of groups, the positive class, how the models are judged, how many percent of
    the groups may fail, and the seed."""

    label: str
    by: Sequence[str]
    positive: str
    judging: Judging
    may_fail_share: float
    seed: int


@dataclass(frozen=True)
class Learners:
    """What the models are of: its name, how a group's learner is chosen, whether groups choose, all that the choice depends on, settings to be kept, the
    seconds that a choice may take, where it takes long, and the figure that counts, where it is not the usual one."""

    name: str
    choose: Chooser
    choosing: bool
    content: Any
    settings: Mapping[str, Any]
    seconds: float | None = None
    main: Metric | None = None


def narrowed(table: Table, asked: Asked, task: LabelTask) -> LabelTask:
    """Return the task that the label of all groups makes of a task.

    Raises:
        ModuleError: When the positive class is none of the label, or a column is not there.
    """
    require(asked.label, table, param="label")
    there = table.frame[asked.label].drop_nulls()
    if len(there):
        task = task.narrowed(there)
        task.check_positive(there, asked.positive)
    return task


def foreseen(table: Table, asked: Asked, name: str, task: LabelTask, *, choosing: bool) -> tuple[ModelsByGroup, Table | None]:
    """Return what `trained` returns, as far as it is known before a run."""
    models = ModelsByGroup(name, task.id, asked.label, tuple(asked.by))
    if task.id == "multi_class":  # of two classes it becomes another task
        return models, None
    time = table.frame.schema.get(asked.judging.time or "") if asked.judging.judge_on == "latest" else None
    beside = ONE_MODEL if asked.judging.compare else ""
    return models, Table(head(table.frame.select(asked.by).clear(), figures_of(task), time, beside=beside, choosing=choosing))


def trained(table: Table, asked: Asked, task: LabelTask, learners: Learners) -> Trained:
    """Train a model for each group.

    Raises:
        ModuleError: `too_many_failed_items`, and what is wrong with the columns.
    """
    by, time, judging = key_columns(asked.by, asked.label), time_of(table, asked.judging), asked.judging
    if learners.choosing:
        require_rows_to_choose_by(judging)
    parts, metrics = partition(table, by), figures_of(task, learners.main)
    rest = table.only([column for column in table.frame.columns if column not in by])
    head_ = rest.with_frame(rest.frame.clear())
    trainer = Trainer(learners.choose, task, metrics[0], parts, head_, asked.label, asked.positive, judging, asked.seed)
    items = items_of(parts, rest, [learners.content, task.id, asked.label, asked.positive, judging, asked.seed])
    if learners.seconds:
        whole = f"{len(items) * learners.seconds:,.0f} s in all, divided among the worker processes"
        log(f"{counted(len(items), 'group')}, each searched for at most {learners.seconds:g} s: {whole}.")
    results = for_each(items, trainer.train, "groups", asked.may_fail_share)
    others = _of_one_model(trainer, results) if judging.compare and judging.judge_on != "nothing" else None
    found = Found(parts.keys, results, metrics, spans(parts, time) if time else None, others, choosing=learners.choosing)
    tell(found)
    kept = [place for place, result in enumerate(results) if not result.failure]
    models = ModelsByGroup(
        learners.name, task.id, asked.label, tuple(by), parts.keys[kept], facts(found, kept, [items[place] for place in kept]),
        lambda place: results[kept[place]].blob(), learners.settings,
    )  # fmt: skip
    return Trained(replace(models, report=report(f"{learners.name} by group", found)), figures_table(found))


def _of_one_model(trainer: Trainer, results: Sequence[ItemResult]) -> Mapping[str, Any]:
    """Return the figures of one model of the groups that have a model, by group; none where it cannot be trained."""
    trained = [place for place, result in enumerate(results) if not result.failure]
    (result,) = fan_out([Item(ALL_GROUPS)], lambda _: Value(compared(trainer, trained)), noun="models of all groups", may_fail=None)
    if failure := result.failure:
        log(f"One model of all groups cannot be trained, so there is nothing to compare with: {failure.words}", "warning")
    return {} if failure else dict(result.figures["metrics"])
