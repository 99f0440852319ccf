"""Tasks, one file each: what the modules that train, score and evaluate do for it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.packages import submodules
from pipelines.catalogue.ports import Table, UntrainedModel
from pipelines.modelling.evaluation.scored import ScoredRows
from pipelines.modelling.task import LabelTask, Task, UnlabelledTask

TRAIN_MODEL = "Train Model"


@cache
def tasks() -> Mapping[str, Task]:
    """Return every task by id, in the order in which they are asked whether a table of scores is theirs."""
    found: list[Task] = [module.TASK for _, module in submodules(__name__)]
    return {task.id: task for task in sorted(found, key=lambda task: task.order)}


def label_tasks() -> Mapping[str, LabelTask]:
    """Return the tasks whose models predict a label."""
    return {id: task for id, task in tasks().items() if isinstance(task, LabelTask)}


def task_of(rows: ScoredRows) -> Task:
    """Return the task of scored rows: the one that Score Model recorded, else the first that claims them.

    A script may record any task, so an unknown one counts as none.
    """
    known = tasks()
    return known.get(rows.role.task or "") or next(task for task in known.values() if task.claims(rows))


def needs_label(table: Table) -> bool:
    """Return whether scores of a table are compared with a label: all but those that a model without one computed."""
    recorded = [tasks().get(table.role(column).task or "") for column in table.columns_with("score")[-1:]]
    return not any(isinstance(task, UnlabelledTask) for task in recorded)


def check_trainer(untrained: UntrainedModel, trainer: str) -> None:
    """Check that a learner is connected to the module that trains its task; a task that is not known is answered when it is trained.

    Raises:
        ModuleError: `other_trainer`.
    """
    task = tasks().get(untrained.task)
    right = task.trainer if isinstance(task, UnlabelledTask) else TRAIN_MODEL
    if task is not None and right != trainer:
        raise ModuleError(
            "other_trainer",
            f"{untrained.name} is not trained by {trainer}, but by {right}.",
            port="untrained",
            remedy=f"Connect it to {right}, or connect a learner that {trainer} trains.",
        )
