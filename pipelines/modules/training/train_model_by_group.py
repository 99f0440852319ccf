"""Train Model by Group: one model for each group of rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from pipelines.catalogue.columns import require
from pipelines.catalogue.fan_out import fan_out
from pipelines.catalogue.items import Item, Value
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Column, Columns, Range, Seed, Title
from pipelines.catalogue.ports import Table, UntrainedModel
from pipelines.kinds.models_by_group import ModelsByGroup
from pipelines.modelling.by_group.partition import partition
from pipelines.modelling.families import libraries
from pipelines.modelling.tasks import TRAIN_MODEL, check_trainer
from pipelines.modules.training._by_group import Trainer, compared
from pipelines.modules.training._fit import label_task_and_family
from pipelines.modules.training._groups_found import ONE_MODEL, Found, figures_table, head, report, tell
from pipelines.modules.training._groups_kept import Trained, facts, figures_of, items_of, key_columns, learner_digest, may_fail, spans
from pipelines.modules.training._windows import Judging, time_of

JUDGING = Judging()


def _before(untrained: UntrainedModel | None, table: Table, *, label: str, groups: Columns, judging: Judging, **_: Any) -> Any:
    if untrained is None:
        return None, None
    check_trainer(untrained, TRAIN_MODEL)
    task, _family = label_task_and_family(untrained)
    by = tuple(groups.pick(table))
    models = ModelsByGroup(untrained.name, untrained.task, label, by)
    if untrained.task == "multi_class":  # of two classes it becomes another task
        return models, None
    time = table.frame.schema.get(judging.time or "") if judging.judge_on == "latest" else None
    return models, Table(head(table.frame.select(by).clear(), figures_of(task), time, beside=ONE_MODEL if judging.compare else ""))


@module(
    "Train Model by Group",
    icon="packages",
    columns=_before,
    aliases=("many models", "model per group", "per key", "by store", "partitioned training"),
    libraries=libraries(),
    lineage=Lineage(rows="new", label="label", trains=True),
)
def train_model_by_group(
    untrained: UntrainedModel,
    table: Table,
    *,
    label: Column,
    groups: Columns,
    positive_class: str = "",
    judging: Judging = JUDGING,
    may_fail_share: Annotated[float, Title("Groups that may fail (%)"), Range(0, 100)] = 5.0,
    seed: Seed = Seed(0),
) -> Trained:
    """Train one model for each group of rows, such as each shop or each machine.

    The rows of a group are those with the same values in the columns of groups; a missing value is a group of its own. Each model is what Train Model
    gives for the rows of its group: columns without different values in the group are left out, and means, scales and categories are those of the group.
    A learner of several classes remains one in a group with two of them.

    Each model is judged on rows of its group that it was not trained on. The report has the figures over all groups, a histogram, the worst groups, and the
    groups that failed; the table has a row for each group. For numbers, WAPE is the sum of the absolute errors over the sum of the absolute actual values.
    On request one model of all groups is trained and judged on the same rows.

    A group that cannot be trained, such as one with a single row or a single class, fails alone, and its row says why. If more groups fail than may, the step
    fails. Groups are trained side by side, and kept one by one: a run that was stopped goes on with the missing ones, failed groups are trained again
    alone, and a group whose rows have not changed is not trained again.

    When to use:
        When groups behave differently, and each has enough rows. Compare with one model of all groups, which is often better for small groups.

    Args:
        untrained: The untrained model, for classification or regression.
        table: The rows of all groups.
        label: The column to predict.
        groups: The columns whose values are the groups. They are no features.
        positive_class: For two classes, the class whose probability is predicted; if empty, the last in order.
        judging: How the models are judged.
        may_fail_share: How many of the groups may fail before the step fails: 0 for none, 100 for all.
        seed: The random seed of the rows that are drawn.

    Example:
        table: data.dataset
        label: "price"
        groups: ["body-style"]
        may_fail_share: 100
    """
    require(label, table, param="label")
    task, family = label_task_and_family(untrained)
    by, time = key_columns(table, groups, label), time_of(table, judging)
    there = table.frame[label].drop_nulls()
    if len(there):
        task = task.narrowed(there)
        task.check_positive(there, positive_class)
    parts = partition(table, by)
    rest = table.only([column for column in table.frame.columns if column not in by])
    trainer = Trainer(untrained, task, family, parts, rest.with_frame(rest.frame.clear()), label, positive_class, judging, seed)
    items = items_of(parts, rest, [learner_digest(untrained), task.id, label, positive_class, judging, seed])
    results = fan_out(items, trainer.train, noun="groups", may_fail=may_fail(len(items), may_fail_share))
    others = None
    if judging.compare and judging.judge_on != "nothing":
        others = fan_out([Item("all groups")], lambda _: Value(compared(trainer)), noun="models of all groups")[0].figures
    found = Found(parts.keys, results, figures_of(task), spans(parts, time) if time else None, others)
    tell(found)
    kept = [place for place, result in enumerate(results) if not result.failure]
    models = ModelsByGroup(
        untrained.name, task.id, label, tuple(by), parts.keys[kept], facts(found, kept, [items[place] for place in kept]),
        lambda place: results[kept[place]].blob(), dict(untrained.settings),
    )  # fmt: skip
    return Trained(replace(models, report=report(f"{untrained.name} by group", found)), figures_table(found))
