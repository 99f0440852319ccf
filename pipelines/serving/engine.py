"""Executes a scoring graph on a table of rows by the ordinary functions of its modules, and follows each row to its answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from pipelines.catalogue.discover import Catalogue
from pipelines.catalogue.errors import UNFORESEEN, ModuleError
from pipelines.catalogue.invoke import call
from pipelines.catalogue.lineage import told
from pipelines.catalogue.module import Module
from pipelines.catalogue.ports import TABLE, Table
from pipelines.catalogue.reporting import Figures, Level, reporting_to
from pipelines.execution.sealed import Sealed
from pipelines.graph.model import Endpoint, Graph, Node
from pipelines.graph.shape import Shape
from pipelines.serving.isolated import Isolation, Unavailable, isolates
from pipelines.validation.lineage import settings_of
from pipelines.validation.naming import called

ROW = "__row_of_request__"
Values = Mapping[Endpoint, Any]


class StepFailed(Exception):
    """A module refused the rows; `node` is its node in the scoring graph, `error` what it says."""

    def __init__(self, node: str, title: str, error: ModuleError) -> None:
        super().__init__(f"{title}: {error.words}")
        self.node, self.title, self.error = node, title, error


@dataclass(frozen=True)
class Flowing:
    """Rows of a request on their way: their table, and the place of each row in the request; None where all are there in their order."""

    table: Table
    places: pl.Series | None = None


@dataclass(frozen=True)
class Arrived:
    """The rows at the end of the graph.

    Args:
        table: Their table.
        places: The place of each row in the request.
        left_out: The rows that do not arrive, with the title of the node that left them out.
        warnings: What modules said on the way, once each.
    """

    table: Table
    places: Sequence[int]
    left_out: Mapping[int, str] = field(default_factory=dict)
    warnings: Sequence[str] = ()


@dataclass
class Said:
    """Collects what modules warn of, once each."""

    lines: dict[str, None] = field(default_factory=dict)

    def progress(self, done: float, total: float, words: str) -> None: ...

    def log(self, line: str, level: Level, figures: Figures | None = None) -> None:
        if level != "info":
            self.lines[line] = None


class Engine:
    """A scoring graph, ready to be executed.

    Args:
        graph: The graph.
        catalogue: The modules.
        request, answer: The output where rows enter, and the output whose table is asked for.
        pinned: The values of outputs that are not executed.
        isolation: What executes steps that run code.
    """

    def __init__(
        self, graph: Graph, catalogue: Catalogue, request: Endpoint, answer: Endpoint, pinned: Values, isolation: Isolation | None = None
    ) -> None:
        self._request, self._answer, self._pinned, self.isolation = request, answer, pinned, isolation or Isolation()
        shape = Shape.of(graph)
        needed = shape.upstream([answer.node])
        given = {request.node, *(end.node for end in pinned)}
        taken = {answer, *(edge.source for edge in graph.edges)}
        self._steps = [
            _Step(graph.nodes[node], catalogue.modules[graph.nodes[node].module], sources, taken, self.isolation, _sealed(sources, pinned))
            for node, sources in ((node, _sources(graph, node)) for node in shape.order() if node in needed and node not in given)
        ]
        self.isolated = [called(step.node, step.module) for step in self._steps if step.is_isolated]
        self.runs_scripts = any(isolates(step.module) for step in self._steps)

    def run(self, table: Table) -> Arrived:
        """Score rows. A row alone gets the bits that it gets among others.

        Raises:
            StepFailed: When a module refuses them.
        """
        if table.frame.height != 1:
            return self._run(table)
        # polars divides a single value by x where it multiplies a column by 1 / x, which gives another last bit; copies of a value made by polars
        # still count as a single one
        twice = self._run(table.with_frame(pl.DataFrame([pl.Series(one.name, one.to_list() * 2, dtype=one.dtype) for one in table.frame])))
        if not len(twice.places):
            return Arrived(twice.table, (), {0: twice.left_out[0]}, twice.warnings and self._run(table).warnings)
        first = twice.table.with_frame(twice.table.frame.head(1))
        return Arrived(first, (0,), {}, twice.warnings and self._run(table).warnings)

    def _run(self, table: Table) -> Arrived:
        listener, lost = Said(), dict[int, str]()
        values: dict[Endpoint, Any] = {**self._pinned, self._request: Flowing(table)}
        with reporting_to(listener):
            for step in self._steps:
                values |= step.run(values, table.frame.height, lost)
        found = values[self._answer]
        assert isinstance(found, Flowing)
        places = range(table.frame.height) if found.places is None else found.places.to_list()
        return Arrived(found.table, places, lost, tuple(listener.lines))

    def links(self) -> list[Link] | None:
        """Return the steps as a chain, each with the one output whose rows arrive at it; None where rows take more than one way."""
        found: list[Link] = []
        before = self._request
        for step in self._steps:
            flowing = [end for ends in step.sources.values() for end in ends if end not in self._pinned]
            if flowing != [before]:
                return None
            values = {port: self._pinned[ends[0]] for port, ends in step.sources.items() if ends[0] in self._pinned}
            found.append(Link(step.node, step.module, called(step.node, step.module), before, values))
            before = Endpoint(step.node.id, next(port.name for port in step.module.outputs if port.kind == TABLE))
        return found if before == self._answer else None

    def heads(self, table: Table) -> Mapping[Endpoint, Table]:
        """Return the tables on the way of a table without rows, by output.

        Raises:
            StepFailed: When a module refuses it.
        """
        values: dict[Endpoint, Any] = {**self._pinned, self._request: Flowing(table)}
        for step in self._steps:
            values |= step.run(values, 0, {})
        return {end: value.table for end, value in values.items() if isinstance(value, Flowing)}


@dataclass(frozen=True)
class Link:
    """A step of a chain: its node and module, its title, the output whose rows arrive at it, and the values at its other inputs by port."""

    node: Node
    module: Module
    title: str
    arriving: Endpoint
    values: Mapping[str, Any]


@dataclass(frozen=True)
class _Step:
    node: Node
    module: Module
    sources: Mapping[str, Sequence[Endpoint]]
    taken: Collection[Endpoint]  # the outputs that anything takes
    isolation: Isolation
    takes_sealed: bool

    @property
    def is_isolated(self) -> bool:
        """Return whether it is executed in a sandbox: it runs code, or loads what may not be loaded here."""
        return self.takes_sealed or isolates(self.module)

    def run(self, values: Values, height: int, lost: dict[int, str]) -> dict[Endpoint, Any]:
        arriving: Mapping[str, Sequence[Any]] = {port: [values[end] for end in ends] for port, ends in self.sources.items()}
        flowing = [value for found in arriving.values() for value in found if isinstance(value, Flowing)]
        places, arriving = _alike(arriving, flowing, height)
        before = next((value.table.frame.height for found in arriving.values() for value in found if isinstance(value, Flowing)), 0)
        plain = {port: [each.table if isinstance(each, Flowing) else each for each in found] for port, found in arriving.items()}
        outputs = None if flowing and self._may_drop else self._call(plain)
        if outputs is None or (flowing and any(table.frame.height != before for table in _tables(outputs))):
            main = next(port for port, found in arriving.items() if any(isinstance(each, Flowing) for each in found))
            outputs, kept = self._followed(plain, main, before)
            left = sorted(set(range(before)) - set(kept))
            lost |= {int(places[row]) if places is not None else row: called(self.node, self.module) for row in left}
            at = pl.Series(kept, dtype=pl.Int64)
            places = at if places is None else places.gather(at)
        return {
            Endpoint(self.node.id, port): Flowing(value, places) if isinstance(value, Table) and flowing else value
            for port, value in outputs.items()
        }

    @property
    def _may_drop(self) -> bool:
        return bool(told(self.module.lineage.rows, settings_of(self.module, self.node)) == "some")

    def _call(self, inputs: Mapping[str, Sequence[Any]], changed: Mapping[str, Any] | None = None) -> dict[str, Any]:
        title = called(self.node, self.module)
        params = {**self.node.params, **(changed or {})}
        try:
            outputs = (
                self.isolation.call(self.module, self.node, title, inputs)
                if self.is_isolated
                else call(self.module, self.module.function, inputs, self.module.read_settings(params))
            )
            return {port: value for port, value in outputs.items() if Endpoint(self.node.id, port) in self.taken}
        except ModuleError as wrong:
            raise StepFailed(self.node.id, title, wrong) from wrong
        except Unavailable:
            raise
        except UNFORESEEN as stray:
            words = f"It stopped with an unexpected error: {type(stray).__name__}: {str(stray)[:300]}"
            raise StepFailed(self.node.id, title, ModuleError("unexpected_error", words)) from stray

    def _followed(self, inputs: Mapping[str, Sequence[Any]], main: str, height: int) -> tuple[dict[str, Any], list[int]]:
        """Return the outputs and the rows that are left, by a column of row numbers; where the module cannot return it, row by row."""
        table: Table = inputs[main][0]
        numbered = table.with_frame(table.frame.with_columns(pl.Series(ROW, range(height), dtype=pl.Int64)))
        numbering = {**inputs, main: [numbered, *inputs[main][1:]]}
        outputs = self._call(numbering)
        name, found = next((port, value) for port, value in outputs.items() if isinstance(value, Table))
        rule = self.module.lineage.returning
        if ROW not in found.frame.columns and rule:
            outputs = self._call(numbering, rule(settings_of(self.module, self.node), ROW))
            found = outputs[name]
        if ROW not in found.frame.columns:
            return self._one_by_one(inputs, main, height)
        kept = found.frame[ROW].to_list()
        if len(set(kept)) < len(kept):
            raise self._several()
        return {**outputs, name: found.with_frame(found.frame.drop(ROW))}, kept

    def _one_by_one(self, inputs: Mapping[str, Sequence[Any]], main: str, height: int) -> tuple[dict[str, Any], list[int]]:
        table, parts, kept = inputs[main][0], list[dict[str, Any]](), list[int]()
        for row in range(height):
            part = self._call({**inputs, main: [table.with_frame(table.frame[row : row + 1])]})
            rows = next(_tables(part)).frame.height
            if rows > 1:
                raise self._several()
            if rows:
                parts.append(part)
                kept.append(row)
        if not parts:
            return self._call({**inputs, main: [table.with_frame(table.frame.clear())]}), kept
        joined = {
            port: value.with_frame(pl.concat([part[port].frame for part in parts])) if isinstance(value, Table) else value
            for port, value in parts[0].items()
        }
        return joined, kept

    def _several(self) -> StepFailed:
        words = "It makes several rows of one, so a row of a request has no single answer."
        return StepFailed(self.node.id, called(self.node, self.module), ModuleError("several_rows", words))


def _sources(graph: Graph, node: str) -> dict[str, list[Endpoint]]:
    found: dict[str, list[Endpoint]] = {}
    for edge in graph.edges:
        if edge.target.node == node:
            found.setdefault(edge.target.port, []).append(edge.source)
    return found


def _sealed(sources: Mapping[str, Sequence[Endpoint]], pinned: Values) -> bool:
    return any(isinstance(pinned.get(end), Sealed) for ends in sources.values() for end in ends)


def _tables(outputs: Mapping[str, Any]) -> Any:
    return (value for value in outputs.values() if isinstance(value, Table))


def _alike(
    arriving: Mapping[str, Sequence[Any]], flowing: Sequence[Flowing], height: int
) -> tuple[pl.Series | None, Mapping[str, Sequence[Any]]]:
    """Return the places of the rows that arrive at every input, and the inputs with these rows."""
    if all(value.places is None for value in flowing):
        return None, arriving
    if len(flowing) == 1:
        return flowing[0].places, arriving
    sets = [set(range(height) if value.places is None else value.places.to_list()) for value in flowing]
    common = pl.Series(sorted(set.intersection(*sets)), dtype=pl.Int64)

    def cut(value: Any) -> Any:
        if not isinstance(value, Flowing):
            return value
        own = pl.Series(range(height), dtype=pl.Int64) if value.places is None else value.places
        return Flowing(value.table.with_frame(value.table.frame.filter(own.is_in(common.implode()))), common)

    return common, {port: [cut(value) for value in values] for port, values in arriving.items()}
