"""Keys of clients: one for each client of what a workspace publishes. Only their hashes are stored."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone

from designer.http.errors import Refusal
from designer.workspaces.models import new_id
from designer.workspaces.token_hashing import digest, new_secret

MOST_KEYS = 100
SHOWN = 9  # characters of a key by which people recognize it


class ClientKey(models.Model):
    """A key of one client. Only its hash is stored; `start` is its beginning, to recognize it by."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    name = models.CharField(max_length=100)
    start = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    by = models.CharField(max_length=254)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    PREFIX: ClassVar = ""

    class Meta:
        abstract = True

    @classmethod
    def issue(cls, siblings: models.QuerySet[Any], name: str, days: int | None, by: str, **more: Any) -> tuple[Self, str]:
        """Create a key; returns its row and the key itself, which is shown once.

        Args:
            siblings: The keys of the same thing.
            name: The name of its client.
            days: After how many days it ends; None for never.
            by: Who creates it.
            more: Further fields of its row.

        Raises:
            Refusal: 409 when there are too many.
        """
        if siblings.count() >= MOST_KEYS:
            raise Refusal(409, "too_many_keys", f"There are already {MOST_KEYS} keys, the maximum.", remedy="Revoke one that is not used.")
        secret = new_secret(cls.PREFIX)
        ends = timezone.now() + timedelta(days=days) if days else None
        row = cls(name=name, start=secret[:SHOWN], digest=digest(secret), by=by, expires_at=ends, **more)
        row.save(force_insert=True)
        return row, secret
