"""Read sweeps: the values, the progress and the figures of their runs, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from threading import Lock
from typing import Annotated, Any, Literal

import msgspec
from cachetools import LRUCache, cached
from django.db.models import Count, Q

from pipelines.execution.headline import Headline, headlines
from pipelines.execution.output import Output
from pipelines.execution.schedule import RunState, State
from pipelines.execution.store import Damaged
from pipelines.models import Run, Step, Sweep
from pipelines.runtime.storage.artifacts import store

MOST_FIGURES = 60


class SweepFigure(msgspec.Struct):
    """A figure that runs of a sweep have."""

    title: str
    better: Literal["high", "low"] | None


class SweepRun(msgspec.Struct):
    """A run of a sweep: what it was given, how far it is, and what came out."""

    run: str
    state: RunState
    values: dict[str, Any]
    started_at: datetime | None
    finished_at: datetime | None
    steps: int
    ended: Annotated[int, msgspec.Meta(description="How many steps have ended.")]
    reused: Annotated[int, msgspec.Meta(description="How many of them reused a result, such as that of a run of the same sweep.")]
    error: str | None
    figures: dict[str, float]


class SweepTable(msgspec.Struct):
    """The runs of a sweep, in the order in which they were asked for. The figures are those of each run's last report."""

    figures: list[SweepFigure]
    runs: list[SweepRun]
    best: Annotated[
        str | None, msgspec.Meta(description="The run with the best first figure; null without one, or when none is better than another.")
    ]


def sweep_table(sweep: Sweep) -> SweepTable:
    """Return the table of a sweep. Figures of a report that is lost are missing."""
    runs = list(Run.objects.filter(sweep=sweep.pk).defer("graph", "plan").order_by("created_at"))
    counts, errors, reports = _counts(sweep), _errors(sweep), _reports(runs)
    titles: dict[str, SweepFigure] = {}
    rows = []
    for run in runs:
        found = _figures_of(run.scope, reports.get(run.id))
        for each in found:
            titles.setdefault(each.title, SweepFigure(each.title, each.better))
        given = {name: each["value"] for name, each in (run.parameters or {}).items() if name in sweep.parameters}
        steps, ended, reused = counts.get(run.id, (0, 0, 0))
        own = {each.title: each.value for each in reversed(found)}
        rows.append(
            SweepRun(run.id, run.state, given, run.started_at, run.finished_at, steps, ended, reused, errors.get(run.id), own)  # type: ignore[arg-type]  # a text column
        )
    figures = list(titles.values())[:MOST_FIGURES]
    return SweepTable(figures, rows, _best(figures[0], rows) if figures else None)


def _best(figure: SweepFigure, rows: Sequence[SweepRun]) -> str | None:
    having = [row for row in rows if figure.title in row.figures]
    if not having or figure.better is None or len({row.figures[figure.title] for row in having}) < 2:
        return None
    sign = 1 if figure.better == "high" else -1
    return max(having, key=lambda row: sign * row.figures[figure.title]).run


def _counts(sweep: Sweep) -> Mapping[str, tuple[int, int, int]]:
    """Return how many steps each run has, has ended, and has reused."""
    over = Q(state__in=(State.DONE, State.FAILED, State.SKIPPED, State.CANCELLED))
    steps = Step.of_nodes().filter(run__sweep=sweep.pk).values("run_id")
    found = steps.annotate(steps=Count("id"), ended=Count("id", filter=over), again=Count("id", filter=Q(reused=True)))
    return {run: (steps, ended, reused) for run, steps, ended, reused in found.values_list("run_id", "steps", "ended", "again")}


def _errors(sweep: Sweep) -> Mapping[str, str]:
    """Return the first error of each run, in words."""
    failed = Step.of_nodes().filter(run__sweep=sweep.pk, error__isnull=False).order_by("-id")
    return {run: error["words"] for run, error in failed.values_list("run_id", "error") if error}


def _reports(runs: Sequence[Run]) -> Mapping[str, str]:
    """Return the digest of the report with the headline of each run."""
    places = {run.id: run.headline for run in runs if run.headline}
    steps = Step.objects.filter(run__in=places, node__in={place["node"] for place in places.values()})
    found = {}
    for run, node, outputs in steps.values_list("run_id", "node", "outputs"):
        place = places[run]
        if node == place["node"] and place["port"] in outputs:
            found[run] = Output.from_json(outputs[place["port"]]).report or ""
    return found


def _figures_of(scope: str, digest: str | None) -> Sequence[Headline]:
    try:
        return _read_figures(scope, digest) if digest else ()
    except (OSError, Damaged):  # the table shows that they are missing
        return ()


@cached(LRUCache(2_000), lock=Lock())  # a report never changes
def _read_figures(scope: str, digest: str) -> Sequence[Headline]:
    said = msgspec.json.decode(store(scope).path(digest).read_bytes())
    return list(headlines(said["blocks"], said.get("metrics", ())))
