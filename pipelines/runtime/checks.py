"""The checks of a graph before a run: its structure, settings, datasets, columns, environments, connections and leaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import TABLE, Table
from pipelines.execution.datasets import Dataset, Datasets, Resolved, resolve
from pipelines.graph.groups import looped
from pipelines.graph.model import Graph
from pipelines.graph.problem import Problem
from pipelines.runtime import environments, outside
from pipelines.runtime.queries.runs import table
from pipelines.validation import COMPLETE, DRAFT, find_problems
from pipelines.validation.columns import Columns
from pipelines.validation.leakage import leaks


@dataclass(frozen=True)
class Validated:
    """A graph's problems; its datasets and columns unless its structure is wrong."""

    problems: Sequence[Problem]
    datasets: Resolved = field(default_factory=Resolved)
    columns: Mapping[str, Mapping[str, Table | None]] = field(default_factory=dict)


def draft_problems(graph: Graph) -> list[Problem]:
    """Return the problems that a draft must not have: unknown modules and ports, cycles, wrong kinds, settings of the wrong type."""
    return find_problems(graph, catalogue(), DRAFT)


def validate(graph: Graph, datasets: Datasets, scope: str) -> Validated:
    """Validate a graph and infer the columns at its ports. Nothing is executed."""
    if drawn := draft_problems(graph):
        return Validated(drawn)
    incomplete, found = find_problems(graph, catalogue(), COMPLETE), resolve(graph, datasets)
    known = Columns(
        graph, catalogue(), lambda name, version: _empty(found.known.get((name, version))), {each.node for each in incomplete if each.node}
    )
    reached = [*environments.problems(graph, scope), *outside.problems(graph, scope)]
    told = [*found.problems, *looped(graph), *reached, *incomplete, *known.problems, *leaks(graph, catalogue(), known.known)]
    return Validated(told, found, known.known)


def _empty(dataset: Dataset | None) -> Table | None:
    whole = table(dataset.output, dataset.scope) if dataset and dataset.output.kind == TABLE else None
    return whole.with_frame(whole.frame.clear()) if whole else None
