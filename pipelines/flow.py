"""The spine, and the engine's only face: check a graph, start it, stop it, look at what came out."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from django.utils import timezone

from pipelines import ledger
from pipelines.artifacts import forget_unfinished, store
from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import Table
from pipelines.compilation import compile
from pipelines.datasets import Datasets, Once, found_datasets, missing_datasets
from pipelines.execution.codecs import load_table
from pipelines.execution.output import ColumnInfo, Output, describe
from pipelines.execution.schedule import State
from pipelines.forgetting import StillGoing, forget
from pipelines.graph import codec
from pipelines.graph.model import Graph
from pipelines.graph.problem import Problem, UnsoundGraph
from pipelines.graph.shape import Shape
from pipelines.models import Event, Run, Step
from pipelines.presence import workers
from pipelines.process import STOP, on_stop
from pipelines.pulse import Pulse
from pipelines.tasks import ring, work_on
from pipelines.validation import COMPLETE, DRAWN, find_problems
from pipelines.validation.columns import Columns

__all__ = [
    "Checked",
    "Datasets",
    "Graph",
    "Output",
    "Problem",
    "StillGoing",
    "UnsoundGraph",
    "cancel",
    "check",
    "drawn_problems",
    "dump",
    "events",
    "forget",
    "forget_unfinished",
    "output",
    "read",
    "report",
    "ring",
    "run_here",
    "run_json",
    "start",
    "store",
    "table",
    "workers",
]
dump = codec.dump


@dataclass(frozen=True)
class Checked:
    """What a check found: problems, and for every output port that gives a table its columns where they are known."""

    problems: Sequence[Problem]
    columns: Mapping[str, Mapping[str, Sequence[ColumnInfo] | None]]


def read(document: object) -> Graph:
    """Read a document's JSON into a graph with present names.

    Raises:
        UnsoundGraph: When it is not as the format says; every place is named.
    """
    return catalogue().modernise(codec.load(document))


def drawn_problems(graph: Graph) -> list[Problem]:
    """What a draft must not hold: unknown modules and ports, cycles, wrong kinds, settings of the wrong type."""
    return find_problems(graph, catalogue(), DRAWN)


def check(graph: Graph, datasets: Datasets, scope: str) -> Checked:
    """Judge a graph and tell the columns at its ports. Nothing is carried out."""
    problems, known = _judge(graph, datasets, scope)
    columns = {
        node: {port: None if table is None else describe(table) for port, table in ports.items()}
        for node, ports in (known.known if known else {}).items()
    }
    return Checked(problems, columns)


def start(
    graph: Graph,
    *,
    scope: str,
    datasets: Datasets,
    document: str | None = None,
    by: str = "",
    to: Sequence[str] | None = None,
    force: bool = False,
    bell: Callable[[str], None] = ring,
) -> Run:
    """Freeze a graph and its plan as a new run, and wake a worker.

    Args:
        graph: What to carry out.
        scope: The workspace whose results may be reused, and whose store holds the new ones.
        datasets: How datasets are found.
        document: The id of the pipeline it was drawn in.
        by: Who started it, for people to read.
        to: The nodes whose results are wanted; None for all.
        force: Carry every step out, even where its result is known.
        bell: How a worker is woken.

    Raises:
        UnsoundGraph: When the part that is asked for has problems.
    """
    wanted, datasets = _part(graph, to), Once(datasets)
    problems = [problem for problem in _judge(wanted, datasets, scope)[0] if problem.severity == "error"]
    if not wanted.nodes:
        problems = [Problem("empty_pipeline", "There is nothing to run yet.", remedy="Drag a module from the palette onto the canvas.")]
    if problems:
        raise UnsoundGraph(problems)
    plan = compile(wanted, catalogue(), found_datasets(wanted, datasets))
    run = Run(
        scope=scope,
        document=document,
        by=by,
        graph=codec.dump(graph),
        plan=plan.as_json(),
        to=list(to) if to is not None else None,
        force=force,
        created_at=timezone.now(),
    )
    ledger.open_run(run, plan)
    bell(run.id)
    return run


def cancel(run: Run) -> None:
    """Ask a run to end: what has not started is cancelled now, what runs within five seconds."""
    with ledger.writing(run.id) as book:
        book.cancel()


def run_here(
    graph: Graph, *, scope: str, datasets: Datasets, force: bool = False, tell: Callable[[dict[str, Any]], None] = lambda _: None
) -> Run:
    """Start a run and carry it out in this process, without a server or a broker. Call it in the main thread.

    Args:
        tell: Gets every event once, in order, from another thread.
    """
    signal.signal(STOP, on_stop)
    pulse = Pulse(children=lambda: [os.getpid()])
    pulse.start()
    run = start(graph, scope=scope, datasets=datasets, force=force, bell=lambda _: None)
    told = threading.Thread(target=_follow, args=(run, tell), daemon=True)
    told.start()
    while not Run.objects.filter(pk=run.id, finished_at__isnull=False).exists():
        work_on(run.id, ring=lambda _, __: None, slice_seconds=float("inf"))
        time.sleep(0.01)
    pulse.stop()
    told.join()
    run.refresh_from_db()
    return run


def _follow(run: Run, tell: Callable[[dict[str, Any]], None]) -> None:
    after, ended = 0, False
    while not ended:
        time.sleep(0.05)
        ended = Run.objects.filter(pk=run.id, finished_at__isnull=False).exists()
        for event in events(run, after, limit=1_000_000):
            after = event["seq"]
            tell(event)


def run_json(run: Run, *, whole: bool = True) -> dict[str, Any]:
    """A run as the API shows it; `whole` adds the frozen graph and the steps."""
    facts: dict[str, Any] = {
        "id": run.id,
        "state": run.state,
        "workspace": run.scope,
        "created_at": run.created_at,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "started_by": run.by,
        "last_event": run.last_event,
        "to": run.to,
        "force": run.force,
    }
    if whole:
        facts["graph"] = run.graph
        facts["steps"] = {step.node: _step_json(step) for step in run.steps.order_by("id")}
    return facts


def _step_json(step: Step) -> dict[str, Any]:
    return {
        "state": step.state,
        "reused": step.reused,
        "why": step.why or None,
        "attempt": step.attempt,
        "started_at": step.started_at,
        "finished_at": step.finished_at,
        "seconds": step.seconds,
        "progress": None,
        "error": step.error,
        "outputs": step.outputs,
    }


def events(run: Run, after: int = 0, limit: int = 1000) -> list[dict[str, Any]]:
    """What a run said after an event's number, in order."""
    return list(Event.objects.filter(run_id=run.id, seq__gt=after).order_by("seq").values_list("body", flat=True)[:limit])


