"""What the API of notices takes and answers."""

from __future__ import annotations

from collections.abc import Container
from typing import Any, Self

import msgspec
from rest_framework import serializers

from designer.http.openapi import Instant
from designer.notices import models


class Sending(msgspec.Struct):
    """A notice outside: the channel, whether it was sent, and the last error."""

    channel: str
    sent_at: Instant | None
    tries: int
    error: str


class About(msgspec.Struct):
    """What a notice tells of: a schedule, a trigger or an endpoint."""

    noun: str
    id: str
    name: str


class Notice(msgspec.Struct):
    """A notice, and whether the person who asks has read it."""

    id: int
    kind: str
    words: str
    about: About
    run: str | None
    at: Instant
    read: bool
    sendings: list[Sending]

    @classmethod
    def of(cls, row: models.Notice, unread: Container[int]) -> Self:
        """A notice's row, with its deliveries."""
        sendings = [Sending(each.channel, each.sent_at, each.tries, each.error) for each in row.deliveries.all()]
        about = About(row.about.noun, str(row.about.pk), row.about.name)
        return cls(row.pk, row.kind, row.words, about, row.run, row.at, row.pk not in unread, sendings)


class Unread(msgspec.Struct):
    """How many notices a person has not read."""

    count: int


class ReadSerializer(serializers.Serializer[Any]):
    """Which notices were read; all without ids."""

    ids = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), required=False, max_length=1000)
