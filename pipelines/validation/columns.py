"""Column inference: which columns arrive at each port before anything runs, computed with tables without rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec
import polars as pl

from pipelines.catalogue.columns import Rule, Selector
from pipelines.catalogue.discover import Catalogue
from pipelines.catalogue.errors import UNFORESEEN, ModuleError
from pipelines.catalogue.invoke import call
from pipelines.catalogue.kind import kinds
from pipelines.catalogue.module import LAZY, PROBE, Module, Port
from pipelines.catalogue.params import Param, ParamKind
from pipelines.catalogue.ports import MODELS, TABLE, ColumnRole, Model, Table
from pipelines.catalogue.repeated import keys_of, with_keys
from pipelines.graph.codec import MOST_NODES
from pipelines.graph.model import Edge, Endpoint, Graph, Node
from pipelines.graph.problem import Problem
from pipelines.graph.shape import Shape
from pipelines.validation.naming import called
from pipelines.validation.repeating import Region, regions, repeating

Empty = Table | None
FindEmpty = Callable[[str, int | None], Empty]
MOST_TABLES = 2000


@dataclass(frozen=True, eq=False)
class Known:
    """The known value of an output port: a table without rows, or what rules return for learners and models. Compares by identity."""

    value: Any


Arriving = tuple[tuple[Known | None, ...], ...]


class Columns:
    """The tables without rows of all output ports with known columns, and the problems found on the way.

    Args:
        graph: A graph without errors.
        catalogue: The modules.
        find: Returns a dataset's table without rows.
        unfinished: The nodes that lack a setting or an input: their rules are not called.
    """

    def __init__(self, graph: Graph, catalogue: Catalogue, find: FindEmpty, unfinished: Collection[str] = ()) -> None:
        self._graph, self._catalogue, self._find, self._unfinished = graph, catalogue, find, unfinished
        self._given: dict[Endpoint, Known] = {}
        self._into: dict[Endpoint, list[Edge]] = {}
        for edge in graph.edges:
            self._into.setdefault(edge.target, []).append(edge)
        self._regions = regions(graph, catalogue)
        self.known: dict[str, dict[str, Empty]] = {}
        self.problems: list[Problem] = []
        for node in Shape.of(graph).order():
            self._visit(graph.nodes[node])

    def _visit(self, node: Node) -> None:
        module = self._catalogue.modules[node.module]
        arriving = tuple(tuple(map(self._along, self._into.get(Endpoint(node.id, port.name), ()))) for port in module.inputs)
        self.known[node.id] = {port.name: None for port in module.outputs if port.kind == TABLE}
        problems = [*self._unknown_columns(node, module, arriving)]
        try:
            leaving = {} if problems or node.id in self._unfinished else self._leaving(node, module, arriving)
        except ModuleError as wrong:
            problems.append(_with_place(wrong, node, module))
            leaving = {}
        except UNFORESEEN:  # a rule that fails on an unforeseen setting infers nothing; the run itself reports it
            leaving = {}
        self.problems += problems
        for port, known in leaving.items():
            self._given[Endpoint(node.id, port)] = known
            if port in self.known[node.id]:
                self.known[node.id][port] = known.value

    def _along(self, edge: Edge) -> Known | None:
        """Return what arrives along an edge: out of a sub-pipeline that is repeated, with the columns of its items."""
        known = self._given.get(edge.source)
        for region in self._regions:
            if known and region.leaves(edge):
                known = self._gathered(region, known)
        return known

    def _gathered(self, region: Region, known: Known) -> Known | None:
        node = self._graph.nodes[region.node]
        module = self._catalogue.modules[node.module]
        port = repeating(module)
        ends = self._into.get(Endpoint(node.id, port.name), ()) if port else ()
        arriving = self._along(ends[0]) if ends else None
        if port is None or arriving is None or not isinstance(known.value, Table | Model):
            return None
        try:
            keys = keys_of(arriving.value, module.read_settings(node.params))
            if isinstance(known.value, Model):
                return _known(_models(known.value, keys))
            return _known(with_keys(known.value.with_frame(known.value.frame.clear()), keys))
        except (ModuleError, ValueError):  # it is told at the module that repeats
            return None

    def _unknown_columns(self, node: Node, module: Module, arriving: Arriving) -> list[Problem]:
        """Return problems for column settings that name a column which does not arrive."""
        problems, values = [], module.settings(node.params)
        first = {port.name: ends[0].value for port, ends in zip(module.inputs, arriving, strict=True) if ends and ends[0]}
        for param in module.params:
            table = first.get(param.port or "")
            if table is None or not param.matters(values) or values[param.name] is None:
                continue
            try:
                if param.kind is ParamKind.COLUMN:
                    Selector((Rule(True, "names", (values[param.name],)),)).pick(table)
                if param.kind is ParamKind.COLUMNS:
                    param.read(values[param.name]).pick(table)
            except ModuleError as wrong:
                problems.append(_with_place(wrong, node, module, param))
            except ValueError:  # not a selector at all, which another check reports
                continue
        return problems

    def _leaving(self, node: Node, module: Module, arriving: Arriving) -> Mapping[str, Known]:
        if not all(_is_known(port, ends) for port, ends in zip(module.inputs, arriving, strict=True)):
            return {}
        datasets = {param.name for param in module.params if param.kind is ParamKind.DATASET}
        found = tuple((name, self._find_known(node.params[name], node.params.get("version"))) for name in datasets if name in node.params)
        if any(known is None for _, known in found):
            return {}
        return _infer(module, msgspec.json.encode(node.params), arriving, found)

    def _find_known(self, dataset: str, version: int | None) -> Known | None:
        table = self._find(dataset, version)
        return None if table is None else _known(table)


def _is_known(port: Port, arriving: tuple[Known | None, ...]) -> bool:
    return port.kind != TABLE or (None not in arriving and bool(arriving or port.optional or port.multiple))


@lru_cache(maxsize=MOST_NODES)
def _infer(module: Module, params: bytes, arriving: Arriving, datasets: tuple[tuple[str, Known], ...]) -> Mapping[str, Known]:
    """Return what a module's rule infers for its outputs. Cached: graphs are checked after every edit, and rules are deterministic."""
    lazy = any(port.form in LAZY for port in module.inputs)
    rule = module.function if module.columns is PROBE or (lazy and module.columns is None) else module.columns
    if rule is None:
        return {}
    settings = module.read_settings(msgspec.json.decode(params)) | {name: known.value for name, known in datasets}
    inputs = {port.name: [known and known.value for known in ends] for port, ends in zip(module.inputs, arriving, strict=True)}
    handed_on = {id(known.value): known for ends in arriving for known in ends if known}
    told = call(module, rule, inputs, settings)
    return {port: handed_on.get(id(value)) or _known(value) for port, value in told.items() if value is not None}


