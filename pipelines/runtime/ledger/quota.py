"""What a workspace may use: runs at once, time and memory of a step, room in the store, and how long runs are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from pipelines.execution.schedule import State
from pipelines.models import Run


@dataclass(frozen=True)
class Limits:
    """A figure for each, or None where there is no limit."""

    runs: int | None = None
    step_memory_bytes: int | None = None
    step_seconds: int | None = None
    store_bytes: int | None = None
    retention_days: int | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Limits:
        """The limits of their JSON; names that are none are left out."""
        return cls(**{field.name: data.get(field.name) for field in fields(cls)})

    def as_json(self) -> dict[str, Any]:
        """What is limited, as a run keeps it from its start."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    def capped_by(self, most: Limits) -> Limits:
        """These, none above another's."""
        mine, theirs = asdict(self), asdict(most)
        return Limits(**{name: _lower(mine[name], theirs[name]) for name in mine})


def _lower(one: int | None, other: int | None) -> int | None:
    given = [value for value in (one, other) if value is not None]
    return min(given, default=None)


def admit(run: str) -> bool:
    """Whether a run's first step may be taken now: older runs first, and no more at once than its scope may have.

    Asked inside the transaction that would start it. Until that is over nobody else of the scope is answered (SQLite has one writer anyway).
    """
    scope, limits, created_at = Run.objects.values_list("scope", "limits", "created_at").get(pk=run)
    if limits.get("runs") is None:
        return True
    if connection.features.has_select_for_update:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [scope])
    return sum(_before(scope, created_at)) < int(limits["runs"])


def waiting_reason(run: Run) -> str | None:
    """Why a run has not started, in words; None when nothing but a free worker is lacking."""
    most = run.limits.get("runs")
    if run.state != State.WAITING or most is None:
        return None
    going, ahead = _before(run.scope, run.created_at)
    if going + ahead < most:
        return None
    place = f" {ahead} that {'was' if ahead == 1 else 'were'} started earlier {'comes' if ahead == 1 else 'come'} first." if ahead else ""
    return f"This workspace may have {most} {'run' if most == 1 else 'runs'} going at once.{place} It starts by itself when its turn comes."


def next_waiting(scope: str) -> str | None:
    """The oldest run of a scope that a limit may have kept from starting."""
    oldest = _waiting(scope).order_by("created_at").values_list("id", "limits").first()
    return oldest[0] if oldest and oldest[1].get("runs") is not None else None


def reprice_waiting(scope: str, limits: Limits) -> None:
    """Let runs that have not started know of other limits; those that have keep what they started with."""
    _waiting(scope).update(limits=limits.as_json())


def step_limits(limits: Mapping[str, Any], execution: Mapping[str, Any]) -> tuple[float | None, int | None]:
    """The seconds and the bytes of memory that a step may take: its run's limits, or the node's own where those are lower."""
    memory = execution.get("memory_mb")
    return (
        _lower(limits.get("step_seconds"), execution.get("timeout_seconds")),
        _lower(limits.get("step_memory_bytes"), memory * 1024**2 if memory else None),
    )


def _waiting(scope: str) -> QuerySet[Run]:
    return Run.objects.filter(scope=scope, state=State.WAITING, cancelling=False)


def _before(scope: str, created_at: datetime) -> tuple[int, int]:
    """How many runs of a scope are going, and how many wait that were started earlier."""
    return Run.objects.filter(scope=scope, state=State.RUNNING).count(), _waiting(scope).filter(created_at__lt=created_at).count()
