"""The thread of a serving process that sees changes: it reads the database twice a second, loads versions, and saves counts."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import msgspec
from django.db import close_old_connections
from django.db.models import DateTimeField, F, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from designer.endpoints.keeping import Rule
from designer.endpoints.limits import EndpointLimits
from designer.endpoints.models import (
    Endpoint,
    EndpointCount,
    EndpointKey,
    EndpointVersion,
    ObservedCount,
    ServingProcess,
    ServingRevision,
    VersionState,
)
from designer.endpoints.serving.app import ServingApp
from designer.endpoints.serving.counting import Count, Place
from designer.endpoints.serving.model import Model
from designer.endpoints.serving.observing import HOUR
from designer.endpoints.serving.routing import Key, Routing, Served, choices
from designer.http.outages import explained
from pipelines.monitoring.profile import Profile

log = logging.getLogger(__name__)
EVERY_SECONDS, LOOK_SECONDS = 0.4, 0.05
REPORT_SECONDS = 2.0
RETRY_SECONDS = 5.0
GONE = timedelta(seconds=10)  # since the last report of a process that is no longer counted
Load = Callable[[str, str, int], Model]


@dataclass
class Failure:
    """Why a version could not be loaded here, and when it is tried again, in monotonic seconds."""

    reason: str
    again_at: float


class Watcher:
    """Brings the routing of an application up to date, and reports what the process does.

    Args:
        app: The application.
        load: Returns a loaded version, given its workspace, the digest of its bundle and its number.
        prepare: Imports what versions need; called once there is an endpoint, so that its first version is loaded at once.
        name: The name of the process for people.
    """

    def __init__(self, app: ServingApp, load: Load, name: str, prepare: Callable[[], object] = lambda: None) -> None:
        self._app, self._load, self._prepare, self._warm = app, load, prepare, False
        self._loaded: dict[str, Model] = {}
        self._loader = ThreadPoolExecutor(1, thread_name_prefix="load")  # of its own: a revoked key does not wait for a large version
        self._loading: dict[str, Future[Model]] = {}
        self._complete = 0  # the newest revision of which every version was loaded, or failed
        self.failures: dict[str, Failure] = {}
        self._process = ServingProcess(id=uuid4().hex, name=name, started_at=timezone.now())
        self._report_at, self._processes, self._away = 0.0, 1, False

    def start(self, seconds: float) -> None:
        """Load what is to be served, for at most some seconds."""
        until = time.monotonic() + seconds
        self.tick()
        while self._loading and time.monotonic() < until:
            time.sleep(LOOK_SECONDS)
            self.tick()

    def tick(self) -> None:
        """Look once. While the database is away, the process serves what it has, and keeps its counts."""
        try:
            close_old_connections()
            self._look()
            if time.monotonic() >= self._report_at:
                self._report_at = time.monotonic() + REPORT_SECONDS
                self.report()
        except Exception as fault:
            if (why := explained(fault)) is None:
                raise
            if not self._away:
                log.warning("the serving process keeps what it has: %s", why)
            self._away = True
            return
        self._away = False

    def end(self) -> None:
        """Save the last counts and leave."""
        self._loader.shutdown(wait=False, cancel_futures=True)
        self.report()
        ServingProcess.objects.filter(pk=self._process.pk).delete()

    def _look(self) -> None:
        revision = _revision()
        due = self._loading or any(time.monotonic() >= failure.again_at for failure in self.failures.values())
        if revision == self._app.routing.revision and not due and self._processes == self._app.routing.processes:
            return
        routing = self._routing(revision)
        if _revision() != revision:
            return  # it changed while it was read: the next look reads it whole
        self._app.routing = routing
        self._complete = self._complete if self._loading else revision
        self._app.callers.rates.keep({key.id for key in routing.keys.values()})

    def _routing(self, revision: int) -> Routing:
        endpoints = {endpoint.pk: endpoint for endpoint in Endpoint.objects.select_related("keeping")}
        if endpoints and not self._warm:
            self._warm = True
            self._loader.submit(self._prepare)
        ready = EndpointVersion.objects.filter(state=VersionState.READY).only("endpoint_id", "number", "bundle")
        versions: dict[str, dict[int, Model]] = {id: {} for id in endpoints}
        wanted = {row.pk: row for row in ready if row.endpoint_id in endpoints}
        for row in sorted(wanted.values(), key=lambda row: str(row.number) not in endpoints[row.endpoint_id].shares):
            if (model := self._model(row, endpoints[row.endpoint_id].workspace_id)) is not None:
                versions[row.endpoint_id][row.number] = model
        for gone in (self._loaded.keys() | self.failures.keys() | self._loading.keys()) - wanted.keys():
            self._loaded.pop(gone, None)
            self._loading.pop(gone, None)
            self.failures.pop(gone, None)
        served = {id: self._served(endpoint, versions[id]) for id, endpoint in endpoints.items()}
        keys = {row.digest: _key(row, served[row.endpoint_id]) for row in EndpointKey.objects.all() if row.endpoint_id in served}
        return Routing(revision, served, keys, self._processes)

    def _served(self, endpoint: Endpoint, versions: dict[int, Model]) -> Served:
        """An endpoint. Shares with a version that is not loaded here do not apply yet: the former ones do."""
        found = choices({int(number): share for number, share in endpoint.shares.items()}, versions)
        if found is None:
            former = self._app.routing.endpoints.get(endpoint.pk)
            found = former.choices if former else ()
        limits = EndpointLimits.of(endpoint.limits)
        keeping = msgspec.convert(endpoint.keeping.rule, Rule) if hasattr(endpoint, "keeping") else None
        return Served(endpoint.pk, endpoint.workspace_id, endpoint.name, limits, endpoint.sticky_column, versions, found, keeping)

    def _model(self, row: EndpointVersion, workspace: str) -> Model | None:
        if row.pk in self._loaded:
            return self._loaded[row.pk]
        failure = self.failures.get(row.pk)
        if row.pk not in self._loading:
            if not failure or time.monotonic() >= failure.again_at:
                self._loading[row.pk] = self._loader.submit(self._load, workspace, row.bundle, row.number)
            return None
        if not self._loading[row.pk].done():
            return None
        try:
            model = self._loading.pop(row.pk).result()
            model.profile = msgspec.convert(row.profile, Profile) if row.profile else None
            self._loaded[row.pk] = model
        except Exception as fault:
            reason = told(fault)
            if failure is None:
                known = explained(fault)
                log.warning(
                    "version %s of endpoint %s: %s", row.number, row.endpoint_id, known or reason, exc_info=None if known else fault
                )
            self.failures[row.pk] = Failure(reason, time.monotonic() + RETRY_SECONDS)
            return None
        self.failures.pop(row.pk, None)
        return self._loaded[row.pk]

    def report(self) -> None:
        """Save the state of the process, the counts and the last uses of keys."""
        now = timezone.now()
        self._process.seen_at, self._process.revision = now, self._complete
        self._process.failures = {id: failure.reason for id, failure in self.failures.items()}
        self._process.save()
        ServingProcess.objects.filter(seen_at__lt=now - GONE).delete()
        self._processes = max(1, ServingProcess.objects.count())
        self._save_counts()
        self._save_observed()
        self._app.keeper.save(self._app.routing.endpoints)
        self._save_uses()

    def _save_counts(self) -> None:
        found = self._app.counts.unsaved()
        known = self._app.routing.endpoints
        rows = [(start, place, count) for start, place, count in found if place[0] in known]
        made = [_count(self._process.pk, start, place, count) for start, place, count in rows]
        unique = ["endpoint", "minute", "version", "process"]
        changed = ["requests", "rows", "warnings", "seconds", "codes", "buckets"]
        if made:
            EndpointCount.objects.bulk_create(made, update_conflicts=True, unique_fields=unique, update_fields=changed)
        self._app.counts.saved(rows, [row.requests for row in made])

    def _save_observed(self) -> None:
        if self._app.observer is None:
            return
        found = self._app.observer.unsaved()
        rows = [
            ObservedCount(
                endpoint_id=place[0],
                process=self._process.pk,
                version=place[1],
                hour=datetime.fromtimestamp(hour * HOUR, UTC),
                rows=count.rows,
                left_out=count.left_out,
                tallies=msgspec.to_builtins(count.tallies),
            )
            for (hour, place), count in found
            if place[0] in self._app.routing.endpoints
        ]
        if rows:
            unique = ["endpoint", "hour", "version", "process"]
            ObservedCount.objects.bulk_create(
                rows, update_conflicts=True, unique_fields=unique, update_fields=["rows", "left_out", "tallies"]
            )
        self._app.observer.saved(found)

    def _save_uses(self) -> None:
        used = self._app.callers.used
        for key, at in [(key, used.pop(key)) for key in list(used)]:
            moment = Value(datetime.fromtimestamp(at, UTC), DateTimeField())
            EndpointKey.objects.filter(pk=key).update(last_used_at=Greatest(Coalesce(F("last_used_at"), moment), moment))


def _revision() -> int:
    return ServingRevision.objects.filter(pk=1).values_list("number", flat=True).first() or 0


def _key(row: EndpointKey, served: Served) -> Key:
    return Key(row.pk, row.endpoint_id, row.rate or served.limits.rate, row.expires_at.timestamp() if row.expires_at else None)


def _count(process: str, start: int, place: Place, count: Count) -> EndpointCount:
    return EndpointCount(
        endpoint_id=place[0],
        process=process,
        version=place[1],
        minute=datetime.fromtimestamp(start, UTC),
        requests=count.requests,
        rows=count.rows,
        warnings=count.warnings,
        seconds=count.seconds,
        codes={str(status): number for status, number in list(count.codes.items())},
        buckets=list(count.buckets),
    )


def told(fault: BaseException) -> str:
    """Why a version could not be loaded, for people. The text of a stray error may name a path of the machine: it is in the log only."""
    stray = f"It could not be loaded ({type(fault).__name__}); the log of the serving process has the reason."
    return str(getattr(fault, "words", "")) or stray
