"""The cache key of a step: what the result depends on, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import msgspec

from pipelines.catalogue.module import Module
from pipelines.compilation import Step
from pipelines.execution.output import Output

Inputs = Mapping[str, Sequence[Output]]


def ingredients(step: Step, module: Module, inputs: Inputs) -> dict[str, Any]:
    """What a result depends on, named, so that a miss can say what changed."""
    return {
        "module": [module.id, module.fingerprint],
        "settings": dict(sorted(step.settings.items())),
        "datasets": {name: Output.from_json(data).content for name, data in sorted(step.datasets.items())},
        "inputs": {port: [output.content for output in outputs] for port, outputs in sorted(inputs.items())},
    }


def key_of(ingredients: Mapping[str, Any]) -> str:
    """The key: a SHA-256 over the ingredients. Graph, node id and person are none of them."""
    return sha256(msgspec.json.encode(ingredients, order="deterministic")).hexdigest()


def difference(now: Mapping[str, Any], before: Mapping[str, Any]) -> str:
    """What changed since an earlier result, in a sentence."""
    if now == before:
        return "Its earlier result is gone or damaged."
    if now["module"] != before["module"]:
        return "The module or a library it uses changed."
    changed = [name for name, value in now["settings"].items() if before["settings"].get(name) != value]
    if changed:
        return f"Setting changed: {', '.join(name.replace('_', ' ') for name in changed)}."
    if now["datasets"] != before["datasets"]:
        return "The dataset changed."
    ports = [port for port, contents in now["inputs"].items() if before["inputs"].get(port) != contents]
    return f"New data at {', '.join(ports)}." if ports else "An input was removed."
