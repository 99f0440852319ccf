"""SQLite on a full disk: reading, signing in and deleting still work.

Two measures. A connection of the process stays open, because without one the next reader creates files that do not fit on a full disk.
And a file beside the database reserves some megabytes; the first request that may free space removes it. From then on the API rejects
other changes until there is space again, so that the last megabytes are left for deletions.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from designer.http.errors import unavailable
from designer.http.outages import FULL

HELD_BACK = 32 * 1024**2
LEAST_FREE = 16 * 1024**2
CHANGES = ("POST", "PUT", "PATCH")
WAITS_SECONDS = 5  # for a lock: a user is waiting; a worker waits longer
_lock = threading.Lock()


def database_file() -> Path | None:
    """The SQLite file; None for another database."""
    database = settings.DATABASES["default"]
    return Path(database["NAME"]) if "sqlite3" in database["ENGINE"] else None


def reserve() -> None:
    """Reserve some megabytes, unless they already are, or little more than that is free."""
    file = database_file()
    if file is None or _held(file).exists() or shutil.disk_usage(file.parent).free < 2 * HELD_BACK:
        return
    with _lock, suppress(OSError), _held(file).open("xb") as held:
        os.posix_fallocate(held.fileno(), 0, HELD_BACK)


def is_scarce() -> bool:
    """Whether SQLite's disk is nearly full."""
    file = database_file()
    return file is not None and shutil.disk_usage(file.parent).free < LEAST_FREE


def _held(file: Path) -> Path:
    return file.with_name("held-back")


class ReservedSpace:
    """Middleware: on a full disk it frees the reserve for requests that free space, and rejects other changes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        file = database_file()
        if file is None or request.method in ("GET", "HEAD", "OPTIONS") or not is_scarce():
            return self.get_response(request)
        if request.method in CHANGES and request.path.startswith("/api/") and not request.path.endswith("/clean/"):
            refusal = unavailable(FULL)
            return JsonResponse(refusal.body, status=refusal.status, headers=refusal.headers)
        _held(file).unlink(missing_ok=True)
        response = self.get_response(request)
        reserve()
        return response


def hold_connection_open() -> sqlite3.Connection | None:
    """Keep SQLite's files open for as long as the returned connection is, and limit lock waits to what a user accepts."""
    file = database_file()
    if file is None:
        return None
    connections.settings["default"]["OPTIONS"]["timeout"] = WAITS_SECONDS
    with suppress(sqlite3.Error):
        connection = sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True, check_same_thread=False)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
        return connection
    return None
