"""Presets of a pipeline: named sets of values for its parameters. A run is given one by name; its other parameters have their defaults."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pipelines.graph.json_shapes import is_text, short
from pipelines.graph.model import Graph
from pipelines.graph.parameters import Parameter
from pipelines.graph.problem import Problem, UnsoundGraph

MOST = 100
LONGEST_NAME = 60


def unreadable(presets: object) -> Iterator[Problem]:
    """Yield a problem for every place of a document's presets that does not follow the format. Values are checked when one is used."""
    if not isinstance(presets, dict):
        yield Problem("bad_presets", "The document's presets must be an object of names and values by parameter.", key="presets")
        return
    if len(presets) > MOST:
        yield Problem("bad_presets", f"The document has {len(presets):,} presets; the maximum is {MOST}.", key="presets")
        return
    for name, values in presets.items():
        if not is_text(name, LONGEST_NAME) or not name.strip():
            words = f"The name of a preset must be text of at most {LONGEST_NAME} characters, not {short(name)}."
            yield Problem("bad_preset", words, key=f"presets.{name}")
        elif not isinstance(values, dict):
            yield Problem("bad_preset", f"The preset {short(name)} must be an object of values by parameter.", key=f"presets.{name}")


def preset_values(graph: Graph, preset: str) -> Mapping[str, Any]:
    """Return the values of a preset by parameter; none for an empty name.

    Raises:
        UnsoundGraph: When there is no such preset, or a value of it does not suit its parameter any more.
    """
    if not preset:
        return {}
    if preset not in graph.presets:
        known = f"its presets are: {', '.join(graph.presets)}" if graph.presets else "it has none"
        words = f"The pipeline has no preset “{preset[:LONGEST_NAME]}”; {known}."
        raise UnsoundGraph([Problem("unknown_preset", words, key="preset", remedy="Name one of them, or leave it out.")])
    found, problems = dict(graph.presets[preset]), []
    for name, value in found.items():
        if trouble := _trouble(graph.parameters.get(name), name, value):
            remedy = "Change the preset, or leave it out."
            problems.append(Problem("bad_preset", f"The preset “{preset}” {trouble}.", key="preset", remedy=remedy))
    if problems:
        raise UnsoundGraph(problems)
    return found


def without_values(presets: Mapping[str, Mapping[str, Any]], names: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return presets without the values of some parameters."""
    return {preset: {name: value for name, value in values.items() if name not in names} for preset, values in presets.items()}


def _trouble(data: Mapping[str, Any] | None, name: str, value: Any) -> str:
    if data is None:
        return f"has a value for “{name[:64]}”, which is not a parameter of the pipeline"
    parameter = Parameter.from_json(name, data)
    try:
        parameter.read(value)
    except ValueError as wrong:
        return f"cannot be used: the parameter {parameter.called} {wrong}"
    return ""
