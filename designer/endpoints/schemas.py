"""What the API of endpoints takes and answers."""

from __future__ import annotations

from typing import Annotated, Any, Self

import msgspec
from rest_framework import serializers

from designer.endpoints.limits import EndpointLimits
from designer.endpoints.models import Endpoint as EndpointRow
from designer.endpoints.models import EndpointKey as KeyRow
from designer.endpoints.models import EndpointMove as MoveRow
from designer.endpoints.models import EndpointVersion
from designer.http.openapi import Instant

NAME = r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?\Z"
LONGEST_WHY = 500


class PublishedVersion(msgspec.Struct):
    """A version. Its state is building, proving, ready, serving (it has a share), draining, stopped or failed (with a reason)."""

    number: int
    state: str
    reason: str
    share: int
    run: str
    pipeline: str | None
    node: str
    by: str
    why: str
    created_at: Instant
    ready_at: Instant | None
    wanted_share: Annotated[int, msgspec.Meta(description="The percent of requests that it takes as soon as it is proven.")]
    signature: dict[str, Any] | None
    example: dict[str, Any] | None
    parity: dict[str, Any] | None

    @classmethod
    def of(cls, row: EndpointVersion, state: str, share: int) -> Self:
        """A version's row, with its shown state and its present share."""
        return cls(
            number=row.number,
            state=state,
            reason=row.reason,
            share=share,
            run=row.run,
            pipeline=row.document,
            node=row.node,
            by=row.by,
            why=row.why,
            created_at=row.created_at,
            ready_at=row.ready_at,
            wanted_share=row.share,
            signature=row.signature,
            example=row.example,
            parity=row.parity,
        )


class EndpointProcess(msgspec.Struct):
    """A serving process: whether it serves the newest state, and the versions of this endpoint that it could not load."""

    name: str
    seen_at: Instant
    current: bool
    failures: dict[str, str]


class EndpointBrief(msgspec.Struct):
    """An endpoint in a list. `state` is that of its newest version; `requests` and `errors` are of the last hour."""

    id: str
    workspace: str
    name: str
    description: str
    state: str
    shares: dict[str, int]
    versions: int
    requests: int
    errors: int
    created_by: str
    created_at: Instant


class Endpoint(EndpointBrief):
    """An endpoint with its versions, newest first. `rollback` is the version that a roll back gives all requests to."""

    revision: int
    limits: EndpointLimits
    sticky_column: str
    rollback: int | None
    address: str
    listed: list[PublishedVersion]
    processes: list[EndpointProcess]

    @classmethod
    def of(cls, brief: EndpointBrief, row: EndpointRow, **more: Any) -> Self:
        """An endpoint's row."""
        known = {name: getattr(brief, name) for name in EndpointBrief.__struct_fields__}
        return cls(**known, revision=row.revision, limits=EndpointLimits.of(row.limits), sticky_column=row.sticky_column, **more)


class EndpointMove(msgspec.Struct):
    """One move of the shares: who, when and why."""

    revision: int
    at: Instant
    by: str
    kind: str
    before: dict[str, int]
    after: dict[str, int]
    why: str

    @classmethod
    def of(cls, row: MoveRow) -> Self:
        """A move's row."""
        return cls(row.revision, row.at, row.by, row.kind, row.before, row.after, row.why)


class EndpointKey(msgspec.Struct):
    """A key, without its secret. `start` is its beginning. `rate` is in requests per minute; null for the endpoint's."""

    id: str
    name: str
    start: str
    rate: int | None
    by: str
    created_at: Instant
    expires_at: Instant | None
    last_used_at: Instant | None

    @classmethod
    def of(cls, row: KeyRow, /, **more: Any) -> Self:
        """A key's row."""
        known = {name: getattr(row, name) for name in EndpointKey.__struct_fields__}
        return cls(**known, **more)


class NewEndpointKey(EndpointKey):
    """A key as it is shown once."""

    key: str


class EndpointTested(msgspec.Struct):
    """The answer of a serving process to a test."""

    status: int
    milliseconds: float
    answer: Any


class EndpointPublishSerializer(serializers.Serializer[Any]):
    """The run whose model is published."""

    run = serializers.CharField(max_length=64)
    node = serializers.CharField(
        max_length=200, required=False, allow_blank=True, help_text="The node whose scores are served, if several."
    )
    why = serializers.CharField(max_length=LONGEST_WHY, required=False, allow_blank=True)


class NewEndpointVersionSerializer(EndpointPublishSerializer):
    """A run, and the percent of requests that the version takes as soon as it is proven."""

    share = serializers.IntegerField(min_value=0, max_value=100, required=False)


class EndpointSettingsSerializer(serializers.Serializer[Any]):
    """What can be changed of an endpoint."""

    description = serializers.CharField(max_length=500, required=False, allow_blank=True)
    sticky_column = serializers.CharField(
        max_length=200,
        required=False,
        allow_blank=True,
        help_text="The column whose value chooses the version; empty for the request's id.",
    )
    limits = serializers.DictField(
        required=False, help_text="body_bytes, rows, seconds, queue (requests that may wait) and rate (requests per minute and key)."
    )


class NewEndpointSerializer(EndpointPublishSerializer, EndpointSettingsSerializer):
    """A name, and the run whose model is the first version."""

    name = serializers.RegexField(
        NAME, error_messages={"invalid": "Use up to 64 lowercase letters, digits and -, with a letter or digit first and last."}
    )
    workspace = serializers.CharField(required=False, allow_blank=True, max_length=64, help_text="Without it, the workspace of the run.")


class EndpointSharesSerializer(serializers.Serializer[Any]):
    """Whole percents by the number of the version, which sum to 100."""

    shares = serializers.DictField(child=serializers.IntegerField(min_value=0, max_value=100), allow_empty=False)
    revision = serializers.IntegerField(required=False, help_text="The endpoint's revision that was seen; another one is a conflict.")
    why = serializers.CharField(max_length=LONGEST_WHY, required=False, allow_blank=True)

    def validate_shares(self, given: dict[str, int]) -> dict[int, int]:
        """Read the numbers of the versions."""
        if strange := [key for key in given if not (key.isascii() and key.isdecimal() and len(key) < 10)]:
            raise serializers.ValidationError(f"“{strange[0]}” is not the number of a version.")
        return {int(key): share for key, share in given.items()}


class EndpointWhySerializer(serializers.Serializer[Any]):
    """A reason, for the history."""

    why = serializers.CharField(max_length=LONGEST_WHY, required=False, allow_blank=True)


class EndpointRunningSerializer(serializers.Serializer[Any]):
    """Whether the version is loaded."""

    running = serializers.BooleanField()


class NewEndpointKeySerializer(serializers.Serializer[Any]):
    """A name, and when the key ends."""

    name = serializers.CharField(max_length=100)
    days = serializers.IntegerField(min_value=1, max_value=3650, required=False, allow_null=True)
    rate = serializers.IntegerField(min_value=1, max_value=10_000_000, required=False, allow_null=True, help_text="Requests per minute.")


class EndpointTestSerializer(serializers.Serializer[Any]):
    """A body for the endpoint, and the version that is tested; without one the shares decide."""

    body = serializers.JSONField()
    version = serializers.IntegerField(min_value=1, required=False, allow_null=True)
