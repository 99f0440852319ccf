"""Building a version: the scoring graph of a run as a bundle, proven equal to what the run's own scores were."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import msgspec

from designer.endpoints.models import EndpointVersion
from designer.endpoints.moves import shares_of
from pipelines import flow
from pipelines.catalogue.discover import catalogue
from pipelines.models import Run
from pipelines.serving.compatibility import compatibility
from pipelines.serving.signature import Signature

PATIENCE_SECONDS, LOOK_EVERY_SECONDS = 60.0, 0.2


@dataclass(frozen=True)
class Built:
    """A bundle in the store, with its signature and an example row."""

    scoring: flow.ScoringGraph
    bundle: str
    data: bytes
    signature: dict[str, Any]
    example: dict[str, Any]


class CannotPublish(Exception):
    """A version cannot be published; the words say why, and `parity` is the report of a failed proof."""

    def __init__(self, words: str, parity: dict[str, Any] | None = None) -> None:
        super().__init__(words)
        self.parity = parity


def find(run: Run, node: str, port: str) -> flow.Output | None:
    """The record of an output; a deferred one is computed now, by another worker.

    Raises:
        CannotPublish: When it is not computed in time.
    """
    found = flow.output(run, node, port)
    if found is None or not found.deferred:
        return found
    making, until = flow.materialize(run, node), time.monotonic() + PATIENCE_SECONDS
    while making.finished_at is None and time.monotonic() < until:
        time.sleep(LOOK_EVERY_SECONDS)
        making.refresh_from_db(fields=["state", "finished_at"])
    found = flow.output(run, node, port)
    if found is None or found.deferred:
        raise CannotPublish(
            f"The rows of {node}, which the run did not store, are still being computed. Publish the run again in a minute."
        )
    return found


def build(version: EndpointVersion) -> Built:
    """Derive the scoring graph of a version's run, and store it as a bundle. The version gets the output that is served.

    Raises:
        CannotPublish: When the run is gone, no scoring graph follows from it, or clients of the endpoint could not go on with it.
    """
    run = Run.objects.filter(pk=version.run).first()
    if run is None:
        raise CannotPublish("The run was deleted.")
    try:
        scoring = flow.scoring_graph(run, _end(version.node, run), find)
        data = flow.scoring_bundle(run, scoring)
    except flow.CannotDerive as wrong:
        raise CannotPublish(" ".join(filter(None, (wrong.problem.words, wrong.problem.remedy)))) from None
    except flow.Damaged as lost:
        raise CannotPublish(f"A result of the run is no longer in the store: {lost}") from None
    if breaks := _breaks(version, scoring.signature):
        words = f"Clients of the endpoint could not go on with it: {breaks} Publish it as an endpoint of another name."
        raise CannotPublish(words)
    version.node = scoring.scored
    digest, _ = flow.store(run.scope).keep_bytes(data)
    return Built(scoring, digest, data, msgspec.to_builtins(scoring.signature), dict(scoring.signature.example))


def _end(text: str, run: Run) -> str | None:
    """The output whose scores are served: `node.port`, or a node alone for its first output."""
    if not text or "." in text:
        return text or None
    node = flow.read(run.graph).nodes.get(text)
    module = catalogue().modules.get(node.module) if node else None
    return f"{text}.{module.outputs[0].name if module and module.outputs else ''}"


def _breaks(version: EndpointVersion, new: Signature) -> str:
    """Why a client of the serving versions could not go on with a new one, in sentences; empty when it can."""
    serving = version.endpoint.versions.filter(number__in=shares_of(version.endpoint)).exclude(signature=None)
    for stored in serving.order_by("-number").values_list("signature", flat=True):
        differences = compatibility(new, msgspec.convert(stored, Signature)).differences
        if breaking := " ".join(each.words for each in differences if each.breaking):
            return breaking
    return ""


def prove(version: EndpointVersion, made: Built) -> dict[str, Any]:
    """Prove that the bundle gives what the run gave; returns the report.

    Raises:
        CannotPublish: When an answer differs, with the report.
    """
    try:
        report = flow.parity_of(Run.objects.get(pk=version.run), made.scoring, made.data, find)
    except flow.CannotDerive as wrong:
        raise CannotPublish(" ".join(filter(None, (wrong.problem.words, wrong.problem.remedy)))) from None
    found: dict[str, Any] = msgspec.to_builtins(report)
    if not report.passed:
        failed = next(case for case in report.cases if not case.passed)
        words = f"The proof of parity failed, so nothing was published. {failed.title}: {failed.differing:,} of {failed.rows:,} differ."
        raise CannotPublish(" ".join(filter(None, (words, failed.detail))), found)
    return found


def reference(version: EndpointVersion, made: Built) -> dict[str, Any]:
    """Describe the rows of the run that requests and answers are compared with."""
    found: dict[str, Any] = msgspec.to_builtins(flow.reference_of(Run.objects.get(pk=version.run), made.scoring, made.data, find))
    return found


def quality(version: EndpointVersion, made: Built) -> dict[str, Any]:
    """What the version predicts, and how well it did on the rows of the run that have a label."""
    found: dict[str, Any] = msgspec.to_builtins(flow.quality_of(Run.objects.get(pk=version.run), made.scoring, find))
    return found
