"""Serializers of a table, of a run's output or of a dataset."""

from __future__ import annotations

from typing import Any, get_args

from rest_framework import serializers

from pipelines.catalogue.ports import Role

COLUMN_KINDS = ["number", "text", "boolean", "datetime", "other"]
COLUMN_ROLES = list(get_args(Role))


class ColumnSerializer(serializers.Serializer[Any]):
    """A column of a table."""

    name = serializers.CharField()
    dtype = serializers.CharField()
    kind = serializers.ChoiceField(COLUMN_KINDS)
    role = serializers.ChoiceField(COLUMN_ROLES, allow_null=True)
    categorical = serializers.BooleanField()


class RowsSerializer(serializers.Serializer[Any]):
    """A window of rows."""

    total = serializers.IntegerField()
    offset = serializers.IntegerField()
    columns = ColumnSerializer(many=True)
    rows = serializers.ListField(child=serializers.ListField(child=serializers.JSONField(allow_null=True)))


class StatsSerializer(serializers.Serializer[Any]):
    """The figures of a column."""

    min = serializers.JSONField(allow_null=True)
    max = serializers.JSONField(allow_null=True)
    mean = serializers.FloatField(allow_null=True)
    median = serializers.FloatField(allow_null=True)
    std = serializers.FloatField(allow_null=True)
    q1 = serializers.FloatField(allow_null=True)
    q3 = serializers.FloatField(allow_null=True)


class HistogramSerializer(serializers.Serializer[Any]):
    """How a column's values spread."""

    edges = serializers.ListField(child=serializers.JSONField())
    counts = serializers.ListField(child=serializers.IntegerField())


class TopSerializer(serializers.Serializer[Any]):
    """A frequent value."""

    value = serializers.JSONField(allow_null=True)
    count = serializers.IntegerField()


class ColumnProfileSerializer(ColumnSerializer):
    """What is in a column."""

    missing = serializers.IntegerField()
    distinct = serializers.IntegerField(allow_null=True)
    stats = StatsSerializer(allow_null=True)
    histogram = HistogramSerializer(allow_null=True)
    top = TopSerializer(many=True, allow_null=True)


class ProfileSerializer(serializers.Serializer[Any]):
    """What is in a table."""

    rows = serializers.IntegerField()
    columns = ColumnProfileSerializer(many=True)
