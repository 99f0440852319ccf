"""Whether the scores of a run are proven, for conditions of registered models."""

from __future__ import annotations

from designer.endpoints.models import EndpointVersion
from designer.registry.models import ModelVersion
from designer.scoring.models import ParityProof, ProofState


def why_unproven(version: ModelVersion) -> str | None:
    """Why the scores of the run that made a version are not proven; None when each proof of them has passed."""
    proofs = list(ParityProof.objects.filter(run=version.run).order_by("scored"))
    if not proofs:
        return None if _published(version) else "There is no proof of the scores of its run."
    for proof in proofs:
        if proof.state == ProofState.PROVING:
            return f"The proof of {proof.scored} is still being made."
        if proof.state == ProofState.FAILED:
            return f"The proof of {proof.scored} could not be made: {proof.reason}"
        if not proof.report or not proof.report["passed"]:
            return f"The proof of {proof.scored} found other scores than the run gave."
    return None


def _published(version: ModelVersion) -> bool:
    """Whether a version of an endpoint was proven of the run: publishing makes the same proof, unless the scoring pipeline was edited before."""
    versions = EndpointVersion.objects.filter(endpoint__workspace=version.model.workspace_id, run=version.run, document=None)
    return any(parity and parity["passed"] for parity in versions.values_list("parity", flat=True))
