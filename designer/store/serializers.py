"""What the API of stores takes and gives."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class StoreSerializer(serializers.Serializer[Any]):
    """What a workspace's store holds, in bytes."""

    used = serializers.IntegerField()
    quota = serializers.IntegerField(allow_null=True)
    of_runs = serializers.IntegerField()
    of_datasets = serializers.IntegerField()
    unreferenced = serializers.IntegerField()
    files = serializers.IntegerField()
    measured_at = serializers.DateTimeField(allow_null=True)


class CleanSerializer(serializers.Serializer[Any]):
    """Whether only to tell what would go."""

    dry_run = serializers.BooleanField(required=False, default=False)


class CleanedSerializer(serializers.Serializer[Any]):
    """What went, or would go; `later` are files that nothing needs any more, and that go after an hour."""

    dry_run = serializers.BooleanField()
    runs = serializers.IntegerField()
    results = serializers.IntegerField()
    files = serializers.IntegerField()
    bytes = serializers.IntegerField()
    later_files = serializers.IntegerField()
    later_bytes = serializers.IntegerField()
