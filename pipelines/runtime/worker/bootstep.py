"""Celery worker setup: preloaded pool processes that end with the worker, and a heartbeat beside the pool."""

from __future__ import annotations

import atexit
import gc
import importlib
import os
import sys
import threading
from contextlib import suppress
from typing import Any

import celery
from celery import bootsteps
from celery.signals import beat_embedded_init, worker_init, worker_process_init, worker_shutdown, worker_shutting_down
from django.conf import settings

from pipelines.catalogue.discover import catalogue
from pipelines.execution.targets import docker_client as docker
from pipelines.modelling.families import families
from pipelines.runtime.storage import artifacts
from pipelines.runtime.telemetry import log_context
from pipelines.runtime.worker.beat import BeatStep
from pipelines.runtime.worker.heartbeat import Heartbeat
from pipelines.runtime.worker.process import become_child, begin_shutdown, begin_worker
from pipelines.runtime.worker.registry import WorkerRegistration

# Imported before the pool forks, which saves a step 1.5 s. Only imported: their thread pools do not survive a fork.
WARM = ("pipelines.modelling.skops_io", "duckdb", "pyarrow", *(name for family in families().values() for name in family.warm))


class HeartbeatStep(bootsteps.StartStopStep):  # type: ignore[misc]  # celery has no types
    """Starts the heartbeat after the pool. It stops last: while the pool shuts down it keeps renewing leases."""

    requires = {"celery.worker.components:Pool"}

    def start(self, parent: Any) -> None:
        pool = parent.pool._pool
        registration = WorkerRegistration(parent.hostname, parent.concurrency)
        self.heartbeat = Heartbeat(lambda: children_of(pool), registration)
        worker_shutting_down.connect(self._leave)
        worker_shutdown.connect(self._end)
        self.heartbeat.start()

    def _leave(self, **_: Any) -> None:
        begin_shutdown()
        self.heartbeat.leave()

    def _end(self, sender: Any, **_: Any) -> None:
        self.heartbeat.stop()
        atexit.register(_exit, sender.exitcode or 0)


def _exit(exit_code: int) -> None:
    """Exit at once: everything is finished and sent, and tearing down loaded libraries takes a second, or many on a busy machine."""
    sys.stdout.flush()
    os._exit(exit_code)


def children_of(pool: Any) -> list[int]:
    """Return the pids of a pool's children, from a copy: the pool's thread may remove a dead one meanwhile, which would skip another."""
    return [process.pid for process in list(pool._pool)]


def equip(app: celery.Celery) -> None:
    """Register Easel's worker setup with a Celery application."""
    app.steps["worker"] |= {BeatStep, HeartbeatStep}
    worker_init.connect(_warm_up, weak=False)
    worker_process_init.connect(_set_up_child, weak=False)
    beat_embedded_init.connect(_set_up_child, weak=False)


def _warm_up(sender: Any = None, **_: Any) -> None:
    log_context.set_process_context(worker=getattr(sender, "hostname", ""))
    begin_worker()
    gc.disable()  # what is loaded stays in memory
    try:
        _load()
    finally:
        gc.enable()


def _load() -> None:
    for name in (*WARM, settings.EASEL_FILE_READER):
        importlib.import_module(name)
    artifacts.load_client()
    for module in catalogue().modules.values():
        module.source, module.library_versions  # noqa: B018  computed here once, for all children
    gc.collect()
    gc.freeze()  # exempt loaded objects from garbage collection: it would cost children time and unshare their memory


def _set_up_child(**_: Any) -> None:
    become_child()
    threading.Thread(target=_reap_containers, daemon=True).start()


def _reap_containers() -> None:
    """Remove containers left running by a dead worker, or by the dead child that this process replaces."""
    if docker.is_likely():
        with suppress(docker.DockerUnavailable):
            docker.reap()
