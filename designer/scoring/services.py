"""Scoring services: prove, and open as a pipeline."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction

from designer.datasets.resolver import number_of
from designer.datasets.saving import save_output
from designer.documents.models import Pipeline
from designer.documents.services import make, sound_document, unused_name
from designer.http.errors import Refusal
from designer.scoring.deriving import derivation, graph_of, narrowed_values, require_finished
from designer.scoring.models import ParityProof, ProofState
from designer.scoring.refusing import telling
from designer.scoring.tasks import enqueue
from designer.workspaces.models import Workspace
from pipelines import flow
from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.params import ParamKind
from pipelines.models import Run


def ask_for_proof(run: Run, person: User, scored: str | None) -> ParityProof:
    """Ask a worker for the proof that the scoring graph of a run gives what the run gave. One that is being made is answered as it is.

    Raises:
        Refusal: 409 while the run has not finished; 422 when no step of it gives these scores.
    """
    require_finished(run)
    with telling():
        output = flow.scored_output(run, scored)
    with transaction.atomic():
        # A new row has a new key: a worker that lost the former one writes nothing.
        ParityProof.objects.filter(run=run, scored=output).exclude(state=ProofState.PROVING).delete()
        proof, _ = ParityProof.objects.get_or_create(run=run, scored=output, defaults={"made_by": person})
    enqueue(proof.pk)
    return proof


def open_as_pipeline(run: Run, person: User, scored: str | None) -> Pipeline:
    """Create an ordinary pipeline of the scoring graph of a run; the pinned values are saved in the workspace, and loaded by their version.

    Raises:
        Refusal: As `derivation`; also when a value cannot be saved.
    """
    row, workspace = derivation(run, scored), Workspace.objects.get(pk=run.scope)
    found = graph_of(row)
    narrowed = narrowed_values(row)
    graph, name = found.graph, str(run.graph["name"])
    for pin in found.pinned:
        output = narrowed.get(pin.node, pin.output)
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


def proof_of(run: Run, scored: str | None) -> ParityProof:
    """Return the last proof of a run.

    Raises:
        Refusal: 404 when there is none; 422 when no step of the run gives these scores.
    """
    with telling():
        output = flow.scored_output(run, scored)
    proof = last_proof(run, output)
    if proof is None:
        raise Refusal(404, "no_proof", "Nobody has asked for the proof of these scores.", remedy="Send POST to this address.")
    return proof


def last_proof(run: Run, scored: str) -> ParityProof | None:
    """Return the last proof of an output of a run."""
    return ParityProof.objects.filter(run=run, scored=scored).select_related("made_by").first()
