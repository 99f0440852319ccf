"""Module discovery: every file of every shelf is a module, and one for each port kind loads its saved values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from pipelines.catalogue.kind import FOLDER as KINDS
from pipelines.catalogue.kind import kinds
from pipelines.catalogue.loading import loader_of
from pipelines.catalogue.module import Module
from pipelines.catalogue.packages import further_packages, submodules
from pipelines.catalogue.signature import read
from pipelines.graph.model import Edge, Endpoint, Graph, Node, in_order

PACKAGES = ("pipelines.modules",)


@dataclass(frozen=True)
class Catalogue:
    """All modules by id, and former ids."""

    modules: Mapping[str, Module]
    former: Mapping[str, str]

    def get(self, id: str) -> Module | None:
        """Return the module of an id, current or former."""
        return self.modules.get(self.former.get(id, id))

    def with_current_names(self, graph: Graph) -> Graph:
        """Return the graph with former names of modules, ports, settings and choices replaced by current ones."""
        nodes = {id: self._modern_node(node) for id, node in graph.nodes.items()}
        edges = (
            Edge(self._modern_end(edge.source, graph, out=True), self._modern_end(edge.target, graph, out=False)) for edge in graph.edges
        )
        return replace(graph, nodes=nodes, edges=in_order(edges))

    def _modern_node(self, node: Node) -> Node:
        module = self.get(node.module)
        if module is None or (module.id == node.module and not module.former_params and not module.former_values):
            return node
        params = {module.former_params.get(name, name): value for name, value in node.params.items()}
        for name, values in module.former_values.items():
            if isinstance(value := params.get(name), str):
                params[name] = values.get(value, value)
        return replace(node, module=module.id, params=params)

    def _modern_end(self, end: Endpoint, graph: Graph, *, out: bool) -> Endpoint:
        node = graph.nodes.get(end.node)
        module = self.get(node.module) if node else None
        ports = (module.outputs if out else module.inputs) if module else ()
        return next((Endpoint(end.node, port.name) for port in ports if end.port in port.former), end)


@cache
def catalogue() -> Catalogue:
    """Return every module of the shelves, of further packages of shelves, and those that load saved values."""
    modules = {module.id: module for package in (*PACKAGES, *further_packages()) for module in _modules_of(package)}
    shelves = {module.shelf.id: module.shelf for module in modules.values()}
    for kind in kinds().values():
        if kind.loader:
            modules[kind.loader.id] = loader_of(kind, shelves[kind.loader.id.partition(".")[0]])
    former = {old: module.id for module in modules.values() for old in module.former}
    return Catalogue(modules, former)


def find(id: str) -> Module | None:
    """Return the module of a current id. Those of other files are not read, which takes half a second."""
    shelf, _, name = id.partition(".")
    if shelf and name and not catalogue.cache_info().currsize:
        found = [module for package in (*PACKAGES, *further_packages()) for module in _modules_of(package, shelf, name)]
        if found:
            return found[-1]
    return catalogue().modules.get(id)


def registrable_kinds() -> set[str]:
    """Return the port kinds of which a module loads versions of the model registry."""
    return {param.holds for module in catalogue().modules.values() for param in module.params if param.registered and param.holds}


def _modules_of(package: str, of_shelf: str = "", of_file: str = "") -> Iterator[Module]:
    for shelf_name, folder in submodules(package, of_shelf):
        if shelf_name == KINDS:
            continue
        shelf = replace(folder.SHELF, id=shelf_name)
        for name, file in submodules(folder.__name__, of_file):
            for function in vars(file).values():
                if hasattr(function, "__easel__") and function.__module__ == file.__name__:
                    yield read(function, f"{shelf_name}.{name}", shelf)
