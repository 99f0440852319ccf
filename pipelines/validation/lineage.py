"""Lineage: of every output of a graph, where its rows come from, what was fitted on which rows before, and which columns its columns are computed from.

Rows are described, not counted: a source, and the steps that kept some of its rows. Two descriptions are compared only where the answer is certain,
whatever the data. Steps with the same module, settings and inputs return the same rows, wherever they are in the graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import msgspec

from pipelines.catalogue.columns import Selector
from pipelines.catalogue.discover import Catalogue
from pipelines.catalogue.errors import UNFORESEEN
from pipelines.catalogue.kind import kinds
from pipelines.catalogue.lineage import told
from pipelines.catalogue.module import Module
from pipelines.catalogue.params import ParamKind
from pipelines.catalogue.ports import TABLE, Table
from pipelines.graph.model import Endpoint, Graph, Node
from pipelines.graph.shape import Shape

Step = tuple[int, str]  # the number of equal steps, and an output of them
Columns = Mapping[str, frozenset[tuple[Step, str]]]  # of a table's columns, those that each is computed from
KnownTables = Mapping[str, Mapping[str, Table | None]]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a source: those that all steps of `kept` keep, on one side of each split of `drawn` (split -> output)."""

    source: Step
    kept: frozenset[Step] = frozenset()
    drawn: frozenset[Step] = frozenset()

    def apart_from(self, other: Rows) -> bool:
        """Return whether no row can be in both: another source, or another side of the same split."""
        if self.source != other.source:
            return True
        sides = dict((*self.kept, *self.drawn))
        return any(sides.get(split, side) != side for split, side in (*other.kept, *other.drawn))

    def shares(self, other: Rows) -> bool:
        """Return whether rows are certainly in both: one has all that the other keeps, but for what is drawn at random."""
        return not self.apart_from(other) and (self.kept <= other.kept or other.kept <= self.kept)

    def covers(self, other: Rows) -> bool:
        """Return whether all rows of the other are in this."""
        return self.source == other.source and self.kept <= other.kept and self.drawn <= other.drawn


RowSet = frozenset[Rows]


def share(some: RowSet, others: RowSet) -> bool:
    """Return whether rows are certainly in both."""
    return any(one.shares(other) for one in some for other in others)


@dataclass(frozen=True, slots=True)
class Fit:
    """Something that a node learned from rows, and that values depend on since."""

    node: str
    rows: RowSet


@dataclass(frozen=True, slots=True)
class Value:
    """The lineage of an output. `rows` of a model are those that it was trained on; `columns` are known for tables only."""

    rows: RowSet = frozenset()
    fits: frozenset[Fit] = frozenset()
    columns: Columns = field(default_factory=dict)


