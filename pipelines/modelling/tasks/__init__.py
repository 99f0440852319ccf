"""Tasks, one file each: what Train Model, Score Model and Evaluate Model do for it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from pipelines.catalogue.packages import submodules
from pipelines.modelling.evaluation.scored import ScoredRows
from pipelines.modelling.task import Task


@cache
def tasks() -> Mapping[str, Task]:
    """Return every task by id, in the order in which they are asked whether a table of scores is theirs."""
    found: list[Task] = [module.TASK for _, module in submodules(__name__)]
    return {task.id: task for task in sorted(found, key=lambda task: task.order)}


def task_of(rows: ScoredRows) -> Task:
    """Return the task of scored rows: the one that Score Model recorded, else the first that claims them.

    A script may record any task, so an unknown one counts as none.
    """
    known = tasks()
    return known.get(rows.role.task or "") or next(task for task in known.values() if task.claims(rows))
