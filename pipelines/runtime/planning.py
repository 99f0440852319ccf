"""From a graph to a run and its plan: checked, with the values of its parameters, its datasets and images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils import timezone

from pipelines.catalogue.discover import catalogue
from pipelines.compilation import Plan, compile
from pipelines.execution.datasets import Datasets
from pipelines.graph.binding import Bound, bind
from pipelines.graph.codec import dump
from pipelines.graph.model import Graph
from pipelines.graph.presets import preset_values
from pipelines.models import Run
from pipelines.runtime import environments
from pipelines.runtime.checks import sound
from pipelines.runtime.storage import artifacts


def freeze(
    run: Run,
    graph: Graph,
    datasets: Datasets,
    parameters: Mapping[str, Any],
    to: Sequence[str] | None,
    forced: Sequence[str] = (),
    source: str = "run",
    preset: str = "",
) -> Plan:
    """Freeze a graph and its plan as a new run, which is not stored yet; returns the plan.

    Args:
        run: The new run, with its scope.
        graph: The graph.
        datasets: Resolves dataset names.
        parameters: Values of the pipeline's parameters by name.
        to: The nodes whose results are wanted; None for all.
        forced: Nodes to execute even if their result is cached.
        source: What gives the values.
        preset: The preset that gives those that are not given.

    Raises:
        UnsoundGraph: When it cannot be run.
    """
    chosen = preset_values(graph, preset)
    bound, plan, left_out = _planned(graph, run.scope, datasets, {**chosen, **parameters}, to, forced)
    sources = {**dict.fromkeys(chosen, f"preset {preset}"), **dict.fromkeys(parameters, source)}
    values = {name: {**each, "source": sources.get(name, each["source"])} for name, each in bound.values.items()}
    run.graph, run.parameters, run.plan = dump(bound.graph), values or None, plan.as_json()
    run.to, run.forced = list(to) if to is not None else None, list(forced)
    run.left_out = [{"node": node, "reason": reason} for node, reason in left_out.items()] or None
    run.created_at = timezone.now()
    return plan


def _planned(
    graph: Graph, scope: str, datasets: Datasets, parameters: Mapping[str, Any], to: Sequence[str] | None, forced: Sequence[str]
) -> tuple[Bound, Plan, Mapping[str, str]]:
    """Return the graph with its parameters' values, the plan of the requested part, and the nodes that are left out with their reasons.

    Raises UnsoundGraph when it cannot be run.
    """
    validated, left_out = sound(graph, scope, datasets, parameters, to, forced)
    wanted = validated.bound.graph
    for dataset in validated.datasets.known.values():
        if dataset and dataset.scope != scope:
            artifacts.link(dataset.output, dataset.scope, scope)
    plan = compile(wanted.only(wanted.nodes.keys() - left_out.keys()), catalogue(), validated.datasets.records, to)
    return replace(validated.bound, graph=bind(graph, parameters).graph), environments.pin_images(plan, scope), left_out
