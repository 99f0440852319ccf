"""Stage 2, validation: tiers of small checks; a tier with an error skips the tiers that depend on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pipelines.catalogue.discover import Catalogue
from pipelines.graph.model import Graph
from pipelines.graph.problem import Problem
from pipelines.validation import complete, structure

Check = Callable[[Graph, Catalogue], Iterator[Problem]]

# Checks of a draft, then those of a run besides.
DRAFT: Sequence[Sequence[Check]] = (
    (structure.known_modules, structure.known_nodes, structure.known_groups),
    (structure.known_ports, structure.known_settings, structure.acyclic),
    (structure.fitting_kinds, structure.single_inputs, structure.readable_settings),
)
COMPLETE: Sequence[Sequence[Check]] = ((complete.finished,),)


def find_problems(graph: Graph, catalogue: Catalogue, tiers: Sequence[Sequence[Check]] = (*DRAFT, *COMPLETE)) -> list[Problem]:
    """Return all problems up to the end of the first tier with an error; empty when the graph is sound and finished."""
    problems: list[Problem] = []
    for tier in tiers:
        problems += [problem for check in tier for problem in check(graph, catalogue)]
        if any(problem.severity == "error" for problem in problems):
            break
    return problems
