"""Reads of endpoints: states as shown, counts, processes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from designer.endpoints import monitor_schemas, schemas
from designer.endpoints.models import (
    Endpoint,
    EndpointCount,
    EndpointVersion,
    ServingProcess,
    ServingRevision,
    VersionState,
)
from designer.endpoints.moves import rollback_target, shares_of
from designer.endpoints.serving.counting import BOUNDS
from designer.workspaces.models import Workspace

DRAIN_SECONDS, SEEN_SECONDS = 30, 10
SERVING, DRAINING = "serving", "draining"


def version_of(row: EndpointVersion, share: int, drained: set[int]) -> schemas.PublishedVersion:
    """A version with its shown state: what it serves follows from the shares, and that it drains from the last move."""
    state = str(row.state)
    if state == VersionState.READY:
        state = SERVING if share else DRAINING if row.number in drained else state
    return schemas.PublishedVersion.of(row, state, share)


def versions(endpoint: Endpoint) -> list[schemas.PublishedVersion]:
    """The versions of an endpoint, newest first."""
    shares, drained = shares_of(endpoint), _drained(endpoint)
    return [version_of(row, shares.get(row.number, 0), drained) for row in endpoint.versions.order_by("-number")]


def _drained(endpoint: Endpoint) -> set[int]:
    """The versions from which all requests were taken less than 30 seconds ago."""
    recent = endpoint.moves.filter(at__gt=timezone.now() - timedelta(seconds=DRAIN_SECONDS))
    return {int(number) for before in recent.values_list("before", flat=True) for number in before}


def briefs(endpoints: Iterable[Endpoint]) -> list[schemas.EndpointBrief]:
    """Endpoints as a list shows them."""
    listed = list(endpoints)
    ids = [endpoint.pk for endpoint in listed]
    rows = EndpointVersion.objects.filter(endpoint__in=ids).order_by("number").values_list("endpoint_id", "number", "state")
    newest = {id: (number, state) for id, number, state in rows}
    amounts: dict[str, int] = {}
    for id, _, _ in rows:
        amounts[id] = amounts.get(id, 0) + 1
    used = _last_hour(ids)
    return [
        schemas.EndpointBrief(
            id=endpoint.pk,
            workspace=endpoint.workspace_id,
            name=endpoint.name,
            description=endpoint.description,
            state=_state(endpoint, *newest.get(endpoint.pk, (0, VersionState.FAILED))),
            shares=endpoint.shares,
            versions=amounts.get(endpoint.pk, 0),
            requests=used.get(endpoint.pk, (0, 0))[0],
            errors=used.get(endpoint.pk, (0, 0))[1],
            created_by=endpoint.created_by,
            created_at=endpoint.created_at,
        )
        for endpoint in listed
    ]


def _state(endpoint: Endpoint, number: int, state: str) -> str:
    return SERVING if state == VersionState.READY and endpoint.shares.get(str(number)) else str(state)


def _last_hour(ids: list[str]) -> dict[str, tuple[int, int]]:
    since = timezone.now() - timedelta(hours=1)
    found: dict[str, tuple[int, int]] = {}
    for id, requests, codes in EndpointCount.objects.filter(endpoint__in=ids, minute__gte=since).values_list(
        "endpoint_id", "requests", "codes"
    ):
        before = found.get(id, (0, 0))
        found[id] = (before[0] + requests, before[1] + _errors(codes))
    return found


def _errors(codes: dict[str, int]) -> int:
    return sum(number for status, number in codes.items() if status >= "400")


def detail(endpoint: Endpoint) -> schemas.Endpoint:
    """An endpoint as its page shows it."""
    return schemas.Endpoint.of(
        briefs([endpoint])[0],
        endpoint,
        rollback=rollback_target(endpoint),
        address=f"{settings.EASEL_SERVE_URL}/serve/{endpoint.workspace_id}/{endpoint.name}",
        listed=versions(endpoint),
        processes=_processes(endpoint),
    )


def _processes(endpoint: Endpoint) -> list[schemas.EndpointProcess]:
    newest = ServingRevision.objects.filter(pk=1).values_list("number", flat=True).first() or 0
    numbers = {pk: str(number) for pk, number in endpoint.versions.values_list("pk", "number")}
    there = ServingProcess.objects.filter(seen_at__gt=timezone.now() - timedelta(seconds=SEEN_SECONDS)).order_by("started_at")
    return [
        schemas.EndpointProcess(
            process.name,
            process.seen_at,
            process.revision == newest,
            {numbers[id]: reason for id, reason in process.failures.items() if id in numbers},
        )
        for process in there
    ]


def monitor(endpoint: Endpoint, minutes: int) -> monitor_schemas.EndpointMonitor:
    """The counts of the last minutes, over all processes."""
    since = timezone.now() - timedelta(minutes=minutes)
    merged: dict[tuple[object, int], monitor_schemas.EndpointMinute] = {}
    for row in endpoint.counts.filter(minute__gte=since).order_by("minute", "version"):
        found = merged.setdefault(
            (row.minute, row.version), monitor_schemas.EndpointMinute(row.minute, row.version, 0, 0, 0, 0, 0.0, [0] * len(row.buckets))
        )
        found.requests += row.requests
        found.errors += _errors(row.codes)
        found.rows += row.rows
        found.warnings += row.warnings
        found.seconds += row.seconds
        found.buckets = [one + two for one, two in zip(found.buckets, row.buckets, strict=True)]
    return monitor_schemas.EndpointMonitor([*BOUNDS], [*merged.values()])


def bundles_of(workspace: Workspace) -> set[str]:
    """The digests of the bundles of a workspace's versions, which are kept in its store."""
    return set(EndpointVersion.objects.filter(endpoint__workspace=workspace).exclude(bundle="").values_list("bundle", flat=True))
