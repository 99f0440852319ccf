"""Binding: the values of parameters in place of the settings that refer to them.

A setting refers to a parameter by the value `{"$parameter": "name"}`, also inside an object of options. All that follows (checks, plan, cache
keys) sees plain settings, so that it makes no difference whether a value was typed into a setting or came through a parameter.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pipelines.graph.model import Graph
from pipelines.graph.parameters import Parameter
from pipelines.graph.presets import without_values
from pipelines.graph.problem import Problem

REFERENCE = "$parameter"


@dataclass(frozen=True)
class Bound:
    """A graph with plain settings, and the value of each parameter with its source, `default` or what gave it."""

    graph: Graph
    values: Mapping[str, Mapping[str, Any]]
    problems: tuple[Problem, ...] = ()


def bind(graph: Graph, given: Mapping[str, Any] | None = None, *, source: str = "run") -> Bound:
    """Put the values of parameters into the settings that refer to them.

    Args:
        graph: The graph, with references.
        given: Values by name; None when nothing is run, so that a required parameter needs none. Others have their defaults.
        source: What gives them, as the run records it.
    """
    if not graph.parameters and not given:
        return Bound(graph, {})
    declared = {name: Parameter.from_json(name, data) for name, data in graph.parameters.items()}
    problems = [_unknown(name, declared) for name in given or () if name not in declared]
    values = {}
    for name, parameter in declared.items():
        chosen, origin = (given[name], source) if given and name in given else (parameter.default, "default")
        if given is not None and parameter.required and given.get(name) is None:
            problems.append(_problem("missing_parameter", parameter, "needs a value for each run", "Give a value."))
        try:
            values[name] = {"value": None if parameter.required and chosen is None else parameter.read(chosen), "source": origin}
        except ValueError as wrong:
            problems.append(_problem("bad_parameter", parameter, str(wrong), "Give another value, or leave it out to use the default."))
    nodes = {id: replace(node, params=_plain(node.params, values)) for id, node in graph.nodes.items()}
    return Bound(replace(graph, nodes=nodes), values, tuple(problems))


def without_parameters(graph: Graph, names: Collection[str]) -> Graph:
    """Return the graph without some parameters, also in presets; the settings that they drove have their defaults."""
    going = {name: {"value": Parameter.from_json(name, graph.parameters[name]).default} for name in names}
    nodes = {id: replace(node, params=_plain(node.params, going)) for id, node in graph.nodes.items()}
    parameters = {name: data for name, data in graph.parameters.items() if name not in going}
    return replace(graph, nodes=nodes, parameters=parameters, presets=without_values(graph.presets, going))


def references(graph: Graph) -> Iterator[tuple[str, str, str]]:
    """Yield the node, setting and parameter of every reference."""
    for node in graph.nodes.values():
        for param, value in node.params.items():
            for each in (value, *value.values()) if isinstance(value, Mapping) else ():
                if (name := referred(each)) is not None:
                    yield node.id, param, name


def referred(value: object) -> str | None:
    """Return the parameter that a setting's value refers to; None for a plain value."""
    if isinstance(value, Mapping) and value.keys() == {REFERENCE} and isinstance(value[REFERENCE], str):
        return str(value[REFERENCE])
    return None


def _plain(params: Mapping[str, Any], values: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {key: _bound(value, values) for key, value in params.items()}


def _bound(value: Any, values: Mapping[str, Mapping[str, Any]]) -> Any:
    name = referred(value)
    if name is not None:
        return values[name]["value"] if name in values else value
    if isinstance(value, Mapping) and any(referred(each) for each in value.values()):
        return _plain(value, values)
    return value


def _unknown(name: str, declared: Mapping[str, Parameter]) -> Problem:
    words = f"its parameters are: {', '.join(declared)}" if declared else "it has none"
    return Problem(
        "unknown_parameter", f"The pipeline has no parameter “{name[:64]}”; {words}.", key=f"parameters.{name[:64]}", remedy="Leave it out."
    )


def _problem(code: str, parameter: Parameter, words: str, remedy: str) -> Problem:
    return Problem(code, f"The parameter {parameter.called} {words}.", key=f"parameters.{parameter.name}", remedy=remedy)