class Lineages:
    """The lineage of every output port.

    Args:
        graph: A graph without errors.
        catalogue: The modules.
        tables: The tables without rows of the outputs, by node and port, as far as they are known.
    """

    def __init__(self, graph: Graph, catalogue: Catalogue, tables: KnownTables) -> None:
        self._graph, self._catalogue, self._tables = graph, catalogue, tables
        self._sources: dict[Endpoint, list[Endpoint]] = {}
        for edge in graph.edges:
            self._sources.setdefault(edge.target, []).append(edge.source)
        self.known: dict[Endpoint, Value] = {}
        self._steps: dict[str, int] = {}
        self._numbers: dict[object, int] = {}
        self._made_of: dict[Step, Fit] = {}
        for node in Shape.of(graph).order():
            self._visit(graph.nodes[node])

    def arriving(self, node: str, port: str) -> list[Value]:
        """Return the lineages at an input, in order."""
        return [self.known[end] for end in self._sources.get(Endpoint(node, port), ()) if end in self.known]

    def ends(self, node: str, port: str) -> list[Endpoint]:
        """Return the outputs that are connected to an input, in order."""
        return self._sources.get(Endpoint(node, port), [])

    def head(self, node: str, port: str) -> Table | None:
        """Return the table without rows that arrives at an input, if its columns are known."""
        return next(iter(self.heads(node, port)), None)

    def heads(self, node: str, port: str) -> list[Table | None]:
        """Return the tables without rows that arrive at an input, None for those with unknown columns."""
        ends = self._sources.get(Endpoint(node, port), ())
        return [self._tables.get(end.node, {}).get(end.port) for end in ends]

    def _visit(self, node: Node) -> None:
        module = self._catalogue.modules[node.module]
        ends = [(port.name, self._sources.get(Endpoint(node.id, port.name), ())) for port in module.inputs]
        inputs = tuple((name, tuple((self._steps[end.node], end.port) for end in found)) for name, found in ends)
        alike = (module.id, msgspec.json.encode(node.params, order="sorted"), inputs)
        step = self._steps[node.id] = self._numbers.setdefault(alike, len(self._numbers))
        visit = _Visit(self, node, module, step)
        main = next((port.name for port in module.outputs if port.kind == TABLE), None)
        for port in module.outputs:
            own: Step = (step, port.name)
            kind = visit.rows_kind if port.name == main or visit.rows_kind in ("parts", "chosen") else "new"
            if port.kind == TABLE:
                rows, fits = visit.rows_of(kind, own), visit.fits
                if made_of := visit.made_of(rows, own):
                    self._made_of[own] = made_of
                    fits = frozenset(Fit(fit.node, rows) for fit in fits if _cover(fit.rows, visit.all_rows))
                self.known[Endpoint(node.id, port.name)] = Value(rows, fits, visit.columns(port.name, own, new=kind == "new"))
            else:
                self.known[Endpoint(node.id, port.name)] = Value(visit.all_rows, visit.fits)

    def leaving(self, node: str, port: str) -> Table | None:
        """Return the table without rows of an output, if its columns are known."""
        return self._tables.get(node, {}).get(port)

    def lookups(self, values: Iterable[Value]) -> Iterable[Fit]:
        """Return the fits that looking up in tables means: rows that were computed from others carry what they were computed from."""
        return (self._made_of[rows.source] for value in values for rows in value.rows if rows.source in self._made_of)


