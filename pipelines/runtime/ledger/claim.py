"""A claimed step: the fence of its writes, the claim under which a process executes it, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipelines.events import Event
from pipelines.execution.deferred import Upstream
from pipelines.execution.output import Output
from pipelines.execution.step import Outcome


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
    upstream: Upstream = field(default_factory=dict)  # where its deferred inputs come from
    may_defer: bool = False  # whether its output may be deferred


@dataclass(frozen=True)
class StepEnd:
    """The end of a claimed step, to be committed. `outcome` is None if it was stopped; `events` are those not recorded yet."""

    claim: Claim
    outcome: Outcome | None
    events: Sequence[Event] = ()
    seconds: float = 0.0
