"""The datasets that a graph names: found once, missing ones told, the rest fixed to the bytes they have."""

from __future__ import annotations

from typing import Any, Protocol

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.params import ParamKind
from pipelines.execution.output import Output
from pipelines.graph.model import Graph
from pipelines.graph.problem import Problem


class Datasets(Protocol):
    """How the engine finds a dataset that a graph names."""

    def find(self, name: str, version: int | None) -> Output | None:
        """The record of a dataset's table, kept in the store of the scope that asks; None when there is none."""


class Memoized:
    """Datasets that are asked for once each, so that a start sees one truth."""

    def __init__(self, datasets: Datasets) -> None:
        self._datasets = datasets
        self._found: dict[tuple[str, int | None], Output | None] = {}

    def find(self, name: str, version: int | None) -> Output | None:
        if (name, version) not in self._found:
            self._found[name, version] = self._datasets.find(name, version)
        return self._found[name, version]


def _named(graph: Graph) -> list[tuple[str, str, str, int | None]]:
    """Node, setting, name and version of every dataset that a graph names."""
    named = []
    for node in graph.nodes.values():
        module = catalogue().modules[node.module]
        for param in module.params:
            if param.kind is ParamKind.DATASET and node.params.get(param.name):
                named.append((node.id, param.name, node.params[param.name], node.params.get("version")))
    return named


def missing_datasets(graph: Graph, datasets: Datasets) -> list[Problem]:
    """A problem for every dataset that a graph names and nobody has."""
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
    """For every node with datasets, the setting and the record of the data that it means."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for node, param, name, version in _named(graph):
        record = datasets.find(name, version)
        assert record is not None, "a missing dataset is a problem, and problems are refused before"
        found.setdefault(node, {})[param] = record.as_json()
    return found
