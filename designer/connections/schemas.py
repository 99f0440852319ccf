"""What the API of connections takes and answers. A secret is taken, and never answered."""

from __future__ import annotations

from typing import Annotated, Any, Self

import msgspec
from rest_framework import serializers

from designer.http.openapi import Instant
from pipelines.catalogue.connection import ConnectionKind
from pipelines.models import Connection as Row

NAME = r"^[a-z0-9][a-z0-9_-]{0,59}\Z"


class Connection(msgspec.Struct):
    """A named place outside Easel."""

    id: str
    workspace: str
    name: str
    kind: ConnectionKind
    address: str
    user: str
    endpoint: str
    has_secret: Annotated[bool, msgspec.Meta(description="Whether a secret is stored. It cannot be read.")]
    created_at: Instant
    changed_at: Instant

    @classmethod
    def of(cls, row: Row) -> Self:
        """A connection's row."""
        kind, has_secret = ConnectionKind(row.kind), bool(row.secret)
        return cls(row.pk, row.scope, row.name, kind, row.address, row.user, row.endpoint, has_secret, row.created_at, row.changed_at)


class ConnectionTested(msgspec.Struct):
    """What the test of a connection found."""

    words: str


class PlaceSerializer(serializers.Serializer[Any]):
    """Where a connection leads to, and its secret."""

    address = serializers.CharField(max_length=1000)
    user = serializers.CharField(
        max_length=200, required=False, allow_blank=True, help_text="Of a web server, or the id of an S3 access key."
    )
    endpoint = serializers.CharField(max_length=1000, required=False, allow_blank=True, help_text="Of an S3 service other than Amazon's.")
    secret = serializers.CharField(
        max_length=4000,
        required=False,
        allow_blank=True,
        trim_whitespace=False,
        write_only=True,
        help_text="The password, key or token. It is stored encrypted. Leave it out to keep the stored one.",
    )


class NewConnectionSerializer(PlaceSerializer):
    """A name for settings to call it by, its kind, and where it leads to."""

    name = serializers.RegexField(
        NAME, error_messages={"invalid": "Use up to 60 lowercase letters, digits, - and _, with a letter or digit first."}
    )
    kind = serializers.ChoiceField(choices=[kind.value for kind in ConnectionKind])
    workspace = serializers.CharField(required=False, allow_blank=True, max_length=64)
