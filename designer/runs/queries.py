"""Queries of runs and their outputs."""

from __future__ import annotations

import time
from collections.abc import Iterable

from designer.datasets.resolver import version_of_digest
from designer.documents.models import Pipeline
from designer.http.errors import Refusal
from designer.runs import schemas
from designer.runs.verdict_schemas import NewerData
from pipelines import flow
from pipelines.flow import Output
from pipelines.models import Run, Step

MOST_WAIT_SECONDS = 15.0
LOOK_EVERY_SECONDS = 0.1


def brief(runs: Iterable[Run]) -> list[schemas.RunBrief]:
    """Runs as lists show them; one query for the names of all their pipelines."""
    runs = list(runs)
    names = _names(run.document for run in runs)
    return [schemas.RunBrief.of(run, names) for run in runs]


def whole(run: Run) -> schemas.Run:
    """A run with its frozen graph and its steps."""
    found = flow.steps(run)
    failed = flow.failed_items(run) if any(step.fans for step, _ in found) else {}
    steps = {step.node: schemas.Step.of(step, outputs, failed.get(step.node, 0)) for step, outputs in found}
    return schemas.Run.of(run, _names([run.document]), graph=run.graph, steps=steps)


def _names(documents: Iterable[str | None]) -> dict[str, str]:
    return dict(Pipeline.objects.filter(pk__in=set(documents) - {None}).values_list("pk", "name"))


def newer_data(run: Run) -> list[NewerData]:
    """What a run read in a version that is not the newest, but for versions that its settings name."""
    steps, found = run.read_plan().steps, dict[str, NewerData]()
    digests = [(node, *each) for node, read in flow.datasets_of(run).items() for each in read.items()]
    for node, param, digest in digests:
        name = run.graph["nodes"].get(node, {}).get("params", {}).get(param)
        version = version_of_digest(digest, run.scope, name)
        if version is None or steps[node].settings.get("version"):
            continue
        dataset, newest = version.dataset, version.dataset.versions.latest("number")
        if newest.digest != digest:
            found[dataset.pk] = NewerData(dataset.pk, dataset.title or dataset.name, version.number, newest.number)
    return list(found.values())


def step_of(run: Run, node: str) -> Step:
    """A step of a run.

    Raises:
        Refusal: 404 when there is none.
    """
    found = Step.of_nodes().filter(run=run, node=node[:64]).first()
    if found is None:
        raise Refusal(404, "unknown_step", f"This run has no step {node[:64]}.", remedy="Use one of the steps of the run.")
    return found


def _made(run: Run, node: str, port: str) -> Output:
    """A deferred output of a step, computed now by a worker.

    Raises:
        Refusal: 409 while the computation takes longer than a request may wait, or when it failed.
    """
    making, until = flow.materialize(run, node), time.monotonic() + MOST_WAIT_SECONDS
    while making.finished_at is None and time.monotonic() < until:
        time.sleep(LOOK_EVERY_SECONDS)
        making.refresh_from_db(fields=["state", "finished_at"])
    found = flow.output(run, node, port)
    if found is not None and not found.deferred:
        return found
    if making.finished_at is None:
        words = f"{node} is not stored; its rows are being computed."
        raise Refusal(409, "being_computed", words, remedy="Try again in a moment.", node=node)
    error = Step.objects.filter(run=making, error__isnull=False).values_list("error", flat=True).first()
    why = error["words"] if error else f"The computation was {making.state}."
    raise Refusal(409, "not_computed", f"The rows of {node} could not be computed. {why}", remedy="Run the pipeline again.", node=node)


def output_of(run: Run, node: str, port: str) -> Output:
    """A step's output at a port.

    Raises:
        Refusal: 404 when there is no such step or port, 409 while there is no output yet.
    """
    found = flow.output(run, node, port)
    if found is not None:
        return _made(run, node, port) if found.deferred else found
    state = step_of(run, node).shown_state
    if state not in flow.TERMINAL:
        raise Refusal(
            409,
            "not_finished",
            f"{node} has not finished yet: it is {state}.",
            remedy="Wait until it has finished, then try again.",
            node=node,
        )
    if state != "done":
        raise Refusal(409, "no_result", f"{node} has no result: it was {state}.", remedy="Fix its error, then run again.", node=node)
    raise Refusal(404, "unknown_port", f"{node} has no output {port[:64]}.", node=node, port=port[:64])
