"""Which columns arrive where, before anything runs: modules tell from tables without rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pipelines.catalogue.calling import call
from pipelines.catalogue.columns import Rule, Selector
from pipelines.catalogue.discover import Catalogue
from pipelines.catalogue.errors import STRAY, ModuleError
from pipelines.catalogue.module import LAZY, PROBE, Module, Port
from pipelines.catalogue.params import Param, ParamKind
from pipelines.catalogue.ports import Kind, Table
from pipelines.graph.model import Endpoint, Graph, Node
from pipelines.graph.problem import Problem
from pipelines.graph.shape import Shape
from pipelines.validation.structure import called

Empty = Table | None
FindEmpty = Callable[[str, int | None], Empty]


class Columns:
    """Tables without rows for every output port whose columns are known, and the problems met on the way."""

    def __init__(self, graph: Graph, catalogue: Catalogue, find: FindEmpty) -> None:
        self._graph, self._catalogue, self._find = graph, catalogue, find
        self._given: dict[Endpoint, Any] = {}  # beside tables, what rules tell of learners and models
        self._into: dict[Endpoint, list[Endpoint]] = {}
        for edge in graph.edges:
            self._into.setdefault(edge.target, []).append(edge.source)
        self.known: dict[str, dict[str, Empty]] = {}
        self.problems: list[Problem] = []
        for node in Shape.of(graph).order():
            self._visit(graph.nodes[node])

    def _visit(self, node: Node) -> None:
        module = self._catalogue.modules[node.module]
        arriving = {port.name: [self._given.get(end) for end in self._into.get(Endpoint(node.id, port.name), ())] for port in module.inputs}
        self.known[node.id] = {}
        problems = [*self._strange_columns(node, module, arriving)]
        try:
            leaving = self._leaving(node, module, arriving) if not problems else {}
        except ModuleError as wrong:
            problems.append(_placed(wrong, node, module))
            leaving = {}
        except STRAY:  # a rule that stumbles over a strange setting knows nothing; the run itself will say
            leaving = {}
        self.problems += problems
        for port in module.outputs:
            self._given[Endpoint(node.id, port.name)] = leaving.get(port.name)
            if port.kind is Kind.TABLE:
                self.known[node.id][port.name] = leaving.get(port.name)

    def _strange_columns(self, node: Node, module: Module, arriving: Mapping[str, list[Empty]]) -> list[Problem]:
        """Column settings that name a column which does not arrive."""
        problems, values = [], module.settings(node.params)
        for param in module.params:
            table = next(iter(arriving.get(param.port or "", ())), None)
            if table is None or not param.matters(values) or values[param.name] is None:
                continue
            try:
                if param.kind is ParamKind.COLUMN:
                    Selector((Rule(True, "names", (values[param.name],)),)).pick(table)
                if param.kind is ParamKind.COLUMNS:
                    param.read(values[param.name]).pick(table)
            except ModuleError as wrong:
                problems.append(_placed(wrong, node, module, param))
            except ValueError:  # not a selector at all, which another check says
                continue
        return problems

    def _leaving(self, node: Node, module: Module, arriving: Mapping[str, list[Empty]]) -> Mapping[str, Empty]:
        lazy = any(port.form in LAZY for port in module.inputs)
        rule = module.function if module.columns is PROBE or (lazy and module.columns is None) else module.columns
        if rule is None or not all(_is_known(port, arriving[port.name]) for port in module.inputs):
            return {}
        settings = module.read_settings(node.params)
        for param in module.params:
            if param.kind is ParamKind.DATASET:
                table = self._find(settings[param.name], settings.get("version"))
                if table is None:
                    return {}
                settings[param.name] = table
        return call(module, rule, arriving, settings)


def _is_known(port: Port, tables: list[Empty]) -> bool:
    return port.kind is not Kind.TABLE or (None not in tables and bool(tables or port.optional or port.multiple))


def _placed(wrong: ModuleError, node: Node, module: Module, param: Param | None = None) -> Problem:
    """What a module or a selector said, with the place it speaks of."""
    words = f"{called(node, module)}: {param.title}: {wrong.words}" if param else f"{called(node, module)}: {wrong.words}"
    port, setting = (param.port, param.name) if param else (wrong.port, wrong.param)
    return Problem(wrong.code, words, node.id, port, setting, wrong.column, remedy=wrong.remedy)
