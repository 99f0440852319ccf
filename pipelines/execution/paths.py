"""Paths of a step: the modules that its own module fits on parts of the rows, made of the JSON of its plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from pipelines.catalogue import extras
from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.invoke import call
from pipelines.catalogue.module import Module
from pipelines.catalogue.ports import Query
from pipelines.catalogue.preprocessing import PathStep, Preprocessing
from pipelines.compilation import Step


def with_paths(step: Step, inputs: Mapping[str, Sequence[Any]]) -> Mapping[str, Sequence[Any]]:
    """Return the inputs of a step, with its paths in place of the tables at their starts.

    Raises:
        ModuleError: `extra_missing` or `path_changed`, when a module on a path is not installed here.
    """
    return {**inputs, **{port: [_preprocessing(path, inputs[port])] for port, path in step.paths.items()}}


def _preprocessing(path: Mapping[str, Any], values: Sequence[Any]) -> Preprocessing:
    rows, *elsewhere = values
    return Preprocessing(
        rows.collect() if isinstance(rows, Query) else rows,
        [_step(each) for each in path["steps"]],
        elsewhere,
        tuple(path["output"]),
        [(require_module(id).title, why) for id, why in path["once"]],
    )


def _step(data: Mapping[str, Any]) -> PathStep:
    module = require_module(data["module"])
    require_extra(module)
    inputs = {port: [(at, output) for at, output in places] for port, places in data["inputs"].items()}
    function = partial(_called, module, module.read_settings(data["settings"]))
    return PathStep(module.title, data["how"], function, inputs, data["rows_in"], data["rows_out"], data["transform"])


def _called(module: Module, settings: Mapping[str, Any], inputs: Mapping[str, Sequence[Any]]) -> Mapping[str, Any]:
    return call(module, module.function, inputs, settings)


def require_module(id: str) -> Module:
    """Return the module of an id.

    Raises:
        ModuleError: `path_changed`, when it is not installed here.
    """
    module = catalogue().modules.get(id)
    if module is None:
        raise ModuleError(
            "path_changed",
            f"The module “{id}”, which is a part of this step, is not installed on the machine of this worker.",
            remedy="Install the same version of Easel on all machines, or run the pipeline again.",
        )
    return module


def modules_of(path: Mapping[str, Any]) -> Iterator[Module | None]:
    """Yield the modules on a path; None for those that are not installed."""
    return (catalogue().modules.get(each["module"]) for each in path["steps"])


def require_extra(module: Module) -> None:
    """Check that the extra of a module is installed: validation looks at the machine of the web process, and this may be another.

    Raises:
        ModuleError: `extra_missing`.
    """
    if not module.is_installed:
        raise ModuleError(
            "extra_missing",
            f"{module.title} needs the extra “{module.extra}”, which is not installed on the machine of this worker.",
            remedy=extras.remedy(module.extra),
        )
