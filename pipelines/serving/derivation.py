"""Training graph to scoring graph: from a finished run, the graph that gives new rows the scores that the run would have given them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Protocol

import polars as pl

from pipelines.catalogue.discover import Catalogue
from pipelines.catalogue.lineage import told
from pipelines.catalogue.ports import TABLE, Table
from pipelines.execution.output import Output
from pipelines.graph.codec import dump
from pipelines.graph.layout import with_positions
from pipelines.graph.model import Endpoint, Graph
from pipelines.graph.shape import Shape
from pipelines.serving.engine import StepFailed
from pipelines.serving.graph import CannotDerive, ScoringGraph, end_of, refused
from pipelines.serving.isolated import Unavailable
from pipelines.serving.narrowing import MOST_COLUMNS, Narrowing, graph_of
from pipelines.serving.parity import Hear, unheard
from pipelines.serving.signature import NotServable, Signature, columns_of, example_of
from pipelines.serving.walk import Walk, undecided
from pipelines.validation.lineage import settings_of

ROWS = 200  # of the run's data, on which the graph is tried
_PUBLISH = "publish the pipeline itself, of which each request starts a run."


class RunResults(Protocol):
    """What a run left."""

    def record(self, end: Endpoint) -> Output | None:
        """Return the record of an output; None when its node has not finished."""

    def value(self, end: Endpoint) -> Any:
        """Return the value of an output."""


def choices(graph: Graph, catalogue: Catalogue) -> list[Endpoint]:
    """Return the outputs that a scoring graph can be derived for: those of modules that predict rows with a model, in the order of the graph."""
    found = []
    for node in Shape.of(graph).order():
        module = catalogue.modules[graph.nodes[node].module]
        if module.outputs and told(module.lineage.tests, settings_of(module, graph.nodes[node])):
            found.append(Endpoint(node, module.outputs[0].name))
    return found


def chosen(graph: Graph, catalogue: Catalogue, results: RunResults, scored: Endpoint | None) -> tuple[Endpoint, list[Endpoint]]:
    """Return the output to derive for, the first that there is unless one is named, and the others that there are.

    Raises:
        CannotDerive: When there is none, or the one that is named has no scores.
    """
    possible = [end for end in choices(graph, catalogue) if results.record(end)]
    end = scored or next(iter(possible), None)
    if end is None or end not in possible:
        raise _nothing_scores(graph, catalogue)
    return end, [each for each in possible if each != end]


def _nothing_scores(graph: Graph, catalogue: Catalogue) -> CannotDerive:
    """Return the refusal of a run without scores, which says whether it has a model that could give some."""
    scoring = [module for module in catalogue.modules.values() if module.lineage.tests]
    scorers = {next((port.kind for port in module.inputs if port.kind != TABLE), ""): module for module in scoring}
    made = (port.kind for node in graph.nodes.values() for port in catalogue.modules[node.module].outputs)
    if scorer := next((scorers[kind] for kind in made if kind in scorers), None):
        words = "No finished step of this run scores rows with a model."
        remedy = f"Add {scorer.title}, and run again."
        if callable(scorer.lineage.tests):
            remedy = f"Add {scorer.title} with settings that give each row a score, and run again; or {_PUBLISH}"
        return refused("nothing_scores", words, None, remedy)
    words = "This run trains no model that gives a score for a row by itself, such as Train Model does, so it has nothing that an endpoint could answer."
    return refused("nothing_scores", words, None, f"Train a model with Train Model, and add Score Model; or {_PUBLISH}")


def derive(graph: Graph, catalogue: Catalogue, results: RunResults, scored: Endpoint | None = None, hear: Hear = unheard) -> ScoringGraph:
    """Derive the scoring graph of a finished run.

    The way of a request leads back from the scores to the data. A node on it that fitted something is replaced by the module that applies it, a
    trained model is pinned, steps that choose training rows are passed, and everything else that computes each row by itself is kept as drawn. What
    is not on the way is cut. Then the graph is narrowed to the columns that the scores depend on, by executing it on rows of the run.

    Args:
        graph: The frozen graph of the run.
        catalogue: The modules.
        results: What the run left.
        scored: The output to derive for; None for the first of `choices`.
        hear: Is told what is done, and the share of the work that is done.

    Raises:
        CannotDerive: When a node on the way cannot serve a request, named with the reason.
    """
    try:
        return _derived(catalogue.with_current_names(graph), catalogue, results, scored, hear)
    except Unavailable as gone:
        raise refused(gone.code, gone.words, gone.node, gone.remedy or "Try again.") from gone


def _derived(graph: Graph, catalogue: Catalogue, results: RunResults, scored: Endpoint | None, hear: Hear) -> ScoringGraph:
    end, others = chosen(graph, catalogue, results, scored)
    walk = Walk(graph, catalogue, results)
    draft = walk.to(end)
    hear("The values of the run are loaded", 0.0)
    source = results.value(draft.request)
    values = {pinned: results.value(end_of(pin.made_by)) for pinned, pin in draft.pinned.items()}
    rows = replace(source.with_frame(_tried(source.frame)), kept=None)
    hear("The scoring pipeline scores rows of the run", 0.1)
    try:
        narrowing = Narrowing(draft, catalogue, values, rows)
    except StepFailed as failed:
        title = failed.title
        raise refused(
            "does_not_score", f"{title} refuses rows of the run: {failed.error.words}", failed.node, "Run the pipeline again."
        ) from failed
    notes = list(_narrow(narrowing, _labels(graph, catalogue, values, source), values, hear))
    draft = narrowing.draft
    decisions = [*draft.decisions.values(), *undecided(graph, walk, draft.decisions)]
    placed = {node: at for at, node in enumerate(graph.nodes)}
    document = dump(with_positions(replace(graph_of(draft), name=f"{graph.name} (scoring)"[:200])))
    return ScoringGraph(
        document,
        str(draft.request),
        str(draft.answer),
        tuple(draft.pinned.values()),
        tuple(sorted(decisions, key=lambda each: placed[each.node])),
        _signature(narrowing, source, results.value(end), draft.request.node),
        str(end),
        tuple(map(str, others)),
        tuple(notes),
    )


def _tried(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the first rows, and of each column that first has a missing value later the row with it: how a step fills it must show."""
    holes = [column.is_null().arg_max() or 0 for column in frame.iter_columns() if column.null_count()]
    later = sorted({row for row in holes if row >= ROWS})[:ROWS]
    return pl.concat([frame.head(ROWS), frame[later]]) if later else frame.head(ROWS)


