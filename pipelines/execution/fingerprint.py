"""The cache key of a step: what the result depends on, and nothing else; and what differs between two such lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

import msgspec

from pipelines.catalogue.module import Module
from pipelines.compilation import Step
from pipelines.execution.output import Output

Inputs = Mapping[str, Sequence[Output]]


@dataclass(frozen=True)
class Difference:
    """One thing that differs between what two results were made of; `before` and `after` are None where there is no short value."""

    kind: Literal["module", "library", "setting", "dataset", "input", "column"]
    name: str
    before: Any = None
    after: Any = None


def ingredients(step: Step, module: Module, inputs: Inputs) -> dict[str, Any]:
    """What a result depends on, named, so that a miss can say what changed."""
    return {
        "module": {"id": module.id, "version": module.version, "source": module.source},
        "libraries": dict(module.library_versions) | _environment(step),
        "settings": dict(sorted(step.settings.items())),
        "datasets": {name: Output.from_json(data).content for name, data in sorted(step.datasets.items())},
        "inputs": {port: [output.content for output in outputs] for port, outputs in sorted(inputs.items())},
    }


def _environment(step: Step) -> dict[str, str]:
    """The packages of an environment count as a library, by the image or directory they are in; without one, a step has what the worker has."""
    packages = step.execution.get("image") or step.execution.get("packages") if step.execution.get("environment") else None
    return {"environment": packages} if packages else {}


def key_of(ingredients: Mapping[str, Any]) -> str:
    """The key: a SHA-256 over the ingredients. Graph, node id and person are none of them."""
    return sha256(msgspec.json.encode(ingredients, order="deterministic")).hexdigest()


def differences(now: Mapping[str, Any], before: Mapping[str, Any]) -> list[Difference]:
    """What changed since an earlier result, from the module to what arrives at it."""
    return [
        *_changed("module", {"id": now["module"]}, {"id": before["module"]}, _module),
        *_changed("library", now["libraries"], before.get("libraries", {}), lambda version: version),
        *_changed("setting", now["settings"], before["settings"], lambda value: value),
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
    """What changed, in a sentence or two."""
    if not found:
        return "Its earlier result is gone or damaged."
    names = {kind: [change.name.replace("_", " ") for change in found if change.kind == kind] for kind in ("setting", "input", "column")}
    said = []
    if any(change.kind == "module" for change in found):
        said.append("The module itself changed.")
    for change in found:
        if change.kind == "library":
            said.append(f"The library {change.name} changed from {change.before or 'none'} to {change.after or 'none'}.")
    if names["setting"]:
        said.append(f"Setting changed: {', '.join(names['setting'])}.")
    if any(change.kind == "dataset" for change in found):
        said.append("The dataset changed.")
    if names["input"]:
        said.append(f"New data at {', '.join(names['input'])}.")
    if names["column"]:
        said.append(f"Columns that differ: {', '.join(names['column'])}.")
    return " ".join(said)
