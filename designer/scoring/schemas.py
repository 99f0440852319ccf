"""What the API of scoring graphs answers."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

import msgspec

from designer.http.openapi import Instant
from designer.scoring.models import ParityProof
from pipelines.serving.graph import Decision, ScoringGraph
from pipelines.serving.parity import ParityReport
from pipelines.serving.signature import Signature


class Proof(msgspec.Struct):
    """A proof of parity."""

    state: Annotated[
        Literal["proving", "made", "failed"],
        msgspec.Meta(description="`proving` while a worker computes it, `made` with a report, `failed` with a reason."),
    ]
    reason: Annotated[str, msgspec.Meta(description="Why there is no report; empty otherwise.")]
    digest: Annotated[str, msgspec.Meta(description="The BLAKE3 hash of the bundle that was proven; empty until then.")]
    made_at: Annotated[Instant, msgspec.Meta(description="When it ended; while it is being made, when it was asked for.")]
    made_by: str
    report: ParityReport | None

    @classmethod
    def of(cls, row: ParityProof) -> Self:
        """A proof's row."""
        by = row.made_by.get_full_name() or row.made_by.get_username() if row.made_by else ""
        report = None if row.report is None else msgspec.convert(row.report, ParityReport)
        state = msgspec.convert(row.state, Literal["proving", "made", "failed"])
        return cls(state, row.reason, row.digest, row.made_at, by, report)


class PinnedValue(msgspec.Struct):
    """A value of the run that stands in the scoring graph."""

    node: str
    port: str
    kind: str
    digest: str
    bytes: int
    made_by: Annotated[str, msgspec.Meta(description="The output of the training graph that gave it.")]
    only: Annotated[list[str] | None, msgspec.Meta(description="The columns that a transformation is narrowed to; null for all.")]


class Scoring(msgspec.Struct):
    """A scoring graph: a document, what became of each node of the training graph, and the columns of requests and answers."""

    document: dict[str, Any]
    training: Annotated[dict[str, Any], msgspec.Meta(description="The document of the run.")]
    request: Annotated[str, msgspec.Meta(description="The output where the rows of a request enter.")]
    answer: Annotated[str, msgspec.Meta(description="The output with the scores.")]
    scored: Annotated[str, msgspec.Meta(description="The output of the training graph that it gives for new rows.")]
    choices: Annotated[list[str], msgspec.Meta(description="Further outputs that a scoring graph can be derived for.")]
    pinned: list[PinnedValue]
    decisions: list[Decision]
    signature: Signature
    notes: list[str]
    proof: Annotated[Proof | None, msgspec.Meta(description="The last proof of parity.")]

    @classmethod
    def of(cls, found: ScoringGraph, training: dict[str, Any], proof: ParityProof | None) -> Self:
        """A scoring graph with its last proof."""
        pinned = [
            PinnedValue(
                pin.node, pin.port, pin.output.kind, pin.output.digest, pin.output.bytes, pin.made_by, list(pin.only) if pin.only else None
            )
            for pin in found.pinned
        ]
        return cls(
            found.document,
            training,
            found.request,
            found.answer,
            found.scored,
            list(found.choices),
            pinned,
            list(found.decisions),
            found.signature,
            list(found.notes),
            Proof.of(proof) if proof else None,
        )
