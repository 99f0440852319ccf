"""Prometheus metrics: current state from the database, counters from the workers' counts and from this process."""

from __future__ import annotations

import os
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, get_args

import django
from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.db.models import Count, F, Max, Q, Sum
from django.db.models.functions import Coalesce, Greatest
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from prometheus_client import REGISTRY, CollectorRegistry, exposition, multiprocess
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from designer.site.health import answers
from designer.workspaces.endpoint import Page
from pipelines import flow
from pipelines.flow import counters
from pipelines.models import Holding, Run, Step, Worker
from pipelines.procfs import is_alive


class Metrics(Page):
    """The figures of the installation and of this web service."""

    actions: ClassVar = {"get": "site.metrics"}

    def get(self, request: HttpRequest) -> HttpResponse:
        registry = CollectorRegistry()
        registry.register(Installation())
        registry.register(_own_figures())
        encode, kind = exposition.choose_encoder(request.headers.get("Accept", ""))
        return HttpResponse(encode(registry), content_type=kind)


class Installation:
    """The same from every web process."""

    def collect(self) -> Iterator[Metric]:
        facts = {"version": _version(), "python": sys.version.split()[0], "django": django.get_version()}
        build = GaugeMetricFamily("easel_build_info", "What runs here; always 1.", labels=list(facts))
        build.add_metric(list(facts.values()), 1)
        yield build
        try:
            found = [*_runs(), *_steps(), *_workers(), *_store()]
        except (DatabaseError, InterfaceError):
            found = []
        yield GaugeMetricFamily("easel_database_up", "Whether the database provided these metrics.", value=bool(found))
        yield from found
        yield from _parts()


def _parts() -> Iterator[Metric]:
    """The results of /ready, so that an alert can name the part that is unavailable."""
    ready = GaugeMetricFamily("easel_part_ready", "Whether a part of the installation can serve, as /ready says.", labels=["part"])
    for part, (fine, _) in answers().items():
        ready.add_metric([part], fine)
    yield ready


def _runs() -> Iterator[Metric]:
    counted = dict(Run.objects.values_list("state").annotate(Count("id")))
    runs = GaugeMetricFamily("easel_runs", "Stored runs, by state.", labels=["state"])
    for state in get_args(flow.RunState):
        runs.add_metric([state], counted.get(state, 0))
    yield runs


def _steps() -> Iterator[Metric]:
    """The queue. A run waits since its last step started or finished, or since it was started."""
    now = timezone.now()
    going = Step.objects.exclude(run__state__in=flow.TERMINAL)
    ready = going.filter(Q(ready_at=None) | Q(ready_at__lte=now), state="ready")
    last = Greatest(Max("steps__started_at"), Max("steps__finished_at"))  # on SQLite, Greatest is NULL when one argument is NULL
    waits = Run.objects.filter(pk__in=ready.values("run")).annotate(since=Coalesce(last, Max("steps__started_at"), F("created_at")))
    longest = max((now - since for since in waits.values_list("since", flat=True)), default=timedelta())
    yield GaugeMetricFamily("easel_steps_ready", "Steps that wait for a worker.", value=ready.count())
    yield GaugeMetricFamily("easel_steps_running", "Steps that are executed.", value=going.filter(state="running").count())
    yield GaugeMetricFamily(
        "easel_longest_wait_seconds",
        "How long the run that has waited longest has had a ready step without any step starting or ending.",
        value=max(longest.total_seconds(), 0.0),
    )


def _workers() -> Iterator[Metric]:
    there = flow.workers()
    yield GaugeMetricFamily("easel_workers", "Workers with a heartbeat in the last 20 seconds.", value=len(there))
    processes = GaugeMetricFamily("easel_worker_processes", "Steps that a worker executes at once.", labels=["worker"])
    steps = CounterMetricFamily("easel_steps", "Steps that a worker brought to an end, or lost.", labels=["worker", "outcome"])
    expired = CounterMetricFamily("easel_leases_expired", "Steps found with a lease that ran out.", labels=["worker"])
    rung = CounterMetricFamily(
        "easel_doorbells_rung_again", "Runs that were enqueued again because their message was lost.", labels=["worker"]
    )
    seconds = HistogramMetricFamily("easel_step_seconds", "Time a step took, done or failed.", labels=["worker"])
    for named, counts in _by_name(there).items():
        name = [named]
        processes.add_metric(name, sum(worker.processes for worker in there if worker.name == named))
        for outcome in counters.OUTCOMES:
            steps.add_metric([*name, outcome], counts[outcome])
        expired.add_metric(name, counts["leases_expired"])
        rung.add_metric(name, counts["doorbells_rung_again"])
        seconds.add_metric(name, _cumulated(counts), counts["seconds_sum"])
    yield from (processes, steps, expired, rung, seconds)


def _store() -> Iterator[Metric]:
    kept = GaugeMetricFamily(
        "easel_store_bytes", "Bytes in the stores as of the last look through each, by what needs them.", labels=["for"]
    )
    sums = Holding.objects.aggregate(runs=Sum("of_runs"), datasets=Sum("of_datasets"), nothing=Sum("unreferenced"))
    for purpose, bytes in sums.items():
        kept.add_metric([purpose], bytes or 0)
    yield kept


def _by_name(there: Iterable[Worker]) -> dict[str, Counter[str]]:
    """The counts by worker name: for some seconds after a worker was killed, its successor of the same name counts beside it."""
    found: dict[str, Counter[str]] = {}
    for worker in there:
        found.setdefault(worker.name, Counter()).update(worker.counts)
    return found


def _cumulated(counts: Counter[str]) -> list[tuple[str, float]]:
    bounds, so_far, buckets = [*(f"{bound:g}" for bound in counters.SECONDS), "+Inf"], 0.0, []
    for bound, name in zip(bounds, counters.BUCKETS, strict=True):
        so_far += counts[name]
        buckets.append((bound, so_far))
    return buckets


def _own_figures() -> Any:
    """Of this process; of all that share a folder, when one is set for several processes behind one address."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if not folder:
        return REGISTRY
    for file in Path(folder).glob("gauge_live*.db"):
        if not is_alive(int(file.stem.rpartition("_")[2])):
            file.unlink(missing_ok=True)
    return multiprocess.MultiProcessCollector(None, folder)  # type: ignore[no-untyped-call]


@cache
def _version() -> str:
    project: dict[str, dict[str, str]] = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())
    return project["project"]["version"]
