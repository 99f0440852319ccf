"""Dataset resolution: each dataset of a graph is resolved once; missing ones are reported, the rest pinned by digest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol, TypeVar

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.kind import kinds
from pipelines.catalogue.params import Param, ParamKind
from pipelines.catalogue.ports import TABLE
from pipelines.execution.output import Output
from pipelines.graph.model import Graph
from pipelines.graph.problem import Problem

K = TypeVar("K", bound=tuple[Any, Any])


class Dataset(NamedTuple):
    """The record of a dataset's table, or of a saved value, and the scope whose store holds it."""

    output: Output
    scope: str


class Datasets(Protocol):
    """Resolver of dataset names, implemented by the caller."""

    def find(self, name: str, version: int | None) -> Dataset | None:
        """Return a dataset; None when there is no such dataset."""

    def find_model(self, name: str, version: str | None) -> Dataset | None:
        """Return a version of a registered model, by its number or an alias; the latest one for None. None when there is none."""


@dataclass
class Resolved:
    """The datasets that a graph names: a problem for each one that does not exist, and the records of the others.

    `records` are by node and setting, as a plan stores them; `known` are by name and version.
    """

    problems: list[Problem] = field(default_factory=list)
    records: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    known: dict[tuple[str, int | None], Dataset | None] = field(default_factory=dict)


def resolve(graph: Graph, datasets: Datasets) -> Resolved:
    """Resolve each dataset of a graph once, so that checks and the start of a run see the same data."""
    found, models = Resolved(), dict[tuple[str, str | None], Dataset | None]()
    for node in graph.nodes.values():
        for param in catalogue().modules[node.module].params:
            if param.kind is ParamKind.DATASET and node.params.get(param.name):
                wanted = node.params[param.name], node.params.get("version")
                dataset = _once(models, wanted, datasets.find_model) if param.registered else _once(found.known, wanted, datasets.find)
                if dataset and dataset.output.kind == param.holds:
                    found.records.setdefault(node.id, {})[param.name] = dataset.output.as_json()
                else:
                    found.problems.append(_other_kind(node.id, param, dataset, wanted[0]) if dataset else _unknown(node.id, param, *wanted))
    return found


def _once(known: dict[K, Dataset | None], wanted: K, find: Callable[[Any, Any], Dataset | None]) -> Dataset | None:
    if wanted not in known:
        known[wanted] = find(*wanted)
    return known[wanted]


def _unknown(node: str, param: Param, name: str, version: int | str | None) -> Problem:
    if param.registered:
        words = f"There is no registered model “{name}”" + (f" with a version or an alias “{version}”." if version else ".")
        return Problem(
            "unknown_dataset", words, node=node, param=param.name, remedy="Select one of the workspace, or register it from a run."
        )
    is_table = param.holds == TABLE
    what = "dataset" if is_table else f"saved {kinds()[param.holds or TABLE].title}"
    words = f"There is no {what} “{name}”" + (f" with a version {version}." if version else ".")
    return Problem("unknown_dataset", words, node=node, param=param.name, remedy=f"{_select(param)}.")


def _other_kind(node: str, param: Param, dataset: Dataset, name: str) -> Problem:
    found, wanted = kinds()[dataset.output.kind], kinds()[param.holds or TABLE]
    loader = found.loader.title if found.loader else "Dataset"
    remedy = f"{_select(param)}. {loader} loads “{name}”."
    return Problem("unknown_dataset", f"“{name}” is {found.words}, not {wanted.words}.", node=node, param=param.name, remedy=remedy)


def _select(param: Param) -> str:
    if param.holds == TABLE:
        return "Select a dataset of the workspace, or upload it"
    return "Select one of the workspace, or save it from the results of a run"
