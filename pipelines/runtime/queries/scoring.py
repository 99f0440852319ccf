"""The scoring graph of a run: derived from what the run left, bundled, and proven against its scores."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

import pipelines
from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import MODEL
from pipelines.execution.codecs import load, save
from pipelines.execution.output import Output
from pipelines.execution.schedule import State
from pipelines.execution.sealed import is_sealed, sealed
from pipelines.graph.codec import load as read_graph
from pipelines.graph.model import Endpoint
from pipelines.modelling.features import CATEGORY
from pipelines.models import Run, Step
from pipelines.monitoring.importance import importances
from pipelines.monitoring.profile import Profile, profile
from pipelines.monitoring.target import counted_as, target_of
from pipelines.monitoring.truth import Quality, live_figures
from pipelines.runtime.queries.runs import output
from pipelines.runtime.storage.artifacts import store
from pipelines.serving.bundle import read_bundle, write_bundle
from pipelines.serving.checking import BadRows
from pipelines.serving.derivation import chosen, derive
from pipelines.serving.graph import Pinned, ScoringGraph, end_of
from pipelines.serving.isolated import Unavailable
from pipelines.serving.matching import held_out
from pipelines.serving.narrowing import narrow_value
from pipelines.serving.parity import Hear, ParityReport, prove, unheard
from pipelines.serving.scorer import Scorer
from pipelines.serving.signature import json_value

MOST_REFERENCE, LEAST_REFERENCE = 20_000, 1_000  # rows
MOST_JUDGED = 1_000_000  # rows that the figures of a run are computed from
Find = Callable[[Run, str, str], Output | None]


class RunResults:
    """What a run left, each value loaded once. `find` returns the record of an output; a deferred one may be computed by it."""

    def __init__(self, run: Run, find: Find = output) -> None:
        self._run, self._find = run, find
        self._values: dict[Endpoint, Any] = {}

    def record(self, end: Endpoint) -> Output | None:
        found = output(self._run, end.node, end.port)
        return self._find(self._run, end.node, end.port) if found and found.deferred else found

    def value(self, end: Endpoint) -> Any:
        if end not in self._values:
            record = self.record(end)
            assert record is not None
            files = store(self._run.scope)
            self._values[end] = sealed(record, files.path(record.digest)) if is_sealed(record) else load(record, files)
        return self._values[end]


def scored_output(run: Run, scored: str | None = None) -> str:
    """Return the output that a scoring graph of a run is derived for, as `node.port`; `scored` if it is given.

    Raises:
        CannotDerive: When it is not the output of a finished step that scores rows, or there is none.
    """
    graph = catalogue().with_current_names(read_graph(run.graph))
    return str(chosen(graph, catalogue(), RunResults(run), end_of(scored) if scored else None)[0])


def scoring_content(run: Run, scored: str) -> str:
    """Return a digest of all that the scoring graph of an output is derived from: the graph, the outputs of its steps, the code and its libraries."""
    records = Step.of_nodes().filter(run=run, state=State.DONE).values_list("node", "outputs")
    outputs = {node: {port: Output.from_json(record).content for port, record in found.items()} for node, found in records}
    modules = (catalogue().modules.get(node.module) for node in catalogue().with_current_names(read_graph(run.graph)).nodes.values())
    libraries = {name: number for module in modules if module for name, number in module.library_versions.items()}
    return sha256(msgspec.json.encode((run.scope, scored, run.graph, outputs, libraries, _code()), order="deterministic")).hexdigest()


@cache
def _code() -> str:
    """Return a digest of the code that derives, and of all modules."""
    found = sha256()
    for file in sorted(Path(pipelines.__file__).parent.rglob("*.py")):
        found.update(file.read_bytes())
    return found.hexdigest()


def scoring_graph(run: Run, scored: str | None = None, find: Find = output, hear: Hear = unheard) -> ScoringGraph:
    """Derive the scoring graph of a run.

    Args:
        run: A run, of which the steps on the way have finished.
        scored: The output with the scores, as `node.port`; None for the first.
        find: Returns the record of a deferred output.
        hear: Is told what is done, and the share of the work that is done.

    Raises:
        CannotDerive: When no scoring graph follows, with the node and the reason.
        Damaged: When a stored value is lost.
    """
    return derive(read_graph(run.graph), catalogue(), RunResults(run, find), end_of(scored) if scored else None, hear)


def scoring_bundle(run: Run, scoring: ScoringGraph) -> bytes:
    """Return a scoring graph of a run as one self-contained file, for `Scorer.load`.

    Raises:
        Damaged: When a stored value is lost.
    """
    return write_bundle(scoring, store(run.scope))


def parity_of(run: Run, scoring: ScoringGraph, bundle: bytes, find: Find = output, hear: Hear = unheard) -> ParityReport:
    """Prove that a bundle gives what the run gave. `hear` is told what is compared, and the share of the proof that is done.

    Raises:
        Damaged: When a stored table is lost.
    """
    results, graph = RunResults(run, find), catalogue().with_current_names(read_graph(run.graph))
    request = scoring.request_end
    assert request.node in graph.nodes
    return prove(bundle, results.value(end_of(scoring.scored)), results.value(request), hear)


def reference_of(run: Run, scoring: ScoringGraph, bundle: bytes, find: Find = output) -> Profile:
    """Describe what requests and answers are compared with: the held-out rows of a run, and their scores.

    With fewer than 1,000 of them, inputs are compared with all rows that the run read. Each input has its importance, where that can be measured.

    Raises:
        Damaged: When a stored table is lost.
    """
    results = RunResults(run, find)
    scored, source = results.value(end_of(scoring.scored)), results.value(scoring.request_end)
    rows, _, _ = held_out(Scorer(read_bundle(bundle), compiled=False), scored, source, MOST_REFERENCE)
    words = f"{len(rows):,} held-out rows"
    inputs = {column.name: [row[column.name] for row in rows] for column in scoring.signature.inputs}
    if len(rows) < LEAST_REFERENCE:
        frame = source.frame.gather_every(max(1, -(-source.frame.height // MOST_REFERENCE)))
        inputs = {
            column.name: [json_value(value) for value in frame[column.name].cast(column.polars)] for column in scoring.signature.inputs
        }
        words = (
            f"{frame.height:,} rows of the run’s data, because few rows were held out; scores with those of {scored.frame.height:,} rows"
        )
    categories = _categories(scoring, results)
    given = {
        column.name: ("text" if column.categorical or column.name in categories else column.type, inputs[column.name])
        for column in scoring.signature.inputs
    }
    types = _types(scoring)
    counted = counted_as(target_of(scored, types), types)
    answers = {name: (type, _json_values(scored.frame[name])) for name, type in counted.items() if name not in given}
    texts = {name for name, type in counted.items() if type == "text"}
    return profile(given, answers, words).weighted(_importances(bundle, inputs, texts))


def _categories(scoring: ScoringGraph, results: RunResults) -> set[str]:
    """Return the columns that a model of a scoring graph has as categories: a step after the data may have made them of numbers."""
    models = (results.value(end_of(pin.made_by)) for pin in scoring.pinned if pin.output.kind == MODEL)
    return {name for model in models for name, dtype in model.features if dtype == CATEGORY}


def _types(scoring: ScoringGraph) -> dict[str, str]:
    return {column.name: column.type for column in scoring.signature.outputs}


def _importances(bundle: bytes, inputs: Mapping[str, Sequence[Any]], texts: Collection[str]) -> dict[str, float]:
    """Return the importance of each input for the scores of a bundle, of which `texts` are no numbers.

    None where its rows cannot be scored with values of other rows.
    """

    def scores(columns: Mapping[str, Sequence[Any]]) -> dict[str, Sequence[Any]]:
        found = scorer.score_columns(columns).columns
        return {name: [None if one is None else str(one) for one in values] if name in texts else values for name, values in found.items()}

    try:
        scorer = Scorer.load(bundle)
        return importances(scores, inputs)
    except (BadRows, Unavailable):
        return {}


def quality_of(run: Run, scoring: ScoringGraph, find: Find = output) -> Quality:
    """Return what a scoring graph predicts, with the figures of the run on the rows that it scored and that have a label, at most 1,000,000.

    They are computed as those of live answers are, so that both can be compared; rows have no weights.

    Raises:
        Damaged: When a stored table is lost.
    """
    scored = RunResults(run, find).value(end_of(scoring.scored))
    target = target_of(scored, _types(scoring))
    labels = scored.columns_with("label")
    if len(labels) != 1 or target.kind == "clusters":  # clusters are found without the label, and have other names
        return Quality(target)
    rows = scored.frame.drop_nulls(labels).head(MOST_JUDGED)
    columns = {column.name: _json_values(rows[column.name]) for column in scoring.signature.outputs if column.name in rows.columns}
    answers = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    found = live_figures(target, answers, _json_values(rows[labels[0]]))
    return Quality(target, found if found.labels else None)


def _json_values(values: pl.Series) -> list[Any]:
    return [json_value(value) for value in values]


def pinned_output(run: Run, pin: Pinned) -> Output:
    """Return the record of a pinned value as it stands in the scoring graph: narrowed, which is stored as a value of its own.

    Raises:
        Damaged: When a stored value is lost.
    """
    if pin.only is None:
        return pin.output
    return save(narrow_value(load(pin.output, store(run.scope)), pin.only), store(run.scope))
