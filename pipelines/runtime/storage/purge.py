"""The end of a scope: its runs, its results and its files go for good."""

from __future__ import annotations

from django.db import transaction

from pipelines.models import Environment, Event, Holding, Result, Run, Step, Unreferenced
from pipelines.runtime.storage.artifacts import store


class RunsInProgress(Exception):
    """Runs of the scope are not over."""

    def __init__(self, runs: int) -> None:
        super().__init__(f"{runs} runs are going")
        self.runs = runs


def purge(scope: str) -> None:
    """Remove everything that a scope's runs left, and its store. The files go once the transaction it is called in is committed.

    Raises:
        StillGoing: While runs of it are going: their workers would write into what was removed.
    """
    if going := Run.objects.filter(scope=scope, finished_at=None).count():
        raise RunsInProgress(going)
    with transaction.atomic():
        Event.objects.filter(run__scope=scope).delete()
        Step.objects.filter(run__scope=scope).delete()
        Run.objects.filter(scope=scope).only("pk").delete()
        for model in (Result, Holding, Unreferenced, Environment):
            model._default_manager.filter(scope=scope).delete()
        transaction.on_commit(store(scope).drop, robust=True)
