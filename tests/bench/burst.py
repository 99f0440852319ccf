"""Writes a burst of events to a run's ledger, as a verbose step does. Imported in a process whose Django shares an installation's home."""

from __future__ import annotations

import sys
import time
from datetime import timedelta

from django.utils import timezone

from designer.workspaces.models import Workspace
from pipelines import events as say
from pipelines import flow
from pipelines.models import Run
from pipelines.runtime.ledger import ledger
from tests.support.remote_control import SampleDatasets

NODE = {"module": "data.enter_data", "params": {"text": "a\n1\n"}}
IN_A_TRANSACTION = 25


def serve() -> None:
    """Create a run and print its id; for each number read, write that many events with a timestamp, and print the last event's number."""
    scope = Workspace.objects.get().pk
    run = flow.start(flow.read({"nodes": {"a": NODE}}), scope=scope, datasets=SampleDatasets(scope), enqueue=lambda _: None)
    Run.objects.filter(pk=run.id).update(rung_at=timezone.now() + timedelta(days=1))  # keep workers from being notified of it
    print(run.id, flush=True)
    for line in sys.stdin:
        for _ in range(int(line) // IN_A_TRANSACTION):
            with ledger.open_ledger(run.id) as unit:
                for _ in range(IN_A_TRANSACTION):
                    unit.record_event(say.log("a", f"{time.time()} {'and so on ' * 10}"))
        print(Run.objects.get(pk=run.id).last_event, flush=True)
