"""A claimed step: the fence of its writes, the claim under which a process executes it, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from pipelines.catalogue.freshness import Freshness
from pipelines.events import Event
from pipelines.execution.deferred import Upstream
from pipelines.execution.output import Output
from pipelines.execution.step import Outcome
from pipelines.graph.problem import Problem
from pipelines.runtime.ledger.items import Asked


@dataclass(frozen=True)
class Fence:
    """One attempt of a step. Its writes are refused once the attempt is over or another one has begun."""

    node: str
    attempt: int


@dataclass(frozen=True)
class Claim(Fence):
    """A step that this process may execute until its lease expires."""

    id: int
    key: str
    ingredients: Mapping[str, Any]
    inputs: Mapping[str, Sequence[Output]]
    fans: int = 0  # how many fan-outs the step has opened before
    upstream: Upstream = field(default_factory=dict)  # where its deferred inputs come from
    may_defer: bool = False  # whether its output may be deferred


@dataclass(frozen=True)
class Seen:
    """What a step reaches beyond its inputs: where its connections lead, by setting, and what the source looks like."""

    places: Mapping[str, str]
    freshness: Freshness

    def ingredient(self, run: str) -> dict[str, Any]:
        """Return what the key of the step's result depends on."""
        return {**self.places, **self.freshness.ingredient(run)}


NONE_SEEN: Mapping[str, Seen] = MappingProxyType({})


def why_it_runs(seen: Seen | None, *, forced: bool) -> str:
    """Return why a step runs although nothing that is known changed; empty where something did."""
    if forced:
        return "Run again on request."
    return seen.freshness.why if seen and seen.freshness.state is None else ""


def unknown_module(node: str, module: str) -> Problem:
    """Return the problem of a step whose module this worker does not have."""
    words = f"The worker does not have the module {module}: its version of Easel differs from that of the web server."
    return Problem("unknown_module", words, node, remedy="Update all workers, then run again.")


@dataclass(frozen=True)
class StepEnd:
    """The end of a claimed step, to be committed. `outcome` is None if it was stopped; `events` are those not recorded yet."""

    claim: Claim
    outcome: Outcome | None
    events: Sequence[Event] = ()
    seconds: float = 0.0
    asked: Asked | None = None  # the items of the fan-out that it opens, or the next ones of a search
