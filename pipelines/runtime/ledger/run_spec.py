"""What was ordered: the facts of a run that never change once it is started, read once a process."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from pipelines.compilation import Plan
from pipelines.models import Run


@dataclass(frozen=True)
class RunSpec:
    """A run's plan and how it is to be carried out; `forced` are the nodes carried out though their result is known."""

    scope: str
    plan: Plan
    force: bool = False
    forced: Collection[str] = ()
    stop_on_failure: bool = False
    limits: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, run: Run, plan: Plan) -> RunSpec:
        """The terms of a run whose plan is at hand."""
        return cls(run.scope, plan, run.force, frozenset(run.forced), run.stop_on_failure, run.limits)

    def is_forced(self, node: str) -> bool:
        """Whether a step is to be carried out though its result is known."""
        return self.force or node in self.forced


@lru_cache(maxsize=64)
def spec_of(run: str) -> RunSpec:
    """The terms of a run.

    Raises:
        Run.DoesNotExist: When there is none.
    """
    found = Run.objects.defer("graph").get(pk=run)
    return RunSpec.of(found, found.read_plan())
