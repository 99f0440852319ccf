"""Quotas of a workspace: concurrent runs, time and memory of a step, storage, and retention of runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from django.db import connection
from django.db.models import QuerySet

from pipelines.execution.schedule import State
from pipelines.graph.run_options import RunOptions
from pipelines.models import Run

Number = TypeVar("Number", int, float)


class StepLimits(NamedTuple):
    """The limits of a step; None is unlimited time, and the machine's default memory."""

    seconds: float | None = None
    memory_bytes: int | None = None


@dataclass(frozen=True)
class Limits:
    """The limits of a workspace; None is unlimited."""

    runs: int | None = None
    step_memory_bytes: int | None = None
    step_seconds: int | None = None
    store_bytes: int | None = None
    retention_days: int | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Limits:
        """Create limits from JSON; unknown names are ignored."""
        return cls(**{field.name: data.get(field.name) for field in fields(cls)})

    def as_json(self) -> dict[str, Any]:
        """Return the limits that are set, as a run stores them when it starts."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    def of_step(self, options: RunOptions) -> StepLimits:
        """Return a step's limits: those of its run, or of its node where they are lower."""
        memory = options.memory_mb * 1024**2 if options.memory_mb else None
        return StepLimits(_lower(self.step_seconds, options.timeout_seconds), _lower(self.step_memory_bytes, memory))

    def capped_by(self, most: Limits) -> Limits:
        """Return these limits, none above the other's."""
        mine, theirs = asdict(self), asdict(most)
        return Limits(**{name: _lower(mine[name], theirs[name]) for name in mine})


UNLIMITED = Limits()


def _lower(one: Number | None, other: Number | None) -> Number | None:
    given = [value for value in (one, other) if value is not None]
    return min(given, default=None)


def admit(run: str) -> bool:
    """Return whether a run's first step may be claimed now: older runs first, and no more running runs than the scope's quota.

    Call it in the transaction that starts the run. Until it ends, other checks of the scope wait (SQLite has a single writer anyway).
    """
    scope, limits, created_at = Run.objects.values_list("scope", "limits", "created_at").get(pk=run)
    most = Limits.from_json(limits).runs
    if most is None:
        return True
    if connection.features.has_select_for_update:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [scope])
    return sum(_running_and_ahead(scope, created_at)) < most


def waiting_reason(run: Run) -> str | None:
    """Return why a run has not started, for display; None when it only waits for a free worker."""
    most = Limits.from_json(run.limits).runs
    if run.state != State.WAITING or most is None:
        return None
    going, ahead = _running_and_ahead(run.scope, run.created_at)
    if going + ahead < most:
        return None
    place = f" {ahead} {'is' if ahead == 1 else 'are'} ahead of it." if ahead else ""
    return f"This workspace is limited to {most} concurrent {'run' if most == 1 else 'runs'}.{place} It starts automatically."


def next_waiting(scope: str) -> str | None:
    """Return the oldest run of a scope that a quota may have kept from starting."""
    oldest = _waiting(scope).order_by("created_at").values_list("id", "limits").first()
    return oldest[0] if oldest and Limits.from_json(oldest[1]).runs is not None else None


def update_waiting_limits(scope: str, limits: Limits) -> None:
    """Update the limits of runs that have not started; started runs keep theirs."""
    _waiting(scope).update(limits=limits.as_json())


def _waiting(scope: str) -> QuerySet[Run]:
    return Run.objects.filter(scope=scope, state=State.WAITING, cancelling=False)


def _running_and_ahead(scope: str, created_at: datetime) -> tuple[int, int]:
    """Return how many runs of a scope are running, and how many earlier ones are waiting."""
    return Run.objects.filter(scope=scope, state=State.RUNNING).count(), _waiting(scope).filter(created_at__lt=created_at).count()
