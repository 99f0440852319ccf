"""Database models: runs, their steps, items and events, cached results, workers, storage, environments and sweeps."""

from pipelines.models.environments import Build, Connection, Environment, Leased
from pipelines.models.fans import Fan, Item, ItemValue
from pipelines.models.runs import Event, Result, Run, Step, Worker, new_id
from pipelines.models.storage import Holding, Unreferenced
from pipelines.models.sweeps import Sweep

__all__ = [
    "Build",
    "Connection",
    "Environment",
    "Event",
    "Fan",
    "Holding",
    "Item",
    "ItemValue",
    "Leased",
    "Result",
    "Run",
    "Step",
    "Sweep",
    "Unreferenced",
    "Worker",
    "new_id",
]
