"""Errors of an unavailable database or disk. Imports no models, since logging is configured before they load."""

from __future__ import annotations

import errno
import logging
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from designer.readers import masked

log = logging.getLogger(__name__)


class Outage(NamedTuple):
    """What is unavailable, for programs and for people, and the seconds until a retry."""

    code: str
    words: str
    remedy: str
    retry_after: int


AWAY = Outage("database_away", "The database does not answer.", "Try again in a few seconds.", 5)
BUSY = Outage("database_busy", "The database is busy and did not answer in time.", "Try again in a few seconds.", 2)
FULL = Outage(
    "disk_full", "The disk of the server is full.", "Delete unused datasets and runs, or ask the administrator to free disk space.", 60
)
NO_ROOM = 1024**2  # with less than this free, SQLite's "disk I/O error" and "unable to open" mean a full disk
BUSY_STATES = ("40001", "40P01", "53300", "53400", "55P03", "57014")  # of PostgreSQL: deadlock, too many connections, timeouts
FULL_STATE = "53100"


def outage_of(error: BaseException | None) -> Outage | None:
    """The outage behind an error; None for another error."""
    if isinstance(error, OSError):
        is_full = error.errno in (errno.ENOSPC, errno.EDQUOT) or "(os error 28)" in str(error)  # Polars has only a message
        return FULL if is_full else None
    if not isinstance(error, OperationalError | InterfaceError):
        return None
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return _of_sqlite(getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR))
    state = getattr(cause, "sqlstate", None)
    if state == FULL_STATE:
        return FULL
    return BUSY if state in BUSY_STATES else AWAY


def _of_sqlite(number: int) -> Outage | None:
    match number & 0xFF:  # the higher bits are details
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return BUSY
        case sqlite3.SQLITE_FULL:
            return FULL
        case sqlite3.SQLITE_IOERR | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_READONLY:
            return FULL if shutil.disk_usage(settings.EASEL_HOME).free < NO_ROOM else AWAY
    return None


def explained(error: BaseException) -> str | None:
    """A sentence for the operator of Easel, with the address of what is unavailable; None for another error."""
    found = outage_of(error)
    if found is None:
        return None
    url = os.environ.get("EASEL_DATABASE_URL")
    where = f"EASEL_DATABASE_URL is '{masked(url)}'" if url else f"It is SQLite in {settings.EASEL_HOME}"
    cause = " ".join(str(error).split()) or type(error).__name__
    remedy = "Make room on that disk." if found is FULL else "Check the address, and that nothing else holds the database."
    return f"{found.words} {where}. {remedy} ({cause})"


@contextmanager
def best_effort() -> Iterator[None]:
    """A write during a read that only saves later work: when the database cannot do it at once, the read continues without it."""
    sqlite = connection.vendor == "sqlite"
    try:
        if sqlite:
            _wait_at_most(0)
        yield
    except (OperationalError, InterfaceError) as fault:
        if outage_of(fault) is None or connection.in_atomic_block:
            raise
        log.debug("a write was left out: %s", fault)
    finally:
        if sqlite:
            _wait_at_most(connection.settings_dict["OPTIONS"].get("timeout", 5))


def _wait_at_most(seconds: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")