def _labels(graph: Graph, catalogue: Catalogue, values: dict[Endpoint, Any], source: Table) -> set[str]:
    """Return the columns of the data that hold what is predicted: by the models, the settings of the nodes that train, and the role."""
    named = {value.label for value in values.values() if getattr(value, "label", "")}
    for node in graph.nodes.values():
        module = catalogue.modules[node.module]
        if module.lineage.trains and module.lineage.label:
            named.add(settings_of(module, node).get(module.lineage.label))
    return {column for column in source.frame.columns if column in named or source.role(column).role == "label"}


def _narrow(narrowing: Narrowing, labels: set[str], values: dict[Endpoint, Any], hear: Hear) -> Iterator[str]:
    """Leave out the label, then what adds columns in vain, then the columns that no score depends on. Yields notes for people."""
    if labels and (node := narrowing.without(labels, label=True)):
        title = narrowing.draft.decisions[node].title if node in narrowing.draft.decisions else node
        told = " and ".join(f"“{label}”" for label in sorted(labels))
        words = f"{title} needs {told}, which a request does not have: it is what the model predicts."
        raise refused("needs_the_label", words, node, "Leave the label out of the settings of this step, or put the step after the scores.")
    narrowing.cut_additions()
    features = {name for value in values.values() for name, *_ in getattr(value, "features", ())}
    unused = [column for column in narrowing.columns if column not in features]
    if not unused or (features and narrowing.without(unused) is None):
        return
    if len(unused) > MOST_COLUMNS:
        yield f"{len(unused):,} columns are more than are tried one by one; the request asks for all of them."
        return
    for done, column in enumerate(unused):
        hear(f"Column {done + 1:,} of {len(unused):,} is left out, to see whether the scores need it", 0.2 + 0.8 * done / len(unused))
        narrowing.without([column])


def _signature(narrowing: Narrowing, source: Table, scored: Table, request: str) -> Signature:
    outputs = [name for name in narrowing.outputs if name in scored.frame.columns]
    try:
        inputs, answers = columns_of(source, narrowing.columns), columns_of(scored, outputs)
    except NotServable as column:
        words = f"The column “{column}” holds lists or objects, which a row of JSON does not have a type for."
        raise refused("not_a_value", words, request, "Change its type with Edit Metadata, and save the table as a dataset.") from column
    first = next(iter(narrowing.reference.places), 0)
    return Signature(inputs, answers, example_of(source, narrowing.columns, first))
