"""Purge a scope: delete its runs, results and files for good."""

from __future__ import annotations

from django.db import transaction

from pipelines.models import Connection, Environment, Event, Fan, Holding, Item, ItemValue, Result, Run, Step, Sweep, Unreferenced
from pipelines.runtime.storage.artifacts import store


class RunsInProgress(Exception):
    """Runs of the scope are not finished."""

    def __init__(self, runs: int) -> None:
        super().__init__(f"{runs} runs are going")
        self.runs = runs


def purge(scope: str) -> None:
    """Delete all rows of a scope and its store. The files are deleted after the surrounding transaction commits.

    Raises:
        RunsInProgress: While runs are unfinished: their workers would write into the deleted store.
    """
    if going := Run.objects.filter(scope=scope, finished_at=None).count():
        raise RunsInProgress(going)
    with transaction.atomic():
        for of_runs in (Event, Item, Fan):
            of_runs._default_manager.filter(run__scope=scope).delete()
        Step.objects.filter(run__scope=scope).delete()
        Run.objects.filter(scope=scope).only("pk").delete()
        for model in (Result, ItemValue, Holding, Unreferenced, Environment, Connection, Sweep):
            model._default_manager.filter(scope=scope).delete()
        transaction.on_commit(store(scope).drop, robust=True)
