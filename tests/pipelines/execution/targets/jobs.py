"""Jobs for tests of targets, and stopping them."""

import os
import signal
import threading
from contextlib import contextmanager
from unittest.mock import Mock

import polars as pl

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import Table
from pipelines.compilation import Step
from pipelines.execution.codecs import save
from pipelines.execution.step import Stopped
from pipelines.execution.store import LocalStore
from pipelines.execution.targets import Job, Limits
from pipelines.graph.run_options import RunOptions

FRAME = pl.DataFrame({"a": [1, 2, 3], "b": ["x", "y", "z"]})
FEW = Limits(memory_bytes=1024**3, seconds=300.0, disk_bytes=1024**3, processes=64)


def job(folder, module="script.python", settings=None, execution=None, limits=FEW, inputs=1):
    """A job of a module, with the same table at its first inputs."""
    store, module = LocalStore(folder / "store"), catalogue().modules[module]
    table = save(Table(FRAME), store)
    step = Step("n0", module.id, module.settings(settings or {}), {}, {}, RunOptions(**execution or {}))
    return Job(step, module, {port.name: [table] for port in module.inputs[:inputs]}, {}, store, limits)


def script(folder, code, **more):
    """A job of a script."""
    return job(folder, settings={"code": code}, **more)


def scratch(job):
    """What lies aside in the job's store."""
    return list(job.store.scratch().parent.iterdir())


def listener():
    """Somebody who hears."""
    return Mock()


@contextmanager
def stopped_once(began):
    """Inside, this process is told to stop as soon as an event is set, as the pulse tells a worker's child."""

    def stop(*_):
        raise Stopped

    before = signal.signal(signal.SIGUSR2, stop)
    sender = threading.Thread(target=lambda: began.wait() and os.kill(os.getpid(), signal.SIGUSR2))
    sender.start()
    try:
        yield
    finally:
        sender.join()
        signal.signal(signal.SIGUSR2, before)
