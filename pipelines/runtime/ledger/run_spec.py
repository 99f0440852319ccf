"""The immutable run specification, cached per process."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache

from pipelines.compilation import Plan, Step
from pipelines.execution.fan import node_of
from pipelines.models import Run
from pipelines.runtime.ledger.quota import Limits, StepLimits


@dataclass(frozen=True)
class RunSpec:
    """A run's plan and execution options; the nodes in `forced` are executed even if their result is cached."""

    scope: str
    plan: Plan
    force: bool = False
    forced: Collection[str] = ()
    stop_on_failure: bool = False
    limits: Limits = field(default_factory=Limits)
    sweep: str | None = None
    verifies: str | None = None

    @classmethod
    def of(cls, run: Run, plan: Plan) -> RunSpec:
        """Return the specification of a run whose plan is already parsed."""
        limits = Limits.from_json(run.limits)
        return cls(run.scope, plan, run.force, frozenset(run.forced), run.stop_on_failure, limits, run.sweep, run.verifies)

    def step(self, name: str) -> Step:
        """Return the planned step of a node, or of a chunk of its items."""
        return self.plan.steps[node_of(name)]

    def limits_of(self, node: str) -> StepLimits:
        """Return the limits of a step."""
        return self.limits.of_step(self.step(node).execution)

    def is_forced(self, node: str) -> bool:
        """Return whether a step is executed even if its result is cached."""
        return self.force or node_of(node) in self.forced


@lru_cache(maxsize=64)
def spec_of(run: str) -> RunSpec:
    """Return the specification of a run.

    Raises:
        Run.DoesNotExist: When there is no such run.
    """
    found = Run.objects.defer("graph").get(pk=run)
    return RunSpec.of(found, found.read_plan())
