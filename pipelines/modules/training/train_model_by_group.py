"""Train Model by Group: one model for each group of rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Column, Columns, Range, Seed, Title
from pipelines.catalogue.phrases import listed
from pipelines.catalogue.ports import Table, UntrainedModel
from pipelines.modelling.families import libraries
from pipelines.modelling.parts import named, task_of_all
from pipelines.modelling.task import LabelTask
from pipelines.modelling.tasks import label_tasks
from pipelines.modules.training._choosing import OfLearners, named_apart
from pipelines.modules.training._fit import label_task_and_family
from pipelines.modules.training._groups_kept import Trained, figures_of, key_columns, learner_digest
from pipelines.modules.training._groups_trained import Asked, Learners, foreseen, narrowed, trained
from pipelines.modules.training._windows import Judging

JUDGING = Judging()


def _before(table: Table, *untrained: UntrainedModel | None, label: str, groups: Columns, judging: Judging, **_: Any) -> Any:
    known, by = [each for each in untrained if each is not None], key_columns(groups.pick(table), label)
    if not known or len(known) < len(untrained):
        return None, None
    asked = Asked(label, by, "", judging, 0.0, 0)
    return foreseen(table, asked, _name(known), _task(known), choosing=len(known) > 1)


def _name(untrained: Sequence[UntrainedModel]) -> str:
    return untrained[0].name if len(untrained) == 1 else named("Best", untrained)


def _task(untrained: Sequence[UntrainedModel]) -> LabelTask:
    """The task of learners together.

    Raises:
        ModuleError: `no_learner`, `other_trainer`, or `mixed_learners`.
    """
    if not untrained:
        raise ModuleError("no_learner", "No untrained model is connected.", port="untrained", remedy="Connect a learner.")
    each = [label_task_and_family(learner)[0] for learner in untrained]
    if len(each) == 1:
        return each[0]
    if (together := task_of_all(untrained)) is None:
        words = f"{listed([learner.name for learner in untrained])} do not all predict a class, or all predict a number."
        remedy = "Connect classifiers only, or learners of a number only."
        raise ModuleError("mixed_learners", words, port="untrained", remedy=remedy)
    return label_tasks()[together]


@module(
    "Train Model by Group",
    icon="packages",
    columns=_before,
    aliases=("many models", "model per group", "per key", "by store", "partitioned training"),
    libraries=libraries(),
    lineage=Lineage(rows="new", label="label", trains=True),
)
def train_model_by_group(
    table: Table,
    *untrained: UntrainedModel,
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

    With several learners, each group gets the one that predicts best for a part of its training rows that it was not trained on; of a group with too few rows
    for that, the first one. The rows that judge the models choose nothing. The report says how many groups each learner wins, and how much better that is than one and
    the same learner in every group.

    Each model is judged on rows of its group that it was not trained on. The report has the figures over all groups, a histogram, the worst groups, and the
    groups that failed; the table has a row for each group. For numbers, WAPE is the sum of the absolute errors over the sum of the absolute actual values.
    On request one model of all groups is trained and judged on the same rows.

    A group that cannot be trained, such as one with a single row or a single class, fails alone, and its row says why. If more groups fail than may, the step
    fails. Groups are trained side by side, and kept one by one: a run that was stopped goes on with the missing ones, failed groups are trained again
    alone, and a group whose rows have not changed is not trained again.

    When to use:
        When groups behave differently, and each has enough rows. Compare with one model of all groups, which is often better for small groups.

    Args:
        table: The rows of all groups.
        untrained: The untrained model, for classification or regression; of several, each group gets the best.
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
    learners = named_apart(untrained)
    asked = Asked(label, groups.pick(table), positive_class, judging, may_fail_share, int(seed))
    task = narrowed(table, asked, _task(untrained))
    choose = OfLearners(learners, figures_of(task)[0], judging, int(seed))
    settings = dict(untrained[0].settings) if len(untrained) == 1 else {"learners": "; ".join(learners)}
    content = [learner_digest(each) for each in untrained]
    return trained(table, asked, task, Learners(_name(untrained), choose, len(untrained) > 1, content, settings))
