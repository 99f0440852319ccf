"""Claim: the lease under which a process executes one step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipelines.execution.deferred import Upstream
from pipelines.execution.output import Output


@dataclass(frozen=True)
class Claim:
    """A step that this process may execute until its lease expires; `attempt` fences its writes."""

    id: int
    node: str
    attempt: int
    key: str
    ingredients: Mapping[str, Any]
    inputs: Mapping[str, Sequence[Output]]
    upstream: Upstream = field(default_factory=dict)  # where its deferred inputs come from
    may_defer: bool = False  # whether its output may be deferred