def output(run: Run, node: str, port: str) -> Output | None:
    """What a step of a run left at a port; None when there is no such step, or it has not come so far."""
    outputs = Step.objects.filter(run_id=run.id, node=node, state=State.DONE).values_list("outputs", flat=True).first() or {}
    return Output.from_json(outputs[port]) if port in outputs else None


def table(output: Output, scope: str) -> Table:
    """The table of an output, memory-mapped.

    Raises:
        Damaged: When the stored bytes are gone or changed.
    """
    return load_table(output, store(scope))


def report(output: Output, scope: str) -> Any:
    """The page that shows an output, as JSON; None when it has none."""
    return msgspec.json.decode(store(scope).path(output.report).read_bytes()) if output.report else None


def _part(graph: Graph, to: Sequence[str] | None) -> Graph:
    """The part of a drawing that a run to some nodes carries out."""
    if to is None:
        return graph
    if strange := [node for node in to if node not in graph.nodes]:
        raise UnsoundGraph([Problem("unknown_node", f"There is no node {strange[0]} to run to.", node=strange[0])])
    return graph.only(Shape.of(graph).upstream(to))


def _judge(graph: Graph, datasets: Datasets, scope: str) -> tuple[list[Problem], Columns | None]:
    """A graph's problems, and its columns unless it is drawn wrong."""
    if drawn := drawn_problems(graph):
        return drawn, None
    known = Columns(graph, catalogue(), lambda name, version: _empty(datasets.find(name, version), scope))
    return [*find_problems(graph, catalogue(), COMPLETE), *missing_datasets(graph, datasets), *known.problems], known


def _empty(record: Output | None, scope: str) -> Table | None:
    if record is None:
        return None
    whole = table(record, scope)
    return whole.with_frame(whole.frame.clear())
