"""Carries modules and whole graphs out in the test, without store, database or worker."""

import json
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.invoke import call
from pipelines.catalogue.module import Module
from pipelines.catalogue.params import Param, ParamKind
from pipelines.catalogue.ports import TABLE, Table
from pipelines.compilation import compile
from pipelines.execution.paths import with_paths
from pipelines.graph import codec
from tests.support.outside import CONNECTIONS, REACH, reaching

ROOT = Path(__file__).parents[2]
DATASETS = ROOT / "designer" / "datasets" / "samples"
DOCUMENTS = ROOT / "designer" / "documents" / "samples"


def dataset(name: str) -> Table:
    """A sample dataset."""
    file = DATASETS / f"{name}.parquet"
    return Table(pl.read_parquet(file) if file.exists() else pl.read_csv(DATASETS / f"{name}.csv", infer_schema_length=None))


def stored(param: Param, name: str) -> Any:
    """What a setting names: a sample dataset, or a value of the kind that it loads."""
    if param.holds == TABLE:
        return dataset(name)
    return import_module("tests.pipelines.modules.examples").value_of(str(param.holds))


def missing(module: Module) -> str:
    """Why a module cannot run here, and what brings it."""
    return f"the extra {module.extra} is not installed: make setup EXTRAS={module.extra}"


def run(id: str, settings: Mapping[str, Any] | None = None, **inputs: Any) -> dict[str, Any]:
    """Run one module: settings as JSON values, inputs by port (a list for several, a frame for a table without roles)."""
    module = catalogue().modules[id]
    if not module.is_installed:
        pytest.skip(missing(module))
    read = module.read_settings(settings or {})
    for param in module.params:
        if param.kind is ParamKind.DATASET:
            read[param.name] = stored(param, read[param.name])
        if param.kind is ParamKind.CONNECTION and isinstance(read[param.name], str):
            read[param.name] = CONNECTIONS[read[param.name]]
    arriving = {port: [_tabled(value) for value in (values if isinstance(values, list) else [values])] for port, values in inputs.items()}
    with reaching(REACH):
        return call(module, module.function, arriving, read)


def only(id: str, settings: Mapping[str, Any] | None = None, **inputs: Any) -> Any:
    """The first output of one module."""
    return next(iter(run(id, settings, **inputs).values()))


def run_graph(document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Every output of every node of a pipeline document."""
    graph = codec.load(document)
    left: dict[str, dict[str, Any]] = {}
    for node, step in compile(graph, catalogue(), {}).steps.items():
        arriving = {port: [left[end.node][end.port] for end in ends] for port, ends in step.sources.items()}
        left[node] = run(step.module, graph.nodes[node].params, **with_paths(step, arriving))
    return left


def sample(slug: str) -> dict[str, Any]:
    """A sample pipeline's document."""
    return json.loads((DOCUMENTS / f"{slug}.json").read_text())


def _tabled(value: Any) -> Any:
    return Table(value) if isinstance(value, pl.DataFrame) else value
