"""Whether the scores of a run are proven, for conditions of registered models."""

from __future__ import annotations

from designer.registry.models import ModelVersion
from designer.scoring.models import ParityProof, ProofState


def why_unproven(version: ModelVersion) -> str | None:
    """Why the scores of the run that made a version are not proven; None when each proof of them has passed."""
    proofs = list(ParityProof.objects.filter(run=version.run).order_by("scored"))
    if not proofs:
        return "There is no proof of the scores of its run."
    for proof in proofs:
        if proof.state == ProofState.PROVING:
            return f"The proof of {proof.scored} is still being made."
        if proof.state == ProofState.FAILED:
            return f"The proof of {proof.scored} could not be made: {proof.reason}"
        if not proof.report or not proof.report["passed"]:
            return f"The proof of {proof.scored} found other scores than the run gave."
    return None
