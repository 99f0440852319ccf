"""Cache key of a step: a hash of everything its result depends on; and the differences between two lists of ingredients."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

import msgspec

from pipelines.catalogue.module import Module
from pipelines.compilation import Step
from pipelines.execution.output import Output
from pipelines.execution.paths import modules_of

Inputs = Mapping[str, Sequence[Output]]
BODY = "repeated modules"
SEEN = ("state", "run")  # beside the places of connections, by setting


@dataclass(frozen=True)
class Difference:
    """One difference between the ingredients of two results; `before` and `after` are None without a short value."""

    kind: Literal["module", "library", "setting", "path", "source", "dataset", "input", "column"]
    name: str
    before: Any = None
    after: Any = None


def ingredients(step: Step, module: Module, inputs: Inputs, source: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return everything a result depends on, by name, so that a cache miss can be explained.

    Args:
        step: The step.
        module: Its module.
        inputs: The records of its inputs.
        source: For a module that reaches beyond its inputs: the places of its connections, and the state of its source.
    """
    found = {
        "module": {"id": module.id, "version": module.version, "source": module.source},
        "libraries": dict(module.library_versions) | _environment(step),
        "settings": dict(sorted(step.settings.items())),
        "datasets": {name: Output.from_json(data).content for name, data in sorted(step.datasets.items())},
        "inputs": {port: [output.content for output in outputs] for port, outputs in sorted(inputs.items())},
    }
    if step.paths:
        found["paths"] = {port: _path(path) for port, path in sorted(step.paths.items())}
    if step.body:
        found["body"] = _body(step.body)
    return found if source is None else {**found, "source": source}


def _path(path: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the modules on a path add to a result: they themselves, beside how they are wired."""
    return {**path, "code": _code(path)}


def _body(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the steps that a module repeats add to a result. What they are called is no part of it."""
    if "passes" in body:
        return dict(body)
    inner = [
        {
            **each,
            **({"paths": {port: _path(path) for port, path in sorted(each["paths"].items())}} if "paths" in each else {}),
            **({"body": _body(each["body"])} if "body" in each else {}),
        }
        for each in body["steps"]
    ]
    return {"steps": inner, "outputs": body["outputs"], "code": _code(body)}


def _code(steps: Mapping[str, Any]) -> list[dict[str, Any] | None]:
    return [
        {"version": module.version, "source": module.source, "libraries": dict(module.library_versions)} if module else None
        for module in modules_of(steps)
    ]


def _environment(step: Step) -> dict[str, str]:
    """Return the image or directory of the step's environment as a library; without an environment, nothing is added."""
    packages = (step.execution.image or step.execution.packages) if step.execution.environment else None
    return {"environment": packages} if packages else {}


def key_of(ingredients: Mapping[str, Any]) -> str:
    """Return the key: a SHA-256 over the ingredients. Graph, node id and user are not among them."""
    return sha256(msgspec.json.encode(ingredients, order="deterministic")).hexdigest()


def differences(now: Mapping[str, Any], before: Mapping[str, Any]) -> list[Difference]:
    """Return the differences from an earlier result, from the module to the inputs."""
    return [
        *_changed("module", {"id": now["module"]}, {"id": before["module"]}, _module),
        *_changed("library", now["libraries"], before.get("libraries", {}), lambda version: version),
        *_changed("setting", now["settings"], before["settings"], lambda value: value),
        *_changed("path", now.get("paths", {}), before.get("paths", {}), lambda _: None),
        *_changed("path", {BODY: now.get("body")}, {BODY: before.get("body")}, lambda _: None),
        *_changed("source", now.get("source", {}), before.get("source", {}), lambda _: None),
        *_changed("dataset", now["datasets"], before["datasets"], lambda _: None),
        *_changed("input", now["inputs"], before["inputs"], lambda _: None),
    ]


def _changed(kind: Any, now: Mapping[str, Any], before: Mapping[str, Any], shown: Any) -> Iterator[Difference]:
    for name in (*now, *(name for name in before if name not in now)):
        if now.get(name) != before.get(name):
            yield Difference(kind, name, *(shown(side[name]) if name in side else None for side in (before, now)))


def _module(facts: Any) -> str | None:
    return f"version {facts['version']}" if isinstance(facts, dict) else None


def in_words(found: Sequence[Difference]) -> str:
    """Describe the differences in a sentence or two."""
    if not found:
        return "Its earlier result is missing or damaged."
    names = {kind: [change.name.replace("_", " ") for change in found if change.kind == kind] for kind in ("setting", "input", "column")}
    said = []
    if any(change.kind == "module" for change in found):
        said.append("The module itself changed.")
    for change in found:
        if change.kind == "library":
            said.append(f"The library {change.name} changed from {change.before or 'none'} to {change.after or 'none'}.")
    if names["setting"]:
        said.append(f"Setting changed: {', '.join(names['setting'])}.")
    if any(change.kind == "path" and change.name != BODY for change in found):
        said.append("What prepares the table changed.")
    if any(change.kind == "path" and change.name == BODY for change in found):
        said.append("The modules that are repeated changed.")
    if places := [change.name.replace("_", " ") for change in found if change.kind == "source" and change.name not in SEEN]:
        said.append(f"The connection leads elsewhere: {', '.join(places)}.")
    if any(change.kind == "source" and change.name in SEEN for change in found):
        said.append("The source changed.")
    if any(change.kind == "dataset" for change in found):
        said.append("The dataset changed.")
    if names["input"]:
        said.append(f"New data at {', '.join(names['input'])}.")
    if names["column"]:
        said.append(f"Columns that differ: {', '.join(names['column'])}.")
    return " ".join(said)
