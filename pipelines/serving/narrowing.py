"""Narrowing a scoring graph to the columns of a request that the scores depend on, by executing it on rows of the run.

The label is left out first. Nodes that name it lose that name, and nodes that compute with it alone are cut. Then columns are left out that no module
misses and without which the scores of the rows stay the same to the last bit. A column that a module names in a formula is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import msgspec.structs
import polars as pl

from pipelines.catalogue.columns import Selector
from pipelines.catalogue.discover import Catalogue
from pipelines.catalogue.module import Module
from pipelines.catalogue.params import ParamKind
from pipelines.catalogue.ports import TABLE, Table, Transform
from pipelines.catalogue.transforms import narrowed
from pipelines.graph.model import Edge, Endpoint, Graph, Node
from pipelines.serving.engine import Arrived, Engine, StepFailed
from pipelines.serving.graph import Decision
from pipelines.serving.isolated import Isolation
from pipelines.serving.walk import Draft
from pipelines.validation.lineage import settings_of

MOST_COLUMNS = 300  # that are tried one by one
REWRITTEN = " What it makes of columns that a request does not have is left out."
ABSENT = ("unknown_column", "missing_columns", "wrong_formula", "wrong_query")
Rewriting = Callable[[Mapping[str, Any], Collection[str]], Mapping[str, Any]]


class Trial(NamedTuple):
    """A try to leave columns out: the graph without them, or the node that needs one; and whether no row arrives that did not before."""

    draft: Draft | None
    needs: str | None
    same_rows: bool = False


class Narrowing:
    """Tries what a scoring graph needs.

    Args:
        draft: The scoring graph on all columns.
        catalogue: The modules.
        values: The values of pinned outputs, by output of the scoring graph.
        rows: Some rows of the run's data, with all columns.
    """

    def __init__(self, draft: Draft, catalogue: Catalogue, values: Mapping[Endpoint, Any], rows: Table) -> None:
        self.draft, self._catalogue, self._values, self._rows = draft, catalogue, values, rows
        self.columns = list(rows.frame.columns)
        self._isolation = Isolation()
        self.reference = self.run(draft, self.columns)
        self.outputs = scores_of(self.reference.table, self.columns)

    def run(self, draft: Draft, columns: Collection[str]) -> Arrived:
        """Execute a draft on some columns of the rows.

        Raises:
            StepFailed: When a module refuses them.
        """
        values = {end: narrow_value(self._values[end], pin.only) for end, pin in draft.pinned.items()}
        engine = Engine(graph_of(draft), self._catalogue, draft.request, draft.answer, values, self._isolation)
        return engine.run(self._rows.only([column for column in self.columns if column in columns]))

    def without(self, columns: Collection[str], *, label: bool = False) -> str | None:
        """Leave columns out, if the scores stay the same. Returns the node that needs one of them; None where that succeeded.

        Nodes are cut sooner than queries are rewritten, since a graph without a query can be compiled. A query that leaves out rows is rewritten.
        Its conditions on the label go; those on other columns only where no row of the run's data shows that they leave one out.
        """
        trial = self._try_without(columns, rewriting=False)
        if not trial.same_rows and any(self._catalogue.modules[node.module].lineage.for_columns for node in self.draft.nodes.values()):
            rewritten = self._try_without(columns, rewriting=True)
            trial = rewritten if rewritten.draft and (label or trial.draft or rewritten.same_rows) else trial
        if trial.draft:
            self.draft, self.columns = trial.draft, [column for column in self.columns if column not in columns]
        return trial.needs

    def _try_without(self, columns: Collection[str], rewriting: bool) -> Trial:
        kept = [column for column in self.columns if column not in columns]
        draft = self.draft.copy()
        for _ in range(4 * len(draft.nodes)):
            cut = [node for node in self.draft.nodes if node not in draft.nodes and node in draft.decisions]
            try:
                found = self.run(draft, kept)
            except StepFailed as failed:
                if not self._adapt(draft, failed, kept, rewriting):
                    return Trial(None, next(iter(cut), failed.node))  # what a node that was cut computes may be what is missing now
                continue
            if not self._same(found):
                return Trial(None, next(iter(cut), draft.answer.node))
            return Trial(draft, None, len(found.places) == len(self.reference.places))
        return Trial(None, draft.answer.node)

    def cut_additions(self) -> None:
        """Cut nodes that only add columns which the scores do not depend on."""
        for node in list(self.draft.nodes):
            if node not in self.draft.nodes:  # it gave what a node that is cut now needed
                continue
            ways = _way_through(self.draft, node, self._catalogue)
            if ways is None or not self._only_adds(node, ways[0]):
                continue
            draft = self.draft.copy()
            _bypass(draft, node, *ways, "It only adds columns that the model does not use.")
            try:
                if self._same(self.run(draft, self.columns)):
                    self.draft = draft
            except StepFailed:
                continue

    def _adapt(self, draft: Draft, failed: StepFailed, columns: Collection[str], rewriting: bool) -> bool:
        """Narrow the node that failed for want of a column, or cut it where it can be; returns whether there was something to change."""
        node, there = draft.nodes[failed.node], self._arriving(draft, failed.node, columns)
        if there is None or failed.error.code not in ABSENT:
            return False
        for end in (edge.source for edge in draft.edges if edge.target.node == node.id and edge.source in draft.pinned):
            value, only = self._values[end], tuple(sorted(there))
            if isinstance(value, Transform) and narrowed(value, there) is not None and draft.pinned[end].only != only:
                draft.pinned[end] = msgspec.structs.replace(draft.pinned[end], only=only)
                return True
        module = self._catalogue.modules[node.module]
        params = {**node.params, **_without_names(module, node.params, there)}
        if params != node.params:
            draft.nodes[node.id] = replace(node, params=params)
            return True
        if rewriting and (rule := module.lineage.for_columns) and self._rewrite(draft, node, rule, there):
            return True
        ways = _way_through(draft, node.id, self._catalogue)
        if ways is None or node.id == draft.answer.node:
            return False
        _bypass(
            draft,
            node.id,
            *ways,
            "It needs columns that a request does not have, such as the label, and the model does not use what it computes.",
        )
        return True

    def _rewrite(self, draft: Draft, node: Node, rule: Rewriting, there: Collection[str]) -> bool:
        """Rewrite the settings of a node so that they do without the columns that no longer arrive; returns whether that changes them."""
        gone = (self._arriving(self.draft, node.id, self.columns) or set()) - {*there}
        params = {**node.params, **rule(settings_of(self._catalogue.modules[node.module], node), gone)}
        if params == node.params:
            return False
        draft.nodes[node.id] = replace(node, params=params)
        decision = draft.decisions[node.id]
        draft.decisions[node.id] = msgspec.structs.replace(decision, reason=f"{decision.reason.removesuffix(REWRITTEN)}{REWRITTEN}")
        return True

    def _arriving(self, draft: Draft, node: str, columns: Collection[str]) -> set[str] | None:
        """Return the columns that arrive at the flowing input of a node."""
        ways = _way_through(draft, node, self._catalogue)
        if ways is None:
            return None
        partial = replace(draft, answer=ways[0]) if ways[0] != draft.request else None
        if partial is None:
            return set(columns)
        try:
            return set(self.run(partial, columns).table.frame.columns)
        except StepFailed:
            return None

    def _only_adds(self, node: str, before: Endpoint) -> bool:
        """Return whether a node adds columns and leaves the others; cleaning that finds nothing to clean in these rows adds none, and stays."""
        after = next(Endpoint(node, port.name) for port in self._catalogue.modules[self.draft.nodes[node].module].outputs)
        try:
            one = self.run(replace(self.draft, answer=before), self.columns) if before != self.draft.request else None
            two = self.run(replace(self.draft, answer=after), self.columns)
        except StepFailed:
            return False
        table = one.table if one else self._rows.only(self.columns)
        there = two.table.frame
        return (
            len(two.places) == table.frame.height
            and there.width > table.frame.width
            and all(
                name in there.columns
                and two.table.role(name) == table.role(name)
                and there[name].equals(table.frame[name], check_dtypes=True)
                for name in table.frame.columns
            )
        )

    def _same(self, found: Arrived) -> bool:
        """Return whether every row of the reference has the same scores; rows may arrive that did not before."""
        at = {place: row for row, place in enumerate(found.places)}
        if any(place not in at for place in self.reference.places):
            return False
        rows = [at[place] for place in self.reference.places]
        mine, other = self.reference.table.frame, found.table.frame
        return all(name in other.columns and same_values(mine[name], other[name].gather(rows)) for name in self.outputs)


def scores_of(table: Table, inputs: Collection[str]) -> list[str]:
    """Return the columns of an answer: those with the role score; without such, those that are not of the request."""
    return table.columns_with("score") or [name for name in table.frame.columns if name not in inputs]


def same_values(one: pl.Series, other: pl.Series) -> bool:
    """Return whether two columns hold the same values to the last bit; a text may stand for a value of another type, as Score Model gives labels."""
    if one.dtype != other.dtype:
        one, other = one.cast(pl.String), other.cast(pl.String)
    return one.equals(other.alias(one.name), null_equal=True)


def graph_of(draft: Draft) -> Graph:
    """Return a draft as a graph."""
    return Graph(nodes=draft.nodes, edges=tuple(draft.edges))


def narrow_value(value: Any, only: Sequence[str] | None) -> Any:
    """Return a pinned value narrowed to columns."""
    if only is None or not isinstance(value, Transform):
        return value
    return narrowed(value, set(only)) or value


def _without_names(module: Module, params: Mapping[str, Any], there: Collection[str]) -> dict[str, Any]:
    """Return the settings of columns without the names that are not there."""
    found: dict[str, Any] = {}
    for param in module.params:
        if param.kind is not ParamKind.COLUMNS or params.get(param.name) in (None, "all"):
            continue
        selector = Selector.read(params[param.name])
        rules = [
            replace(rule, values=tuple(name for name in rule.values if name in there)) if rule.by == "names" else rule
            for rule in selector.rules
        ]
        if tuple(rules) != selector.rules:
            found[param.name] = [rule.as_json() for rule in rules]
    return found


def _way_through(draft: Draft, node: str, catalogue: Catalogue) -> tuple[Endpoint, Endpoint] | None:
    """Return the only output whose rows arrive at a node, and its table output; None for other nodes."""
    if node == draft.request.node or any(pin.node == node for pin in draft.pinned.values()):
        return None
    module = catalogue.modules[draft.nodes[node].module]
    tables = {port.name for port in module.inputs if port.kind == TABLE}
    arriving = [
        edge.source for edge in draft.edges if edge.target.node == node and edge.target.port in tables and edge.source not in draft.pinned
    ]
    output = next((port.name for port in module.outputs if port.kind == TABLE), None)
    return (arriving[0], Endpoint(node, output)) if len(arriving) == 1 and output else None


def _bypass(draft: Draft, node: str, before: Endpoint, after: Endpoint, why: str) -> None:
    """Take a node out: what it gave is what arrived at it."""
    gone = {node} | {edge.source.node for edge in draft.edges if edge.target.node == node and edge.source in draft.pinned}
    gone -= {edge.source.node for edge in draft.edges if edge.target.node != node and edge.source in draft.pinned}
    edges = [edge for edge in draft.edges if edge.target.node != node]
    draft.edges = [Edge(before, edge.target) if edge.source == after else edge for edge in edges]
    draft.nodes = {id: each for id, each in draft.nodes.items() if id not in gone}
    draft.pinned = {end: pin for end, pin in draft.pinned.items() if pin.node not in gone}
    draft.answer = before if draft.answer == after else draft.answer
    decision = draft.decisions[node]
    draft.decisions[node] = Decision(decision.node, decision.title, decision.module, "cut", why)
