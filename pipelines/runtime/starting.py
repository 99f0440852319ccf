"""Starting runs: from a graph, again on the same data, and in this process."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils import timezone

from pipelines.catalogue.discover import catalogue
from pipelines.compilation import Plan
from pipelines.execution.datasets import Datasets
from pipelines.execution.schedule import State
from pipelines.graph.model import Graph
from pipelines.models import Run, Step
from pipelines.runtime import local
from pipelines.runtime.ledger import opening
from pipelines.runtime.ledger.quota import UNLIMITED, Limits
from pipelines.runtime.planning import freeze
from pipelines.runtime.queue import enqueue

LEFT_OUT = "It writes outside Easel, or needs what such a step gives, so it is not executed again to verify a run."


def start(
    graph: Graph,
    *,
    scope: str,
    datasets: Datasets,
    document: str | None = None,
    by: str = "",
    parameters: Mapping[str, Any] | None = None,
    preset: str = "",
    to: Sequence[str] | None = None,
    force: bool = False,
    forced: Sequence[str] = (),
    stop_on_failure: bool = False,
    limits: Limits = UNLIMITED,
    source: str = "run",
    alongside: Callable[[Run], object] = lambda _: None,
    enqueue: Callable[[str], object] = enqueue,
) -> Run:
    """Freeze a graph and its plan as a new run, and enqueue it. Unfinished nodes and their dependents are left out.

    Args:
        graph: The graph to run.
        scope: The workspace whose results may be reused, and whose store receives the new ones.
        datasets: Resolves dataset names.
        document: The id of the pipeline document.
        by: The user who starts it, for display.
        parameters: Values of the pipeline's parameters by name; the others have those of the preset, else their defaults.
        preset: The name of a preset of the graph; empty for none.
        to: The nodes whose results are wanted; None for all.
        force, forced: Execute every step, or those of some nodes, even if the result is cached.
        stop_on_failure: End the whole run when a step fails, instead of continuing with independent steps.
        limits: The limits of the workspace; a run keeps those that it starts with.
        source: What starts it and gives the values of the parameters: run for a person, schedule, request.
        alongside: Called in the transaction that creates the run; when it raises, there is no run.
        enqueue: Wakes a worker for the run.

    Raises:
        UnsoundGraph: When the requested part has errors, or unfinished nodes leave nothing of it to run.
    """
    run = Run(scope=scope, document=document, by=by, force=force, stop_on_failure=stop_on_failure, limits=limits.as_json())
    run.source = None if source == "run" else source
    plan = freeze(run, graph, datasets, parameters or {}, to, forced, source, preset)
    opening.open_run(run, plan, alongside)
    enqueue(run.id)
    return run


def rerun(run: Run, *, by: str = "", limits: Limits = UNLIMITED, verify: bool = False, enqueue: Callable[[str], object] = enqueue) -> Run:
    """Start a run's graph again on the same data. Finished steps are reused, so it continues from the failed ones.

    Args:
        run: A run, finished or not.
        by: The user who starts it, for display.
        limits: The current limits of the workspace.
        verify: Execute every step but those that write outside Easel, to compare the results with those of the run.
        enqueue: Wakes a worker for the run.
    """
    names = ("scope", "document", "source", "graph", "plan", "parameters", "left_out", "to", "stop_on_failure")
    same = {name: getattr(run, name) for name in names}
    new, plan = Run(**same, by=by, limits=limits.as_json(), created_at=timezone.now()), run.read_plan()
    if verify:
        plan = _to_verify(run, new)
    opening.open_run(new, plan)
    enqueue(new.id)
    return new


def _to_verify(run: Run, new: Run) -> Plan:
    """Let a run execute all steps of another, without those that write outside Easel: their rows would be there twice. Returns its plan."""
    plan, modules = run.read_plan(), catalogue().modules
    writing = [node for node, step in plan.steps.items() if step.module in modules and modules[step.module].writes_outside]
    part = plan.without(writing)
    made = Step.of_nodes().filter(run=run, state=State.DONE, node__in=part.steps).values_list("node", "outputs")
    stored = {node for node, outputs in made if not any(record.get("deferred") for record in outputs.values())}
    part = replace(part, asked=part.asked | stored)  # what was stored is stored again, so that its readers read it in the same form
    left_out = [{"node": node, "reason": LEFT_OUT} for node in plan.steps if node not in part.steps]
    new.verifies, new.force, new.plan, new.left_out = run.id, True, part.as_json(), [*(run.left_out or ()), *left_out] or None
    return part


def run_locally(
    graph: Graph,
    *,
    scope: str,
    datasets: Datasets,
    parameters: Mapping[str, Any] | None = None,
    preset: str = "",
    force: bool = False,
    on_event: Callable[[dict[str, Any]], None] = lambda _: None,
) -> Run:
    """Start a run and execute it in this process, without a server or a broker. Call it in the main thread.

    Args:
        graph: The graph to run.
        scope: The workspace.
        datasets: Resolves dataset names.
        parameters, preset: Values of the pipeline's parameters by name, and the preset that gives others.
        force: Execute every step, even if its result is cached.
        on_event: Receives every event once, in order, from another thread.
    """
    given: dict[str, Any] = {"parameters": parameters, "preset": preset}
    return local.execute(start(graph, scope=scope, datasets=datasets, **given, force=force, enqueue=lambda _: None), on_event)
