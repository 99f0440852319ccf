"""Fan-outs of steps, their items, and the values of items by their content."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from pipelines.execution.schedule import State
from pipelines.models.runs import Run


class Fan(models.Model):
    """A fan-out of a step, with its counts. Items before `next` are in chunks; `chunks` are those that have not ended, `size` the length of the last.

    `at_once` is how many chunks may be ready or running. In a search, items are added as a strategy asks for them, each a chunk: within a `budget` of
    seconds, and `most` at most.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="fans")
    node = models.CharField(max_length=64)
    index = models.PositiveSmallIntegerField()
    noun = models.CharField(max_length=60)
    may_fail = models.PositiveIntegerField(null=True)
    total = models.PositiveIntegerField()
    ended = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    reused = models.PositiveIntegerField(default=0)
    next = models.PositiveIntegerField(default=0)
    chunks = models.PositiveIntegerField(default=0)
    size = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0.0)
    search = models.BooleanField(default=False, db_default=False)
    at_once = models.PositiveSmallIntegerField(null=True)
    budget = models.FloatField(null=True)
    most = models.PositiveIntegerField(null=True)
    opened_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "node", "index"], name="one_fan_per_number")]


class Item(models.Model):
    """An item of a fan-out, by its position. `content` is its cache key; `blob` says where its bytes are stored; `asked` is what a strategy asked for."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="items")
    node = models.CharField(max_length=64)
    fan = models.PositiveSmallIntegerField()
    ordinal = models.PositiveIntegerField()
    key = models.CharField(max_length=200)
    content = models.CharField(max_length=64)
    asked = models.JSONField(null=True)
    state = models.CharField(max_length=10, default=State.WAITING)
    reused = models.BooleanField(default=False)
    seconds = models.FloatField(null=True)
    figures = models.JSONField(null=True)
    blob = models.JSONField(null=True)
    error: models.JSONField[dict[str, Any] | None, dict[str, Any] | None] = models.JSONField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "node", "fan", "ordinal"], name="one_item_per_place")]


class ItemValue(models.Model):
    """The value of an item by its cache key, for reuse within a scope."""

    scope = models.CharField(max_length=32)
    key = models.CharField(max_length=64)
    seconds = models.FloatField()
    figures = models.JSONField(null=True)
    blob = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["scope", "key"], name="one_value_per_item")]
