"""Jobs for tests of targets."""

from unittest.mock import Mock

import polars as pl

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import Table
from pipelines.compilation import Step
from pipelines.execution.codecs import save
from pipelines.execution.store import LocalStore
from pipelines.execution.targets import Job, Limits

FRAME = pl.DataFrame({"a": [1, 2, 3], "b": ["x", "y", "z"]})
FEW = Limits(memory_bytes=1024**3, seconds=60.0, disk_bytes=1024**3, processes=64)


def job(folder, module="script.python", settings=None, execution=None, limits=FEW, inputs=1):
    """A job of a module, with the same table at its first inputs."""
    store, module = LocalStore(folder / "store"), catalogue().modules[module]
    table = save(Table(FRAME), store)
    step = Step("n0", module.id, module.settings(settings or {}), {}, {}, execution or {})
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
