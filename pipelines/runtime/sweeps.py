"""Sweeps: starting their runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import Any

from django.utils import timezone

from pipelines.execution.datasets import Datasets
from pipelines.graph.model import Graph
from pipelines.graph.sweep import Values, combinations
from pipelines.models import Run, Sweep
from pipelines.runtime.ledger import opening
from pipelines.runtime.ledger.quota import UNLIMITED, Limits
from pipelines.runtime.planning import freeze
from pipelines.runtime.queue import enqueue


def sweep(
    graph: Graph,
    values: Values,
    *,
    scope: str,
    datasets: Datasets,
    document: str | None = None,
    by: str = "",
    to: Sequence[str] | None = None,
    stop_on_failure: bool = False,
    preset: str = "",
    limits: Limits = UNLIMITED,
    enqueue: Callable[[str], object] = enqueue,
) -> Sweep:
    """Start a run for each combination of values of parameters. What does not differ is executed once.

    Args:
        graph, scope, datasets, document, by, to, stop_on_failure, preset, limits, enqueue: As for `start`, for each run.
        values: Several values of each parameter, of which every combination is run, or a list of combinations.

    Raises:
        UnsoundGraph: When the values are none, too many or equal, or the graph cannot be run with one of them. Then nothing is started.
    """
    same = {"scope": scope, "document": document, "by": by, "stop_on_failure": stop_on_failure, "limits": limits.as_json()}
    started, runs = _open_sweep(graph, combinations(values), datasets, to, same, preset)
    for run in runs:
        enqueue(run)
    return started


class _SameDatasets:
    """Resolves each dataset once, so that all runs of a sweep have the same version."""

    def __init__(self, datasets: Datasets) -> None:
        self.find = cache(datasets.find)
        self.find_model = cache(datasets.find_model)


def _open_sweep(
    graph: Graph,
    found: Sequence[Mapping[str, Any]],
    datasets: Datasets,
    to: Sequence[str] | None,
    same: Mapping[str, Any],
    preset: str,
) -> tuple[Sweep, list[str]]:
    """Store a sweep and its runs, all or none.

    Args:
        graph: The graph to run.
        found: The values of parameters of each run.
        datasets: Resolves dataset names.
        to: The nodes whose results are wanted; None for all.
        same: Fields of a run that are the same for all.
        preset: What gives the values that are not in `found`.

    Returns:
        The sweep, and the ids of its runs in the order of `found`, in which they start.

    Raises:
        UnsoundGraph: When the graph cannot be run with one of the combinations.
    """
    now, datasets = timezone.now(), _SameDatasets(datasets)
    names = list(dict.fromkeys(name for each in found for name in each))
    sweep = Sweep(scope=same["scope"], document=same["document"], by=same["by"], parameters=names, created_at=now)
    runs = []
    for number, each in enumerate(found):
        run = Run(**same, sweep=sweep.id)
        plan = freeze(run, graph, datasets, each, to, source="sweep", preset=preset)
        run.created_at = now + timedelta(microseconds=number)
        runs.append((run, plan))
    opening.open_runs(runs, lambda: sweep.save(force_insert=True))
    return sweep, [run.id for run, _ in runs]
