"""Whether the process lives, and whether it can serve."""

from __future__ import annotations

from typing import ClassVar

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from designer.workspaces.guard import Page


class Health(Page):
    """The process answers."""

    actions: ClassVar = {"get": "site.health"}

    def get(self, request: HttpRequest) -> HttpResponse:
        return JsonResponse({"healthy": True})


class Ready(Page):
    """The database is there and as new as the code, and the broker answers."""

    actions: ClassVar = {"get": "site.health"}

    def get(self, request: HttpRequest) -> HttpResponse:
        found = {"database": _database(), "channel": _channel()}
        ready = all(found.values())
        return JsonResponse({"ready": ready, **found}, status=200 if ready else 503)


def _database() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False


def _channel() -> bool:
    if not settings.EASEL_CHANNEL_URL.startswith(("redis", "unix")):
        return True
    try:
        with redis.Redis.from_url(settings.EASEL_CHANNEL_URL, socket_timeout=2, socket_connect_timeout=2) as broker:
            return bool(broker.ping())
    except (redis.RedisError, OSError):
        return False
