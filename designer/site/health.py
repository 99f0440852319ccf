"""Liveness and readiness: each part of the installation is really tried, within two seconds."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import ClassVar
from uuid import uuid4

import redis
from celery import current_app
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse

from designer.http.disk_space import LEAST_FREE as LEAST_FREE_FOR_CHANGES
from designer.http.disk_space import is_scarce, reserve
from designer.http.outages import AWAY, outage_of
from designer.workspaces.endpoint import Page
from pipelines import flow

log = logging.getLogger(__name__)
MOST_SECONDS = 2.0
KEPT_SECONDS = 1.0
LEAST_FREE = 64 * 1024**2
_mine = f"ready-{uuid4().hex}"


class Unhealthy(Exception):
    """A failed check; the message is a public sentence: no address, no path."""


class Health(Page):
    """Liveness: the process answers."""

    actions: ClassVar = {"get": "site.health"}

    def get(self, request: HttpRequest) -> HttpResponse:
        return JsonResponse({"healthy": True})


class Ready(Page):
    """Readiness: every part of the installation, with a sentence each; `?but=worker,broker` leaves parts out of the verdict.

    Optional parts never count in it.
    """

    actions: ClassVar = {"get": "site.health"}

    def get(self, request: HttpRequest) -> HttpResponse:
        found = answers()
        but = {*request.GET.get("but", "").split(","), *(name for name, part in PARTS.items() if not part.needed)}
        ready = all(fine for name, (fine, _) in found.items() if name not in but)
        parts = {name: {"ready": fine, "words": words, "needed": name not in but} for name, (fine, words) in found.items()}
        response = JsonResponse({"ready": ready, "parts": parts}, status=200 if ready else 503)
        response._has_been_logged = True  # type: ignore[attr-defined]  # a probe's 503 is an answer, not an error of Django's
        return response


def answers() -> dict[str, tuple[bool, str]]:
    """For each part whether it is ready, and a sentence; within two seconds."""
    until = time.monotonic() + MOST_SECONDS
    for part in PARTS.values():
        part.look()
    return {name: part.answer(until) for name, part in PARTS.items()}


class Part:
    """A checked part. One thread at a time checks it, so that a hanging part blocks nothing else."""

    def __init__(self, well: str, broken: str, look: Callable[[], None], *, needed: bool = True) -> None:
        self._well, self._broken, self._try, self.needed = well, broken, look, needed
        self._lock = threading.Lock()
        self._looked_at = float("-inf")
        self._thread: threading.Thread | None = None
        self._found = (False, "")

    def look(self) -> None:
        """Start a check, unless one is running or just finished."""
        with self._lock:
            busy = self._thread is not None and self._thread.is_alive()
            if not busy and time.monotonic() - self._looked_at > KEPT_SECONDS:
                self._thread = threading.Thread(target=self._look, daemon=True)
                self._thread.start()

    def answer(self, until: float) -> tuple[bool, str]:
        """The last result, or that the check timed out."""
        thread = self._thread
        if thread is not None:
            thread.join(max(0.0, until - time.monotonic()))
            if thread.is_alive():
                return False, f"{self._broken} It did not answer within {MOST_SECONDS:g} seconds."
        return self._found

    def _look(self) -> None:
        try:
            self._try()
            found = True, self._well
        except Unhealthy as trouble:
            found = False, str(trouble)
        except Exception as fault:
            log.warning("%s %s: %s", self._broken, type(fault).__name__, fault)
            cause = outage_of(fault)
            found = False, self._broken if cause in (None, AWAY) else f"{self._broken} {cause.words} {cause.remedy}"
        finally:
            connection.close()
        self._found, self._looked_at = found, time.monotonic()


def _database() -> None:
    if is_scarce():
        raise Unhealthy(f"The disk of the database is full: less than {LEAST_FREE_FOR_CHANGES / 1024**2:.0f} MB are free. Free disk space.")
    reserve()
    lacking = _newest() - set(MigrationRecorder(connection).applied_migrations())
    if lacking:
        raise Unhealthy("The database is older than the code. Run `manage.py prepare`.")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {int(MOST_SECONDS * 500)}")
            cursor.execute("BEGIN IMMEDIATE")  # a lock that another process does not release
            cursor.execute("ROLLBACK")


@cache
def _newest() -> frozenset[tuple[str, str]]:
    """The latest migration of each app."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def _worker() -> None:
    if not flow.workers():
        raise Unhealthy("No worker sent a heartbeat in the last 20 seconds. Runs wait until a worker is started.")


def _scripts() -> None:
    """Workers report whether they can create a sandbox: the web service may run on another machine."""
    known = [worker.counts["sandbox"] for worker in flow.workers() if "sandbox" in worker.counts]
    if not known:
        raise Unhealthy("No worker has reported yet whether it can run user code.")
    if not all(known):
        raise Unhealthy(
            f"{known.count(0)} of {len(known)} workers cannot create a sandbox and refuse steps that run user code. "
            "Install bubblewrap and libseccomp, and allow user namespaces; everything else works."
        )


def _broker() -> None:
    with current_app.connection_for_write(connect_timeout=MOST_SECONDS) as broker:
        broker.transport.close_connection(broker.transport.establish_connection())  # once: the connection itself would retry without limit


def _windows() -> None:
    if settings.EASEL_CHANNEL_URL.startswith("memory"):
        return
    with redis.Redis.from_url(settings.EASEL_CHANNEL_URL, socket_timeout=MOST_SECONDS, socket_connect_timeout=MOST_SECONDS) as channel:
        channel.ping()


def _store() -> None:
    """A file is stored and read by the same path as every result."""
    files = flow.store(_mine)
    try:
        file = files.scratch()
        if shutil.disk_usage(file.parent).free < LEAST_FREE:
            raise Unhealthy("The storage is full: less than 64 MB are free. Free disk space; steps fail until then.")
        file.write_text("ready")
        files.path(files.keep(file)[0])
    finally:
        files.drop()


PARTS: Mapping[str, Part] = {
    "database": Part("The database answers and is up to date.", "The database does not answer.", _database),
    "broker": Part("The broker accepts messages.", "The broker cannot be reached; runs start late.", _broker),
    "windows": Part("Open pages receive changes.", "The channel to open pages cannot be reached.", _windows),
    "store": Part("The storage can be written and read.", "The storage cannot be written to.", _store),
    "worker": Part("A worker is running.", "No worker is running.", _worker),
    "scripts": Part("Steps that run user code have a sandbox.", "It is not known whether user code can run.", _scripts, needed=False),
}
