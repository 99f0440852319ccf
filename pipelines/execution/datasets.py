"""Dataset resolution: each dataset of a graph is resolved once, missing ones are reported, the rest pinned by digest."""

from __future__ import annotations

from typing import Any, Protocol

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.params import ParamKind
from pipelines.execution.output import Output
from pipelines.graph.model import Graph
from pipelines.graph.problem import Problem


class Datasets(Protocol):
    """Resolver of dataset names, implemented by the caller."""

    def find(self, name: str, version: int | None) -> Output | None:
        """Return the record of a dataset's table in the store of the requesting scope; None when there is no such dataset."""


class Memoized:
    """A resolver that caches its answers, so that the start of a run sees consistent data."""

    def __init__(self, datasets: Datasets) -> None:
        self._datasets = datasets
        self._found: dict[tuple[str, int | None], Output | None] = {}

    def find(self, name: str, version: int | None) -> Output | None:
        if (name, version) not in self._found:
            self._found[name, version] = self._datasets.find(name, version)
        return self._found[name, version]


def _named(graph: Graph) -> list[tuple[str, str, str, int | None]]:
    """Yield node, setting, name and version of every dataset in a graph."""
    named = []
    for node in graph.nodes.values():
        module = catalogue().modules[node.module]
        for param in module.params:
            if param.kind is ParamKind.DATASET and node.params.get(param.name):
                named.append((node.id, param.name, node.params[param.name], node.params.get("version")))
    return named


def missing_datasets(graph: Graph, datasets: Datasets) -> list[Problem]:
    """Return a problem for every dataset of a graph that does not exist."""
    return [
        Problem(
            "unknown_dataset",
            f"There is no dataset '{name}'" + (f" with a version {version}." if version else "."),
            node=node,
            param=param,
            remedy="Choose one of the workspace's datasets, or upload it.",
        )
        for node, param, name, version in _named(graph)
        if datasets.find(name, version) is None
    ]


def found_datasets(graph: Graph, datasets: Datasets) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the dataset records of every node with datasets, by setting."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for node, param, name, version in _named(graph):
        record = datasets.find(name, version)
        assert record is not None, "a missing dataset is a problem, and problems are refused before"
        found.setdefault(node, {})[param] = record.as_json()
    return found
