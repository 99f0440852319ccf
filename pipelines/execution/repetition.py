"""Repetition: executes the steps that a module repeats for parts of its rows, made of the JSON of its plan (compilation/repetition.py)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import polars as pl

from pipelines.catalogue.checkpoint import kept_by
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.fan_out import run_by
from pipelines.catalogue.invoke import call
from pipelines.catalogue.module import LAZY, PROBE, Module, Port
from pipelines.catalogue.ports import TABLE, Model, Query, Report, Table
from pipelines.catalogue.repeated import FORM, GIVEN, ROWS, Repeated
from pipelines.catalogue.reporting import titled
from pipelines.compilation import Step
from pipelines.compilation.repetition import ITEM, gathered_as
from pipelines.execution.paths import require_extra, require_module, with_paths
from pipelines.graph.model import Endpoint

Inputs = Mapping[str, Sequence[Any]]
Values = dict[Endpoint, Any]


def bound(step: Step, module: Module, inputs: Inputs) -> tuple[Module, Inputs]:
    """Return a module as its step calls it, and its inputs: with the steps that it repeats, and an output for what is gathered of each.

    Raises:
        ModuleError: `extra_missing` or `path_changed`, when a module is not installed here.
    """
    if not step.body:
        return module, with_paths(step, inputs)
    if (passed := step.body.get("passes")) is not None:
        return _passing(module, passed, step.body["kinds"]), inputs
    body = _Body(step.body, inputs.get(GIVEN, ()))
    port = next(port.name for port in module.inputs if port.form == FORM)
    rows = _collected(inputs[port][0])
    names, kinds = step.body["names"], step.body["kinds"]
    more = [_port(gathered_as(at), name, kind) for at, (name, kind) in enumerate(zip(names, kinds, strict=True))]
    repeated = Repeated(rows, names, body.compute, body.heads, kinds)
    return replace(module, outputs=(*module.outputs, *more)), {**inputs, port: [repeated]}


def _port(name: str, title: str, kind: str) -> Port:
    return Port(name, title, kind, form="table") if kind == TABLE else Port(name, title, kind)


def _passing(module: Module, ports: Sequence[str], kinds: Sequence[str]) -> Module:
    """Return the module of a step that passes on what was gathered."""
    function: Callable[..., Any] = lambda *values: values[: len(ports)]  # noqa: E731
    out = tuple(_port(name, name, kind) for name, kind in zip(ports, kinds, strict=True))
    into = out or (_port(ROWS, ROWS, TABLE),)
    return replace(module, inputs=into, outputs=out, params=(), groups={}, function=function)


def _collected(value: Any) -> Any:
    return value.collect() if isinstance(value, Query) else value


class _Body:
    """The steps that are repeated.

    Args:
        body: They, as the plan has them.
        given: What each item gets as it is.
    """

    def __init__(self, body: Mapping[str, Any], given: Sequence[Any]) -> None:
        self._steps = [Step.from_json(f"s{at}", data) for at, data in enumerate(body["steps"])]
        self._modules = [require_module(step.module) for step in self._steps]
        for module in self._modules:
            require_extra(module)
        self._titles = body["titles"]
        self._outputs = [Endpoint(*end) for end in body["outputs"]]
        self._given: Values = {Endpoint(GIVEN, str(at)): _collected(value) for at, value in enumerate(given)}

    def compute(self, rows: Table) -> list[Table | Model]:
        """Return the table or model at each output, for the rows of an item."""
        values: Values = {**self._given, Endpoint(ITEM, ROWS): rows}
        for step, module, title in zip(self._steps, self._modules, self._titles, strict=True):
            inputs = {port: [values[end] for end in ends] for port, ends in step.sources.items()}
            with _inside(title):
                here, with_bodies = bound(step, module, inputs)
                found = call(here, here.function, with_bodies, here.read_settings(step.settings))
            values |= {Endpoint(step.node, port): value for port, value in found.items()}
        return [_figures(value) if isinstance(value, Report) else value for value in (values[end] for end in self._outputs)]

    def heads(self, rows: Table) -> list[Table | None]:
        """Return the table without rows at each output; None where no rule infers its columns."""
        values: Values = {end: _head(value) for end, value in self._given.items()} | {Endpoint(ITEM, ROWS): _head(rows)}
        for step, module, title in zip(self._steps, self._modules, self._titles, strict=True):
            inputs = {port: [values.get(end) for end in ends] for port, ends in step.sources.items()}
            with _inside(title):
                found = _inferred(step, module, inputs)
            values |= {Endpoint(step.node, port): value for port, value in found.items()}
        return [value if isinstance(value, Table) else None for value in (values.get(end) for end in self._outputs)]


def _head(value: Any) -> Any:
    return value.with_frame(value.frame.clear()) if isinstance(value, Table) else None


def _inferred(step: Step, module: Module, inputs: Inputs) -> Mapping[str, Any]:
    """Return what the rule of a module infers for its outputs (validation/columns.py)."""
    lazy = any(port.form in LAZY for port in module.inputs)
    rule = module.function if module.columns is PROBE or (lazy and module.columns is None) else module.columns
    unknown = any(None in inputs.get(port.name, ()) for port in module.inputs if port.kind == TABLE)
    if step.body or rule is None or unknown:
        return {}
    try:
        return call(module, rule, inputs, module.read_settings(step.settings))
    except ModuleError:
        return {}


def _figures(report: Report) -> Table:
    """Return the figures of a report as a table: a row for each model or the like that it names, and a column for each figure."""
    rows = [{"name": str(each.get("name", "")), **each.get("metrics", {})} for each in report.metrics]
    return Table(pl.DataFrame(rows, schema_overrides={"name": pl.String}, infer_schema_length=None, strict=False))


@contextmanager
def _inside(title: str) -> Iterator[None]:
    """Say where an error comes from; its ports and settings are those of another node. Items and checkpoints of the caller are not the step's."""
    try:
        with run_by(None), kept_by(None), titled(title):
            yield
    except ModuleError as wrong:
        raise ModuleError(wrong.code, f"{title}: {wrong.words}", remedy=wrong.remedy, transient=wrong.transient) from wrong