class _Visit:
    """What one node does, as its module declares it."""

    def __init__(self, lineages: Lineages, node: Node, module: Module, step: int) -> None:
        self._node, self._module, self._step, self._lineages = node, module, step, lineages
        self._settings = settings_of(module, node)
        of = told(module.lineage.of, self._settings)
        by_port = [(port, lineages.arriving(node.id, port.name)) for port in module.inputs]
        self._tables = [value for port, values in by_port if port.kind == TABLE for value in values]
        self._main = [value for port, values in by_port if port.kind == TABLE and (of is None or port.name in of) for value in values]
        looked_up = [value for value in self._tables if not any(value is each for each in self._main)]
        everything = [value for _, values in by_port for value in values]
        learned_from = [value for port, values in by_port if port.kind in (TABLE, *_trained(module)) for value in values]
        self.all_rows: RowSet = frozenset(rows for value in learned_from for rows in value.rows)
        found = {fit for value in everything for fit in value.fits} | set(lineages.lookups(looked_up))
        if fits(module, self._settings) and self.all_rows:
            found.add(Fit(node.id, frozenset(rows for value in self._main for rows in value.rows)))
        self.fits = frozenset(found)
        declared = told(module.lineage.rows, self._settings)
        several = len(self._tables) > 1 and declared is None
        self.rows_kind = "new" if several else declared or "some"

    def rows_of(self, kind: str, own: Step) -> RowSet:
        arriving = [rows for value in self._main for rows in value.rows]
        if kind == "new" or not arriving:
            return frozenset({Rows(own)})
        if kind == "same":
            return frozenset(arriving)
        if kind == "parts":
            return frozenset(Rows(rows.source, rows.kept, rows.drawn | {own}) for rows in arriving)
        return frozenset(Rows(rows.source, rows.kept | {own}, rows.drawn) for rows in arriving)

    def made_of(self, rows: RowSet, own: Step) -> Fit | None:
        """Return what new rows were computed from."""
        return Fit(self._node.id, self.all_rows) if self.all_rows and rows == {Rows(own)} else None

    def columns(self, port: str, own: Step, *, new: bool) -> Columns:
        """Return of each column of an output the columns that it is computed from; nothing where columns are unknown."""
        table = self._lineages.leaving(self._node.id, port)
        if table is None:
            return {}
        if new or not self._tables:
            return {column: frozenset({(own, column)}) for column in table.frame.columns}
        named, parents = self._derived(), [value.columns for value in self._tables]
        if len(parents) == 1 and not named and table is next(iter(self._heads), None):
            return parents[0]
        known = parents[0] if len(parents) == 1 else _merged(parents)
        found: dict[str, frozenset[tuple[Step, str]]] = {}
        for column in table.frame.columns:
            if column in named:
                parts = [parents[at].get(name) for at, name in named[column] if at < len(parents)]
            elif column in known:
                found[column] = known[column]
                continue
            else:
                parts = [parents[0].get(name) for name in self._selected(column)]
            found[column] = frozenset().union(*(part for part in parts if part)) or frozenset({(own, column)})
        return found

    @cached_property
    def _heads(self) -> list[Table | None]:
        tables = [port.name for port in self._module.inputs if port.kind == TABLE]
        return [head for name in tables for head in self._lineages.heads(self._node.id, name)]

    def _derived(self) -> Mapping[str, Sequence[tuple[int, str]]]:
        rule = self._module.lineage.derives
        if rule is None:
            return {}
        try:
            return {column: list(parts) for column, parts in rule(self._settings, *self._heads).items()}
        except UNFORESEEN:  # a setting that is not finished, or columns that are not known
            return {}

    def _selected(self, column: str) -> Sequence[str]:
        """Return the selected columns whose names a new column's name contains, the longest only; all if it contains none."""
        if self._module.lineage.derives is not None:
            return ()
        chosen = self._chosen
        inside = [name for name in chosen if name in column]
        return [name for name in inside if not any(name != other and name in other for other in inside)] or chosen

    @cached_property
    def _chosen(self) -> Sequence[str]:
        head = next(iter(self._heads), None)
        found: list[str] = []
        for param in self._module.params:
            value = self._settings.get(param.name)
            if head is None or value is None or param.name == self._module.lineage.label or not param.matters(self._settings):
                continue
            if param.kind is ParamKind.COLUMN:
                found.append(str(value))
            elif param.kind is ParamKind.COLUMNS and isinstance(value, Selector):
                try:
                    found += value.pick(head)
                except UNFORESEEN:  # told by the check of columns
                    continue
        return list(dict.fromkeys(found))


def _merged(parents: Sequence[Columns]) -> Columns:
    found: dict[str, frozenset[tuple[Step, str]]] = {}
    for columns in parents:
        for column, parts in columns.items():
            found[column] = found.get(column, frozenset()) | parts
    return found


def fits(module: Module, settings: Mapping[str, object]) -> bool:
    """Return whether a module learns from rows."""
    declared = told(module.lineage.fits, settings)
    return any(kinds()[port.kind].fitted for port in module.outputs) if declared is None else bool(declared)


def settings_of(module: Module, node: Node) -> Mapping[str, object]:
    """Return the settings of a node as the function receives them, as far as they can be read."""
    try:
        return module.read_settings(node.params)
    except ValueError:  # a setting without a value
        return module.settings(node.params)


def _trained(module: Module) -> tuple[str, ...]:
    """Return the kinds of its inputs whose rows its own models have learned from: models that it passes on or changes."""
    made = {port.kind for port in module.outputs}
    return tuple({port.kind for port in module.inputs if port.kind in made and port.kind != TABLE})


def _cover(rows: RowSet, all_rows: RowSet) -> bool:
    return all(any(one.covers(other) for one in rows) for other in all_rows)
