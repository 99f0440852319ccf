"""What the API of stores takes and answers."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from rest_framework import serializers

from designer.http.openapi import Instant


class Store(msgspec.Struct):
    """The usage of a workspace's store, in bytes."""

    used: int
    quota: Annotated[int | None, msgspec.Meta(description="Null is without limit.")]
    of_runs: int
    of_datasets: int
    unreferenced: int
    files: int
    measured_at: Instant | None


class CleanSerializer(serializers.Serializer[Any]):
    """Whether only to tell what would go."""

    dry_run = serializers.BooleanField(required=False, default=False)
