"""Connections to PostgreSQL that a web process keeps: to open one for each edit takes longer than the edit."""

from __future__ import annotations

from django.conf import settings
from django.db import connections

# A database that is away is tried again by whoever asks next, not after the pool's own pauses, which grow to a minute.
OPTIONS = {"min_size": 1, "timeout": 1, "reconnect_timeout": 3, "max_idle": 60}


def keep_connections() -> None:
    """From now on. For web processes alone: workers fork, and each of their threads has a connection of its own."""
    database = connections.settings["default"]
    if settings.EASEL_DATABASE_POOL and "postgres" in database["ENGINE"]:
        database["OPTIONS"]["pool"] = {**OPTIONS, "max_size": settings.EASEL_DATABASE_POOL}
