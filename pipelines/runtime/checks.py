"""The checks of a graph before a run: its structure, settings, datasets, columns, environments, connections and leaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import TABLE, Table
from pipelines.execution.datasets import Dataset, Datasets, Resolved, resolve
from pipelines.graph.binding import Bound, bind, references
from pipelines.graph.groups import looped
from pipelines.graph.model import Graph
from pipelines.graph.problem import Problem, UnsoundGraph
from pipelines.runtime import environments, outside
from pipelines.runtime.queries.runs import table
from pipelines.validation import COMPLETE, DRAFT, find_problems
from pipelines.validation.columns import Columns
from pipelines.validation.leakage import leaks
from pipelines.validation.parameters import misfits
from pipelines.validation.repeating import needed


@dataclass(frozen=True)
class Validated:
    """A graph with the values of its parameters, and its problems; its datasets and columns unless its structure is wrong."""

    bound: Bound
    problems: Sequence[Problem]
    datasets: Resolved = field(default_factory=Resolved)
    columns: Mapping[str, Mapping[str, Table | None]] = field(default_factory=dict)


def draft_problems(graph: Graph) -> list[Problem]:
    """Return the problems that a draft must not have: unknown modules and ports, cycles, wrong kinds, settings of the wrong type."""
    return _drawn(graph, bind(graph))


def validate(graph: Graph, datasets: Datasets, scope: str, given: Mapping[str, Any] | None = None) -> Validated:
    """Validate a graph and infer the columns at its ports. Nothing is executed.

    Args:
        graph: The graph.
        datasets: Resolves dataset names.
        scope: The workspace.
        given: The values of parameters for a run; None when nothing is run.
    """
    bound = bind(graph, given)
    if drawn := _drawn(graph, bound):
        return Validated(bound, drawn)
    plain = bound.graph
    incomplete, found = find_problems(plain, catalogue(), COMPLETE), resolve(plain, datasets)
    unfinished = {each.node for each in incomplete if each.node and each.severity != "warning"}
    known = Columns(plain, catalogue(), lambda name, version: _empty(found.known.get((name, version))), unfinished)
    reached = [*environments.problems(plain, scope), *outside.problems(plain, scope)]
    told = [*found.problems, *looped(plain), *reached, *incomplete, *known.problems, *leaks(plain, catalogue(), known.known)]
    return Validated(bound, _traced(graph, told), found, known.known)


def value_problems(graph: Graph, given: Mapping[str, Any]) -> list[Problem]:
    """Return the problems of the values for parameters: their own, else those of the settings that they drive. Nothing else of the graph is checked."""
    bound = bind(graph, given)
    driven = {(node, param) for node, param, _ in references(graph)}
    found = find_problems(bound.graph, catalogue(), DRAFT) if not bound.problems else ()
    return [*bound.problems, *_traced(graph, [problem for problem in found if (problem.node, problem.param) in driven])]


def _drawn(graph: Graph, bound: Bound) -> list[Problem]:
    """The problems of the drawing; those of its parameters first, since settings that they drive are not known then."""
    if wrong := [*bound.problems, *misfits(graph, catalogue())]:
        return wrong
    return _traced(graph, find_problems(bound.graph, catalogue(), DRAFT))


def _traced(graph: Graph, problems: Sequence[Problem]) -> list[Problem]:
    """Problems whose remedy names the parameter that drives the setting."""
    driven = {(node, param): name for node, param, name in references(graph)}

    def traced(problem: Problem) -> Problem:
        name = driven.get((problem.node or "", problem.param or ""))
        return replace(problem, remedy=f"Its value comes from the parameter {name}. Change it there.") if name else problem

    return [*map(traced, problems)]


def _empty(dataset: Dataset | None) -> Table | None:
    whole = table(dataset.output, dataset.scope) if dataset and dataset.output.kind == TABLE else None
    return whole.with_frame(whole.frame.clear()) if whole else None


def unknown_node(node: str, verb: str) -> Problem:
    """Return the problem of a node that is asked for and does not exist."""
    return Problem("unknown_node", f"There is no node {node} to {verb}.", node=node, remedy="Name one of the pipeline's nodes.")


def part_of(graph: Graph, to: Sequence[str] | None) -> Graph:
    """Return the part of a graph that a run to some nodes executes.

    Raises:
        UnsoundGraph: When one of them does not exist.
    """
    if strange := [node for node in to or () if node not in graph.nodes]:
        raise UnsoundGraph([unknown_node(strange[0], "run to")])
    return graph if to is None else graph.only(needed(graph, catalogue(), to))


def sound(
    graph: Graph,
    scope: str,
    datasets: Datasets,
    parameters: Mapping[str, Any],
    to: Sequence[str] | None,
    forced: Sequence[str] = (),
) -> tuple[Validated, Mapping[str, str]]:
    """Return the validated part of a graph that a run to some nodes executes, and the nodes that are left out with their reasons.

    Args:
        graph: The graph.
        scope: The workspace.
        datasets: Resolves dataset names.
        parameters: Values of parameters by name.
        to: The nodes; None for all.
        forced: Nodes that are executed again.

    Raises:
        UnsoundGraph: When it has errors, or unfinished nodes leave nothing of it.
    """
    validated = validate(part_of(graph, to), datasets, scope, parameters)
    wanted = validated.bound.graph
    problems = [problem for problem in validated.problems if problem.severity == "error"]
    unfinished = [problem for problem in validated.problems if problem.severity == "unfinished"]
    left_out = {problem.node: problem.words for problem in reversed(unfinished) if problem.node}
    if not problems and (left_out.keys() >= wanted.nodes.keys() or not left_out.keys().isdisjoint(to or ())):
        problems = unfinished
    if not wanted.nodes:
        problems = [Problem("empty_pipeline", "There is nothing to run yet.", remedy="Drag a module from the palette onto the canvas.")]
    if strange := [node for node in forced if node not in graph.nodes]:
        problems = [unknown_node(strange[0], "run again")]
    if problems:
        raise UnsoundGraph(problems)
    return validated, left_out
