"""Building a version: the scoring graph of a run as a bundle, proven equal to what the run's own scores were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from designer.endpoints.models import EndpointVersion
from designer.endpoints.moves import shares_of
from pipelines import flow
from pipelines.catalogue.discover import catalogue
from pipelines.graph.model import Endpoint as End
from pipelines.models import Run
from pipelines.monitoring.profile import profile
from pipelines.serving import parity
from pipelines.serving.bundle import read_bundle, write_bundle
from pipelines.serving.derivation import derive
from pipelines.serving.graph import CannotDerive, ScoringGraph, end_of
from pipelines.serving.matching import held_out
from pipelines.serving.scorer import Scorer
from pipelines.serving.signature import Column, Signature, json_value

MOST_REFERENCE, LEAST_REFERENCE = 20_000, 1_000  # rows
WIDER = {("integer", "number")}  # a request that was right for the first type is right for the second


@dataclass(frozen=True)
class Built:
    """A bundle in the store, with its signature and an example row."""

    scoring: ScoringGraph
    bundle: str
    data: bytes
    signature: dict[str, Any]
    example: dict[str, Any]


class CannotPublish(Exception):
    """A version cannot be published; the words say why, and `parity` is the report of a failed proof."""

    def __init__(self, words: str, parity: dict[str, Any] | None = None) -> None:
        super().__init__(words)
        self.parity = parity


class Results:
    """What a run left, for the derivation."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def record(self, end: End) -> flow.Output | None:
        return flow.output(self._run, end.node, end.port)

    def value(self, end: End) -> Any:
        record = self.record(end)
        assert record is not None
        return flow.value(record, self._run.scope)


def build(version: EndpointVersion) -> Built:
    """Derive the scoring graph of a version's run, and store it as a bundle.

    Raises:
        CannotPublish: When the run is gone, no scoring graph follows from it, or clients of the endpoint could not go on with it.
    """
    run = Run.objects.filter(pk=version.run).first()
    if run is None:
        raise CannotPublish("The run was deleted.")
    try:
        scoring = derive(flow.read(run.graph), catalogue(), Results(run), _end(version.node, run))
    except CannotDerive as wrong:
        raise CannotPublish(" ".join(filter(None, (wrong.problem.words, wrong.problem.remedy)))) from None
    except flow.Damaged as lost:
        raise CannotPublish(f"A result of the run is no longer in the store: {lost}") from None
    if breaks := _breaks(version, scoring.signature):
        words = f"Clients of the endpoint could not go on with it: {breaks} Publish it as an endpoint of another name."
        raise CannotPublish(words)
    store = flow.store(run.scope)
    data = write_bundle(scoring, store)
    digest, _ = store.keep_bytes(data)
    return Built(scoring, digest, data, msgspec.to_builtins(scoring.signature), dict(scoring.signature.example))


def _end(text: str, run: Run) -> End | None:
    """The output whose scores are served: `node.port`, or a node alone for its first output."""
    if not text:
        return None
    if "." in text:
        return end_of(text)
    node = flow.read(run.graph).nodes.get(text)
    module = catalogue().modules.get(node.module) if node else None
    return End(text, module.outputs[0].name) if module and module.outputs else End(text, "")


def _breaks(version: EndpointVersion, new: Signature) -> str:
    """Why a client of the serving version could not go on with a new one, as a sentence; empty when it can."""
    serving = version.endpoint.versions.filter(number__in=shares_of(version.endpoint)).exclude(signature=None)
    for stored in serving.order_by("-number").values_list("signature", flat=True):
        old = msgspec.convert(stored, Signature)
        if words := _difference(old, new):
            return words
    return ""


def _difference(old: Signature, new: Signature) -> str:
    given, answers = _by_name(old.inputs), _by_name(new.outputs)
    for column in new.inputs:
        before = given.get(column.name)
        if before is None and not column.nullable:
            return f"the new input “{column.name}” is required."
        if before is not None and before.type != column.type and (before.type, column.type) not in WIDER:
            return f"the input “{column.name}” is {column.type}, and was {before.type}."
        if before is not None and before.nullable and not column.nullable:
            return f"the input “{column.name}” could be left out, and is required now."
    for column in old.outputs:
        after = answers.get(column.name)
        if after is None:
            return f"the answer has no “{column.name}” any more."
        if after.type != column.type:
            return f"“{column.name}” of the answer is {after.type}, and was {column.type}."
    return ""


def _by_name(columns: tuple[Column, ...]) -> Mapping[str, Column]:
    return {column.name: column for column in columns}


def prove(version: EndpointVersion, made: Built) -> dict[str, Any]:
    """Prove that the bundle gives what the run gave; returns the report.

    Raises:
        CannotPublish: When an answer differs, with the report.
    """
    results = Results(Run.objects.get(pk=version.run))
    report = parity.prove(made.data, results.value(end_of(made.scoring.scored)), results.value(end_of(made.scoring.request)))
    found: dict[str, Any] = msgspec.to_builtins(report)
    if not report.passed:
        failed = next(case for case in report.cases if not case.passed)
        words = f"The proof of parity failed, so nothing was published. {failed.title}: {failed.differing:,} of {failed.rows:,} differ."
        raise CannotPublish(" ".join(filter(None, (words, failed.detail))), found)
    return found


def reference(version: EndpointVersion, made: Built) -> dict[str, Any]:
    """Describe what requests and answers of the version are compared with: the held-out rows of the run.

    With fewer than 1,000 of them, inputs are compared with all rows that the run read. Scores are always those of held-out rows.
    """
    results = Results(Run.objects.get(pk=version.run))
    scored, source = results.value(end_of(made.scoring.scored)), results.value(end_of(made.scoring.request))
    signature = made.scoring.signature
    rows, _, _ = held_out(Scorer(read_bundle(made.data), compiled=False), scored, source, MOST_REFERENCE)
    words = f"{len(rows):,} held-out rows"
    inputs = {column.name: [row[column.name] for row in rows] for column in signature.inputs}
    if len(rows) < LEAST_REFERENCE:
        table = source.frame.gather_every(max(1, source.frame.height // MOST_REFERENCE))
        inputs = {column.name: [json_value(value) for value in table[column.name].cast(column.polars)] for column in signature.inputs}
        words = f"{table.height:,} rows of the run's data, because only {len(rows):,} rows were held out; scores with those"
    given = {column.name: (column.type, inputs[column.name]) for column in signature.inputs}
    answers = {column.name: (column.type, [json_value(value) for value in scored.frame[column.name]]) for column in signature.outputs}
    found: dict[str, Any] = msgspec.to_builtins(profile(given, {name: each for name, each in answers.items() if name not in given}, words))
    return found
