"""Run services: start and cancel."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User

from designer.datasets.models import Dataset
from designer.datasets.quota import check_room
from designer.datasets.resolver import WorkspaceDatasets, number_of
from designer.datasets.saving import save_output
from designer.documents import broadcast, repository
from designer.documents.models import Pipeline, Version
from designer.documents.services import make, sound_document, unused_name
from designer.http.errors import Refusal, invalid_graph
from designer.runs.queries import output_of, step_of
from designer.runs.schemas import Estimates
from designer.workspaces.models import Workspace
from designer.workspaces.people import name_of
from pipelines import flow
from pipelines.models import Run


def start(
    pipeline: Pipeline,
    by: User,
    *,
    to: Sequence[str] | None = None,
    force: bool = False,
    force_nodes: Sequence[str] = (),
    parameters: Mapping[str, Any] | None = None,
    preset: str = "",
    stop_on_failure: bool = False,
    version: Version | None = None,
    schedule: str = "",
    alongside: Callable[[Run], object] = lambda _: None,
) -> Run:
    """Run a pipeline in its current state or a named version of it, and notify its open canvases.

    Args:
        pipeline: The pipeline.
        by: Who starts it.
        to, force, force_nodes, parameters, preset, stop_on_failure: As the engine takes them.
        version: The version to run instead of the current state.
        schedule: The name of the schedule that starts it.
        alongside: Called in the transaction that creates the run; when it raises, there is no run.

    Raises:
        Refusal: 422 with every problem when it is invalid; 409 when the store is full.
    """
    drawing, problems = drawn(pipeline, version)
    if unfit := [problem for problem in problems if problem.severity == "error"]:
        raise invalid_graph(unfit)
    return launch(
        drawing,
        pipeline.workspace,
        document=pipeline.pk,
        by=f"{name_of(by)} (schedule {schedule})"[:200] if schedule else name_of(by),
        source="schedule" if schedule else "run",
        to=to,
        force=force,
        forced=force_nodes,
        parameters=parameters,
        preset=preset,
        stop_on_failure=stop_on_failure,
        alongside=alongside,
    )


def launch(drawing: flow.Graph, workspace: Workspace, *, document: str | None, by: str, source: str, **more: Any) -> Run:
    """Run a graph on the data of a workspace. A run that a person starts is shown on the open canvases of its pipeline.

    Args:
        drawing: The graph.
        workspace: The workspace.
        document: The pipeline that it is, or was made of.
        by: Who starts it, for display.
        source: What gives the values of parameters.
        more: As the engine takes it.

    Raises:
        UnsoundGraph: With every problem.
        Refusal: 409 when the store is full.
    """
    check_room(workspace)
    run = flow.start(
        drawing,
        scope=workspace.pk,
        datasets=WorkspaceDatasets(workspace),
        document=document,
        by=by,
        limits=workspace.limits_in_force(),
        source=source,
        **more,
    )
    if source == "run":  # canvases show the runs of the draft
        _tell(run)
    return run


def drawn(pipeline: Pipeline, version: Version | None) -> tuple[flow.Graph, Sequence[flow.Problem]]:
    """The graph of a pipeline's current state or of a version, with its problems."""
    if version is None:
        _, reading = repository.read_draft(pipeline.pk)
        return reading.drawing, reading.problems
    graph = flow.read(version.graph)
    return graph, flow.draft_problems(graph)


def again(run: Run, by: User, *, verify: bool = False) -> Run:
    """Run the same graph on the same data again, from where it failed or was cancelled; to verify it, all of it.

    Raises:
        Refusal: 409 while it is running, or when the store is full.
    """
    if run.state not in flow.TERMINAL:
        raise Refusal(
            409, "still_going", f"This run has not finished: it is {run.state}.", remedy="Wait until it has finished, or cancel it."
        )
    workspace = Workspace.objects.get(pk=run.scope)
    check_room(workspace)
    started = flow.rerun(run, by=name_of(by), limits=workspace.limits_in_force(), verify=verify)
    _tell(started)
    return started


def save(run: Run, by: User, node: str, port: str, name: str) -> Dataset:
    """Save what a step left at a port under a name of the workspace.

    Raises:
        Refusal: When there is no such output, or it cannot be saved.
    """
    output = output_of(run, node, port)
    return save_output(Workspace.objects.get(pk=run.scope), by, output, name, f"Saved from {node}.{port} of run {run.pk}")


def held(run: Run, node: str, report: Mapping[str, Any], candidate: str) -> Mapping[str, Any]:
    """The pipeline that the report of a node holds, with what its nodes stand for.

    Args:
        run: The run.
        node: The node.
        report: Its report.
        candidate: Of a search, the name of the candidate to open; if empty, the winner.

    Raises:
        Refusal: 404 `no_pipeline`.
        ModuleError: When there is no such candidate.
    """
    found = flow.held_pipeline(report)
    if found is None:
        raise Refusal(404, "no_pipeline", "This report holds no pipeline.", remedy="Use the report of Train Best Model.", node=node)
    return flow.candidate(run, step_of(run, node), found, candidate) if candidate else found


def reopen(run: Run, by: User, node: str, held: Mapping[str, Any], candidate: str) -> Pipeline:
    """Create a pipeline of one that is held, on the data of the run: where a dataset has a newer version, that of the run is set."""
    workspace = Workspace.objects.get(pk=run.scope)
    graph = flow.reopened(run, node, held)
    for each, digests in flow.datasets_of(run).items():
        params = graph.nodes[each].params if each in graph.nodes else {}
        for param, digest in digests.items():
            number = number_of(workspace, params.get(param), digest)
            if number and not params.get("version"):
                graph = graph.with_params(each, version=number)
    name = unused_name(workspace, f"{candidate or 'Winner'} of {run.graph['name']}"[:190])
    return make(workspace, by, name, sound_document(flow.dump(graph)))


def _tell(run: Run) -> None:
    if run.document:
        broadcast.announce(run.document, {"type": "draft.run", "run": {"id": run.pk, "state": run.state}})


def estimates(pipeline: Pipeline) -> Estimates:
    """Estimates for the nodes of a pipeline in its current state."""
    _, reading = repository.read_draft(pipeline.pk)
    found = flow.estimates(reading.drawing, WorkspaceDatasets(pipeline.workspace), pipeline.workspace_id)
    return Estimates(found, pipeline.workspace.limits_in_force().step_memory_bytes or flow.default_step_bytes())


def cancel(run: Run) -> None:
    """Request the cancellation of a run.

    Raises:
        Refusal: 409 when it has finished.
    """
    if run.state in flow.TERMINAL:
        raise Refusal(409, "already_over", f"This run has already finished: it is {run.state}.")
    flow.cancel(run)
