"""Lineage of results: read from the plans and the outputs of runs, down to columns. Nothing is recorded for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

import polars as pl
from django.db.models import TextField
from django.db.models.functions import Cast

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.module import Module
from pipelines.catalogue.ports import ColumnKind, Table
from pipelines.compilation import Step as Planned
from pipelines.execution.output import ColumnInfo, Output
from pipelines.execution.schedule import State
from pipelines.models import Result, Run, Step
from pipelines.validation.column_sources import Basis, Sources, StepSources

MOST_RUNS = 1000  # the newest of a workspace, whose plans are searched for a dataset
MOST_RESULTS = 5000  # the newest of a workspace, searched for the origin of a saved value
TYPES: Mapping[ColumnKind, pl.DataType] = {
    "number": pl.Float64(),
    "text": pl.String(),
    "boolean": pl.Boolean(),
    "datetime": pl.Datetime(),
    "other": pl.Null(),
}


class Place(NamedTuple):
    """An output of a step, or a column of it; an empty port for a step without outputs."""

    node: str
    port: str
    column: str | None = None


class Hop(NamedTuple):
    """That a place is computed from another one, and how that is known. `into` is the input of the step."""

    source: Place
    into: str
    target: Place
    basis: Basis


class RunLineage:
    """The lineage within a run.

    Args:
        run: The run. Its plan says what is connected, its outputs which columns there are.
    """

    def __init__(self, run: Run) -> None:
        self.run, self.plan = run, run.read_plan()
        self.rows: Mapping[str, Step] = {step.node: step for step in Step.of_nodes().filter(run=run).defer("why", "error")}
        self._known: dict[str, StepSources] = {}

    @cached_property
    def outputs(self) -> Mapping[str, Mapping[str, Output]]:
        """Return the outputs of each step by port."""
        return {
            node: {port: Output.from_json(record) for port, record in row.outputs.items()}
            for node, row in self.rows.items()
            if row.state == State.DONE
        }

    def ports(self, node: str) -> list[str]:
        """Return the output ports of a step: those it has a result at, else those of its module; an empty name for none."""
        module = self.module(node)
        declared = [port.name for port in module.outputs] if module else []
        return [*self.outputs.get(node, {})] or declared or [""]

    def columns(self, node: str, port: str) -> list[str]:
        """Return the names of the columns of an output; none for what is no table."""
        output = self.outputs.get(node, {}).get(port)
        return [column.name for column in output.columns or ()] if output else []

    def module(self, node: str) -> Module | None:
        """Return the module of a step; None when it is not installed any more."""
        return catalogue().modules.get(self.plan.steps[node].module)

    def datasets(self, node: str) -> Mapping[str, Output]:
        """Return the datasets that a step reads, by setting."""
        return {param: Output.from_json(record) for param, record in self.plan.steps[node].datasets.items()}

    def is_registered(self, node: str, param: str) -> bool:
        """Return whether what a step reads by a setting is a version of a registered model."""
        module = self.module(node)
        declared = module.param(param) if module else None
        return declared is not None and declared.registered

    def wanted(self, node: str, param: str) -> object:
        """Return what a setting of a node says, such as the name of a dataset."""
        return self.run.graph["nodes"].get(node, {}).get("params", {}).get(param)

    def readers(self, digest: str, *, registered: bool) -> Iterator[tuple[Place, str]]:
        """Yield the outputs of the steps that read a content, and the setting: as a registered model, or as a dataset or saved value."""
        for node in self.plan.steps:
            for param, output in self.datasets(node).items():
                if output.digest == digest and self.is_registered(node, param) is registered:
                    yield from ((Place(node, port), param) for port in self.ports(node))

    def sources(self, node: str, column: str) -> list[Place]:
        """Return the columns of a name at the outputs of the steps before a node that read datasets."""
        reading = [each for each in self.plan.up_to(node).steps if self.datasets(each)]
        return [Place(each, port, column) for each in reading for port in self.ports(each) if column in self.columns(each, port)]

    def before(self, place: Place) -> Iterator[Hop]:
        """Yield what a place is computed from, within the run."""
        step = self.plan.steps[place.node]
        parts, basis = self._sources(place)
        for part in parts:
            end = step.sources[part.port][part.at]
            yield Hop(Place(end.node, end.port, part.column), part.port, place, basis)

    def after(self, place: Place) -> Iterator[Hop]:
        """Yield what is computed from a place, within the run."""
        for node in self.plan.feeds.get(place.node, ()):
            reads = {end.port for ends in self.plan.steps[node].sources.values() for end in ends if end.node == place.node}
            if place.port in reads or not place.port:
                for port in self.ports(node):
                    yield from self._into(Place(node, port), place)

    def _into(self, reader: Place, place: Place) -> Iterator[Hop]:
        """Yield the places at an output of a reader that are computed from a place."""
        columns: list[str | None] = [*self.columns(reader.node, reader.port)] if place.column is not None else [None]
        for column in columns or [None]:
            for hop in self.before(Place(reader.node, reader.port, column)):
                same = (hop.source.node, hop.source.port) == (place.node, place.port)
                if same and (place.column is None or hop.source.column in (None, place.column)):
                    yield hop._replace(source=place)
                    break

    def _sources(self, place: Place) -> Sources:
        if place.node not in self._known:
            step, module = self.plan.steps[place.node], self.module(place.node)
            plain = None if module is None or step.body else module
            self._known[place.node] = StepSources(plain, self._settings(step, module), self._heads(step))
        return self._known[place.node].of(place.port, place.column)

    @staticmethod
    def _settings(step: Planned, module: Module | None) -> Mapping[str, object]:
        try:
            return module.read_settings(step.settings) if module else {}
        except (ValueError, KeyError):  # of another version of the module
            return step.settings

    def _heads(self, step: Planned) -> dict[str, list[Table | None]]:
        return {port: [_head(self.outputs.get(end.node, {}).get(end.port)) for end in ends] for port, ends in step.sources.items()}


def _head(output: Output | None) -> Table | None:
    """Return a table without rows that has the names, families of types and roles of an output's columns."""
    if output is None or output.columns is None:
        return None
    return Table(pl.DataFrame(schema={column.name: _type(column) for column in output.columns}), dict(output.roles))


