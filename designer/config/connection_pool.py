"""Pooled PostgreSQL connections of a web process: opening one for each edit takes longer than the edit."""

from __future__ import annotations

from django.conf import settings
from django.db import connections

# The next caller retries an unavailable database; the pool's own pauses grow to a minute.
OPTIONS = {"min_size": 1, "timeout": 1, "reconnect_timeout": 3, "max_idle": 60}


def keep_connections() -> None:
    """Enable the pool from now on. Only for web processes: workers fork, and each of their threads has its own connection."""
    database = connections.settings["default"]
    if settings.EASEL_DATABASE_POOL and "postgres" in database["ENGINE"]:
        database["OPTIONS"]["pool"] = {**OPTIONS, "max_size": settings.EASEL_DATABASE_POOL}
