"""Environments and their builds, and connections: what steps reach beyond their inputs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar, Self

from django.db import connections, models
from django.db.models.functions import Now

from pipelines.models.runs import new_id
from pipelines.periodic import Periodic

MOST_TRIED = 100  # rows that a claim tries, each of which another worker may claim first


class Environment(models.Model):
    """Packages for a workspace's steps beside Easel's own. Nodes refer to it by name; a digest of its content identifies its image."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    scope = models.CharField(max_length=32)
    name = models.CharField(max_length=60)
    requirements = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["scope", "name"], name="one_environment_per_name")]


class Connection(models.Model):
    """A named place outside Easel for a workspace's steps. Nodes refer to it by name. `secret` is encrypted; only a worker decrypts it."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    scope = models.CharField(max_length=32)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10)
    address = models.CharField(max_length=1000)
    user = models.CharField(max_length=200, blank=True)
    endpoint = models.CharField(max_length=1000, blank=True)
    secret = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["scope", "name"], name="one_connection_per_name")]


class Leased(models.Model):
    """Long work that one worker at a time holds: it claims the row, renews the lease, and writes only while its attempt is the current one.

    A row whose lease ran out may be claimed again; what its former holder still writes has no effect. Steps have a faster path (the ledger).
    """

    attempt = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @staticmethod
    def unheld() -> models.Q:
        """Return the condition of rows that no worker holds: never claimed, given up, or with a lease that ran out."""
        return models.Q(lease_until=None) | models.Q(lease_until__lt=Now())

    @classmethod
    def claim(cls, due: models.QuerySet[Self], lease: timedelta, **changes: Any) -> Self | None:
        """Claim one of the due rows, oldest key first.

        Args:
            due: The rows that may be claimed.
            lease: How long it is held without a renewal.
            changes: Further values to set.

        Returns:
            The claimed row; None when none is due, or other workers were faster.
        """
        for pk, attempt in due.order_by("pk").values_list("pk", "attempt")[:MOST_TRIED]:
            mine = {"attempt": attempt + 1, "lease_until": Now() + lease}
            if due.filter(pk=pk, attempt=attempt).update(**mine, **changes):
                return cls._default_manager.filter(pk=pk, attempt=attempt + 1).first()
        return None

    def held(self) -> models.QuerySet[Self]:
        """Return the row, unless its lease was given up or another worker has claimed it."""
        return type(self)._default_manager.filter(pk=self.pk, attempt=self.attempt, lease_until__isnull=False)

    def renew(self, lease: timedelta, **changes: Any) -> bool:
        """Extend the lease and set further values; returns False when it is no longer held."""
        return bool(self.held().update(lease_until=Now() + lease, **changes))

    def kept(self, lease: timedelta) -> Periodic:
        """Return a context that renews the lease, four times within its length, from a thread of its own."""
        return Periodic(lease.total_seconds() / 4, lambda: self.renew(lease), at_end=connections.close_all)

    def release(self, **changes: Any) -> bool:
        """Give the lease up and set the result; returns False when it is no longer held."""
        return bool(self.held().update(lease_until=None, **changes))


class Build(Leased):
    """A build of packages, shared by all environments with the same content. Only the current attempt may write."""

    digest = models.CharField(primary_key=True, max_length=64)
    requirements = models.JSONField()
    state = models.CharField(max_length=10)
    why = models.TextField(blank=True)
    log = models.TextField(blank=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
