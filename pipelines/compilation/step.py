"""The steps of a plan, and the plan, with their JSON."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pipelines.graph.model import Endpoint
from pipelines.graph.run_options import NONE, RunOptions
from pipelines.graph.shape import Shape


@dataclass(frozen=True)
class Step:
    """One module call: complete settings, inputs by port, datasets pinned by digest.

    `paths` are the modules between the sources of a port and the port, which the module fits itself (`_path`). `body` are the steps that the module
    repeats, or the outputs of one of these that the step passes on (`repetition`).
    """

    node: str
    module: str
    settings: Mapping[str, Any]
    sources: Mapping[str, tuple[Endpoint, ...]]
    datasets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    execution: RunOptions = NONE
    paths: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def needs(self) -> set[str]:
        """Return the nodes whose outputs it reads."""
        return {end.node for ends in self.sources.values() for end in ends}

    def as_json(self) -> dict[str, Any]:
        """Return the step as a run stores it."""
        sources = {port: [[end.node, end.port] for end in ends] for port, ends in self.sources.items()}
        data = {"module": self.module, "settings": dict(self.settings), "sources": sources, "datasets": dict(self.datasets)}
        more = {"execution": self.execution.as_json(), "paths": dict(self.paths), "body": dict(self.body)}
        return data | {name: each for name, each in more.items() if each}

    @classmethod
    def from_json(cls, node: str, data: Mapping[str, Any]) -> Step:
        """Create the step from its JSON."""
        sources = {port: tuple(Endpoint(*end) for end in ends) for port, ends in data["sources"].items()}
        options = RunOptions.from_json(data.get("execution", {}))
        return cls(node, data["module"], data["settings"], sources, data["datasets"], options, data.get("paths", {}), data.get("body", {}))


@dataclass(frozen=True)
class Plan:
    """The steps of a run in topological order; `asked` are the nodes requested by name."""

    steps: Mapping[str, Step]
    asked: frozenset[str] = frozenset()

    @cached_property
    def shape(self) -> Shape:
        """Return the shape of the steps."""
        return Shape(self.steps, ((source, node) for node, step in self.steps.items() for source in step.needs))

    @cached_property
    def feeds(self) -> Mapping[str, tuple[str, ...]]:
        """Return the consumers of every node."""
        return self.shape.feeds()

    def up_to(self, node: str) -> Plan:
        """Return the plan of a node and everything it needs, in which the node is requested by name."""
        needed = self.shape.upstream([node])
        return Plan({name: step for name, step in self.steps.items() if name in needed}, frozenset({node}))

    def without(self, nodes: Collection[str]) -> Plan:
        """Return the plan without some nodes and what depends on them."""
        gone = {*nodes, *self.shape.downstream(nodes)}
        return Plan({name: step for name, step in self.steps.items() if name not in gone}, self.asked - gone)

    def as_json(self) -> dict[str, Any]:
        """Return the plan as a run stores it."""
        return {"steps": {node: step.as_json() for node, step in self.steps.items()}, "asked": sorted(self.asked)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Plan:
        """Create the plan from its JSON."""
        return cls({node: Step.from_json(node, step) for node, step in data["steps"].items()}, frozenset(data.get("asked", ())))
