"""Stage 2, is it sound? Tiers of small checks; a tier that fails silences those that presume it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pipelines.catalogue.discover import Catalogue
from pipelines.graph.model import Graph
from pipelines.graph.problem import Problem
from pipelines.validation import complete, structure

Check = Callable[[Graph, Catalogue], Iterator[Problem]]

# What a draft must never hold, then what a run needs beside.
DRAWN: Sequence[Sequence[Check]] = (
    (structure.known_modules, structure.known_nodes),
    (structure.known_ports, structure.known_settings, structure.acyclic),
    (structure.fitting_kinds, structure.single_inputs, structure.readable_settings),
)
COMPLETE: Sequence[Sequence[Check]] = ((complete.finished,),)


def find_problems(graph: Graph, catalogue: Catalogue, tiers: Sequence[Sequence[Check]] = (*DRAWN, *COMPLETE)) -> list[Problem]:
    """Every problem up to the end of the first tier that has an error; an empty list when the graph is sound and finished."""
    problems: list[Problem] = []
    for tier in tiers:
        problems += [problem for check in tier for problem in check(graph, catalogue)]
        if any(problem.severity == "error" for problem in problems):
            break
    return problems
