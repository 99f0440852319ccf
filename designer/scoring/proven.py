"""Whether the scores of a run are proven, for conditions of registered models."""

from __future__ import annotations

from collections.abc import Collection

from designer.endpoints.models import EndpointVersion
from designer.registry.models import ModelVersion
from designer.scoring.models import ParityProof, ProofState
from pipelines.models import Run


def why_unproven(version: ModelVersion) -> str | None:
    """Why the scores that its run computed with a version are not proven; None when each proof of them has passed."""
    run = Run.objects.filter(pk=version.run).first()
    after = run.read_plan().shape.downstream([version.origin["node"]]) if run else None  # a run may train several models
    proofs = [proof for proof in ParityProof.objects.filter(run=version.run).order_by("scored") if _is_after(proof.scored, after)]
    if not proofs:
        return None if _published(version, after) else "There is no proof of the scores that its run computed with it."
    for proof in proofs:
        if proof.state == ProofState.PROVING:
            return f"The proof of {proof.scored} is still being made."
        if proof.state == ProofState.FAILED:
            return f"The proof of {proof.scored} could not be made: {proof.reason}"
        if not proof.report or not proof.report["passed"]:
            return f"The proof of {proof.scored} found other scores than the run gave."
    return None


def _is_after(scored: str, after: Collection[str] | None) -> bool:
    return after is None or scored.rpartition(".")[0] in after


def _published(version: ModelVersion, after: Collection[str] | None) -> bool:
    """Whether a version of an endpoint was proven of the scores: publishing makes the same proof, unless the scoring pipeline was edited before."""
    versions = EndpointVersion.objects.filter(endpoint__workspace=version.model.workspace_id, run=version.run, document=None)
    return any(parity and parity["passed"] for node, parity in versions.values_list("node", "parity") if _is_after(node, after))