def _type(column: ColumnInfo) -> pl.DataType:
    return TYPES[column.kind]


def runs_reading(digest: str, scope: str, most: int) -> tuple[list[Run], bool]:
    """Return the runs of a scope that read a dataset, the newest of each pipeline, newest first; and whether older ones were left out.

    Args:
        digest: The digest of the dataset's content.
        scope: The workspace.
        most: How many to return.
    """
    newest = Run.objects.filter(scope=scope).exclude(document=None).order_by("-created_at")
    searched = list(newest.values_list("pk", flat=True)[: MOST_RUNS + 1])
    reading = Run.objects.filter(pk__in=searched[:MOST_RUNS]).annotate(text=Cast("plan", TextField())).filter(text__contains=digest)
    first: dict[str | None, str] = {}
    for pk, document in reading.order_by("-created_at").values_list("pk", "document"):
        first.setdefault(document, pk)
    chosen = list(first.values())[:most]
    found = Run.objects.filter(pk__in=chosen).order_by("-created_at")
    return list(found), len(searched) > MOST_RUNS or len(first) > most


def origin_of(digest: str, scope: str) -> tuple[str, str, str] | None:
    """Return the run, the node and the port that computed a value; None when no kept result of the scope has it."""
    newest = Result.objects.filter(scope=scope).order_by("-pk").values("pk")[:MOST_RESULTS]
    results = Result.objects.filter(pk__in=newest).annotate(text=Cast("outputs", TextField())).filter(text__contains=digest)
    for result in results.order_by("pk"):
        port = next((port for port, record in result.outputs.items() if record.get("digest") == digest), None)
        if port is not None and Step.objects.filter(run_id=result.run, node=result.node).exists():
            return result.run, result.node, port
    return None