def _models(model: Model, keys: Table) -> Any:
    """Return what is known of the models of all items: what they predict, and the columns of the items."""
    (made,) = kinds()[MODELS].types
    return made(model.name, model.task, model.label, tuple(keys.frame.columns), keys.frame)


def _known(value: Any) -> Known:
    if isinstance(value, Table) and value.frame.is_empty():
        return _table(tuple(zip(value.frame.columns, value.frame.dtypes, strict=True)), tuple(value.roles.items()))
    return Known(value)


@lru_cache(maxsize=MOST_TABLES)
def _table(schema: tuple[tuple[str, pl.DataType], ...], roles: tuple[tuple[str, ColumnRole], ...]) -> Known:
    """Return one instance for all tables with these columns, so that cached inferences are found again."""
    return Known(Table(pl.DataFrame(schema=dict(schema)), dict(roles)))


def _with_place(wrong: ModuleError, node: Node, module: Module, param: Param | None = None) -> Problem:
    """Convert an error of a module or a selector into a problem with its place."""
    subject = (f"{called(node, module)}: ", *([f"{param.title}: "] if param else []))
    port, setting = (param.port, param.name) if param else (wrong.port, wrong.param)
    words = "".join(subject) + wrong.words
    return Problem(wrong.code, words, node.id, port, setting, wrong.column, remedy=wrong.remedy, subject=subject)
