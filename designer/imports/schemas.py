"""What the API of imports takes and answers."""

from __future__ import annotations

from typing import Annotated, Any, Self

import msgspec
from rest_framework import serializers

from designer.http.openapi import Instant
from designer.imports import models
from designer.schedules.schemas import TIMES_HELP

SETTINGS_HELP = (
    "The settings of the module Import Data: `source` (`url`, `database` or `files`), `url` and `login`, `database` with `table` or `query`, "
    "`storage` and `path`, `format`, `most_rows`. Connections are named by their name."
)


class Refresh(msgspec.Struct):
    """What became of one run that read the source."""

    run: str
    at: Instant
    outcome: models.Outcome
    version: Annotated[int | None, msgspec.Meta(description="The version that it made, or whose bytes came again.")]
    words: Annotated[str, msgspec.Meta(description="What came, how its columns differ from those before, or why nothing came.")]

    @classmethod
    def of(cls, row: models.Refresh) -> Self:
        """A row."""
        return cls(row.run, row.at, models.Outcome(row.outcome), row.version, row.words)


class Import(msgspec.Struct, kw_only=True):
    """A dataset's source outside."""

    id: str
    workspace: str
    title: str
    source: Annotated[str, msgspec.Meta(description="Where the table comes from, in words.")]
    dataset: Annotated[str | None, msgspec.Meta(description="Null until the first successful run.")]
    pipeline: Annotated[str, msgspec.Meta(description="It reads the source; what is read is changed there.")]
    schedule: str | None
    when: Annotated[str, msgspec.Meta(description="When it is refreshed, in words; empty for by hand only.")]
    next_at: Instant | None
    is_paused: bool
    running: Annotated[str | None, msgspec.Meta(description="The run that reads the source at this moment.")]
    refreshes: Annotated[list[Refresh], msgspec.Meta(description="The newest ones, the last one first.")]
    created_at: Instant


class RefreshStarted(msgspec.Struct):
    """The run that reads the source."""

    run: str


class TimesSerializer(serializers.Serializer[Any]):
    """When an import is refreshed; null for by hand only."""

    times = serializers.DictField(required=False, allow_null=True, help_text=TIMES_HELP)


class NewImportSerializer(TimesSerializer):
    """What is imported, and as which dataset: a new one with a title, or a further version of an existing one."""

    title = serializers.CharField(max_length=150, required=False, allow_blank=True)
    dataset = serializers.CharField(max_length=32, required=False, allow_null=True, allow_blank=True)
    settings = serializers.DictField(child=serializers.JSONField(allow_null=True), help_text=SETTINGS_HELP)
    workspace = serializers.CharField(max_length=64, required=False, allow_blank=True)

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        """A new dataset needs a title."""
        if not asked.get("dataset") and not asked.get("title", "").strip():
            raise serializers.ValidationError({"title": "Enter a title for the dataset."})
        return asked


class ChangeImportSerializer(serializers.Serializer[Any]):
    """When an import is refreshed."""

    times = serializers.DictField(allow_null=True, help_text=f"Null for by hand only. {TIMES_HELP}")
