"""A target that isolates nothing: a job's folder, messages and checks as in a sandbox, without the cost of an interpreter."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from pipelines.catalogue.reporting import Listener
from pipelines.execution.step import Outcome
from pipelines.execution.targets import NO_ITEMS, ItemSink, Job, JobStopped
from pipelines.execution.targets import job as inside
from pipelines.execution.targets.item_ends import ItemEnds
from pipelines.execution.targets.job_folder import job_folder, read_outcome
from pipelines.execution.targets.messages import Order, listen


class Inside:
    """Executes jobs in this process. `orders` are those it got. A job with the item `too_long` executes those before it, and is stopped by a limit."""

    def __init__(self) -> None:
        self.orders: list[Order] = []
        self.too_long = ""

    def execute(self, job: Job, listener: Listener, sink: ItemSink = NO_ITEMS) -> Outcome:
        with job_folder(job) as folder:
            order = msgspec.json.decode((folder / "job.json").read_bytes(), type=Order)
            self.orders.append(order)
            items = order.fans.items or {}
            if stopped := self.too_long in items:
                order.fans.items = {key: items[key] for key in items if key < self.too_long}
            end = listen([self._said(order, folder)], listener, ItemEnds(job, folder / "outputs", sink).take)
            if stopped:
                raise JobStopped("took_too_long", "The step exceeded its time limit and was stopped.")
            sink.commit()
            assert end
            return read_outcome(job, folder, end)

    @staticmethod
    def _said(order: Order, folder: Path) -> bytes:
        wire = os.memfd_create("wire")
        try:
            teller = inside.Messenger(wire)
            teller.send(inside._execute(order, inside.OutputFolder(folder), teller, {}))
            return os.pread(wire, os.fstat(wire).st_size, 0)
        finally:
            os.close(wire)
