"""Scoring services: derive, prove, and open as a pipeline."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
from blake3 import blake3
from django.contrib.auth.models import User
from django.utils import timezone

from designer.datasets.resolver import number_of
from designer.datasets.saving import save_output
from designer.documents.models import Pipeline
from designer.documents.services import make, sound_document, unused_name
from designer.http.errors import Refusal
from designer.runs.queries import output_of
from designer.scoring.models import ParityProof
from designer.workspaces.models import Workspace
from pipelines import flow
from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.params import ParamKind
from pipelines.models import Run
from pipelines.serving.graph import CannotDerive, ScoringGraph


def derive(run: Run, scored: str | None) -> ScoringGraph:
    """Derive the scoring graph of a run.

    Raises:
        Refusal: 409 while it has not finished; 422 with the node and the reason when none follows; 410 when a value is lost.
    """
    if run.state not in flow.TERMINAL:
        words = f"This run has not finished: it is {run.state}."
        raise Refusal(409, "still_going", words, remedy="Wait until it has finished.")
    with _telling():
        return flow.scoring_graph(run, scored, output_of)


def prove(run: Run, person: User, scored: str | None) -> ParityProof:
    """Prove that the scoring graph of a run gives what the run gave, and keep the report.

    Raises:
        Refusal: As `derive`.
    """
    found = derive(run, scored)
    with _telling():
        bundle = flow.scoring_bundle(run, found)
        report = flow.parity_of(run, found, bundle, output_of)
    proof, _ = ParityProof.objects.update_or_create(
        run=run,
        scored=found.scored,
        defaults={
            "digest": blake3(bundle).hexdigest(),
            "report": msgspec.to_builtins(report),
            "made_at": timezone.now(),
            "made_by": person,
        },
    )
    return proof


def open_as_pipeline(run: Run, person: User, scored: str | None) -> Pipeline:
    """Create an ordinary pipeline of the scoring graph of a run; the pinned values are saved in the workspace, and loaded by their version.

    Raises:
        Refusal: As `derive`; also when a value cannot be saved.
    """
    found, workspace = derive(run, scored), Workspace.objects.get(pk=run.scope)
    graph, name = found.graph, str(run.graph["name"])
    with _telling():
        outputs = {pin: flow.pinned_output(run, pin) for pin in found.pinned}
    for pin, output in outputs.items():
        title = f"{name[:60]} {graph.nodes[pin.node].title or pin.node}"[:110]
        source = f"Pinned from {pin.made_by} of run {run.pk}"
        param = _setting(graph.nodes[pin.node].module)
        saved = save_output(workspace, person, output, title, source)
        number = number_of(workspace, saved.name, output.digest)
        graph = graph.with_params(pin.node, **{param: saved.name, **({"version": number} if number else {})})
    for node, digests in flow.datasets_of(run).items():
        for param, digest in digests.items():
            params = graph.nodes[node].params if node in graph.nodes else {}
            number = number_of(workspace, params.get(param), digest)
            if number and not params.get("version"):
                graph = graph.with_params(node, version=number)
    return make(workspace, person, unused_name(workspace, f"{name[:180]} (scoring)"), sound_document(flow.dump(graph)))


def _setting(module: str) -> str:
    """Return the setting of a module that names the saved value which it loads."""
    return next(param.name for param in catalogue().modules[module].params if param.kind is ParamKind.DATASET)


def last_proof(run: Run, scored: str) -> ParityProof | None:
    """Return the last proof of an output of a run."""
    return ParityProof.objects.filter(run=run, scored=scored).select_related("made_by").first()


@contextmanager
def _telling() -> Iterator[None]:
    try:
        yield
    except CannotDerive as refused:
        problem = refused.problem
        raise Refusal(422, problem.code, problem.words, remedy=problem.remedy, node=problem.node) from refused
    except flow.Damaged:
        words = "The stored result is missing or damaged."
        raise Refusal(410, "result_lost", words, remedy="Run the pipeline again to recompute it.") from None
