"""What the API of scoring graphs answers."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

import msgspec
from django.utils import timezone

from designer.http.openapi import Instant
from designer.scoring.models import Derivation, ParityProof, ProofState
from pipelines.serving.graph import Decision, ScoringGraph
from pipelines.serving.parity import ParityReport


class Proof(msgspec.Struct):
    """A proof of parity."""

    state: Annotated[
        Literal["proving", "made", "failed"],
        msgspec.Meta(description="`proving` while a worker computes it, `made` with a report, `failed` with a reason."),
    ]
    doing: Annotated[str, msgspec.Meta(description="What the worker does; empty while it waits for one, and afterwards.")]
    share: Annotated[float, msgspec.Meta(description="How much of the proof is done, from 0 to 1.")]
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
        held = row.lease_until is not None and row.lease_until > timezone.now()  # else its worker was lost, and it waits for another one
        doing = row.doing if held and row.state == ProofState.PROVING else ""
        share = 1.0 if row.state == ProofState.MADE else row.share
        return cls(state, doing, share, row.reason, row.digest, row.made_at, by, report)


class Deriving(msgspec.Struct):
    """A scoring graph that a worker derives."""

    state: Literal["deriving"]
    doing: Annotated[str, msgspec.Meta(description="What the worker does; empty while it waits for one.")]
    share: Annotated[float, msgspec.Meta(description="How much is done, from 0 to 1.")]
    asked_at: Instant

    @classmethod
    def of(cls, row: Derivation) -> Self:
        """A row that is not derived yet."""
        held = row.lease_until is not None and row.lease_until > timezone.now()
        return cls("deriving", row.doing if held else "", row.share if held else 0.0, row.asked_at)


class PinnedValue(msgspec.Struct):
    """A value of the run that stands in the scoring graph."""

    node: str
    port: str
    kind: str
    digest: str
    bytes: int
    made_by: Annotated[str, msgspec.Meta(description="The output of the training graph that gave it.")]
    only: Annotated[list[str] | None, msgspec.Meta(description="The columns that a transformation is narrowed to; null for all.")]


class ScoringColumn(msgspec.Struct):
    """A column of requests or answers, with what the rows of the run had in it."""

    name: str
    type: Annotated[str, msgspec.Meta(description="What a value is in JSON; dates and times are texts of ISO 8601.")]
    dtype: str
    nullable: Annotated[bool, msgspec.Meta(description="Whether it may be left out of a request.")]
    categories: Annotated[list[str] | None, msgspec.Meta(description="The texts that training had, where they are few.")]
    low: float | None
    high: float | None


class ScoringSignature(msgspec.Struct):
    """The columns of requests and answers, and one row as an example."""

    inputs: list[ScoringColumn]
    outputs: list[ScoringColumn]
    example: dict[str, Any]


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
    signature: ScoringSignature
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
            msgspec.convert(found.signature, ScoringSignature, from_attributes=True),
            list(found.notes),
            Proof.of(proof) if proof else None,
        )
