"""Exports of graphs and of runs as code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pipelines.catalogue.discover import catalogue
from pipelines.compilation import compile
from pipelines.execution.datasets import Datasets
from pipelines.export.obstacles import obstacles
from pipelines.export.script import Exported, Place, export
from pipelines.graph.codec import load
from pipelines.graph.model import Graph
from pipelines.graph.problem import UnsoundGraph
from pipelines.models import Run
from pipelines.runtime.checks import sound
from pipelines.runtime.connections import connections_named
from pipelines.runtime.queries.reopening import PinnedDatasets, reopened


def exported(graph: Graph, *, scope: str, datasets: Datasets) -> Exported:
    """Write a graph as a Python script and a notebook that need no Easel.

    Args:
        graph: The graph.
        scope: The workspace.
        datasets: Resolves dataset names.

    Raises:
        UnsoundGraph: When it cannot be run, or nodes of it cannot be exported.
    """
    validated, left_out = sound(graph, scope, datasets, {}, None)
    wanted = validated.bound.graph
    plan = compile(wanted.only(wanted.nodes.keys() - left_out.keys()), catalogue(), validated.datasets.records)
    if problems := list(obstacles(graph, plan, catalogue())):
        raise UnsoundGraph(problems)
    scopes = {each.output.digest: each.scope for each in validated.datasets.known.values() if each}
    places = {row.name: Place(row.kind, row.address, row.user, row.endpoint, bool(row.secret)) for row in connections_named(plan, scope)}
    return export(graph, plan, catalogue(), scopes, left_out, places)


def exported_run(run: Run) -> Exported:
    """Write the graph of a run as `exported` does: with the values of its parameters, and the data that it read.

    Raises:
        UnsoundGraph: When nodes of it cannot be exported.
    """
    return exported(replace(catalogue().with_current_names(load(run.graph)), parameters={}), scope=run.scope, datasets=PinnedDatasets(run))


def exported_held(run: Run, node: str, held: Mapping[str, Any]) -> Exported:
    """Write the pipeline that a report of a node holds as `exported` does, on the data that the run read.

    Raises:
        UnsoundGraph: When it cannot be run, or nodes of it cannot be exported.
    """
    return exported(reopened(run, node, held), scope=run.scope, datasets=PinnedDatasets(run))
