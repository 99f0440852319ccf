"""What the API answers about what is live, and the settings of its watching."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from rest_framework import serializers

from designer.http.openapi import Instant

NAME = r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?\Z"
LONGEST_WHY = 500


class EndpointMinute(msgspec.Struct):
    """What was counted in one minute of one version; 0 for requests that reached none. `buckets` has the requests by time."""

    at: Instant
    version: int
    requests: int
    errors: int
    rows: int
    warnings: int
    seconds: float
    buckets: list[int]


class EndpointMonitor(msgspec.Struct):
    """Counts by minute and version, oldest first. `bounds` are the upper bounds of the buckets in seconds; one more bucket has the rest."""

    bounds: list[float]
    minutes: list[EndpointMinute]


class MonitorColumn(msgspec.Struct):
    """A column of the reference beside the rows now. `labels` names the bins of both lists of shares; the last one is of rows without a value.

    Distances are null for a column of which gaps alone are watched, for the reason in `why`, or as long as there are too few rows.
    """

    name: str
    role: str
    kind: str
    why: str
    labels: list[str]
    reference: list[float]
    current: list[float]
    psi: float | None
    psi_limit: float | None
    ks: float | None
    wasserstein: float | None
    outside: float
    invalid: float
    importance: Annotated[
        float | None, msgspec.Meta(description="Its share in the importance of all inputs; null where it was not measured.")
    ]


class MonitorSignal(msgspec.Struct):
    """A change that matters, in words. `column` is empty for the whole window."""

    column: str
    kind: str
    words: str


class MonitorWindow(msgspec.Struct):
    """A judged window, or one that had too few rows. `alarms` are signals of several windows in a row."""

    start: Instant
    end: Instant
    state: str
    rows: int
    left_out: int
    words: str
    psi: dict[str, float]
    drifted_importance: float | None
    signals: list[MonitorSignal]
    alarms: list[MonitorSignal]


class OpenAlarm(msgspec.Struct):
    """An alarm that lasts. Version 0 is for the requests of the whole endpoint."""

    version: int
    column: str
    kind: str
    words: str
    started_at: Instant


class EndpointNotices(msgspec.Struct):
    """Where notices of alarms are sent to. `email` is the address of the person who asked for it; `secrets` are shown once."""

    email: str
    webhook: str
    secrets: dict[str, str] = {}
    notes: list[str] = []


class EndpointDrift(msgspec.Struct):
    """What a version receives and answers beside its reference. `since` and `until` say when the rows that are shown came; `words` what is missing.

    `drifted_importance` is the importance of the inputs whose distribution differs, together; null where it was not measured.
    """

    version: int
    versions: list[int]
    reference: str
    since: Instant | None
    until: Instant | None
    rows: int
    left_out: int
    words: str
    drifted_importance: float | None
    columns: list[MonitorColumn]
    signals: list[MonitorSignal]
    windows: list[MonitorWindow]
    alarms: list[OpenAlarm]
    settings: dict[str, Any]
    notices: EndpointNotices


class MinutesSerializer(serializers.Serializer[Any]):
    """How far back requests are told."""

    minutes = serializers.IntegerField(min_value=1, max_value=7 * 24 * 60, default=60)


class OfVersionSerializer(serializers.Serializer[Any]):
    """Of which version drift is told."""

    version = serializers.IntegerField(
        min_value=1, max_value=9_999_999, required=False, help_text="Without it, the one with the most requests."
    )


class EndpointMonitorSettingsSerializer(serializers.Serializer[Any]):
    """How an endpoint is watched; what is left out stays as it is."""

    enabled = serializers.BooleanField(required=False)
    window = serializers.ChoiceField(choices=["hour", "day", "rows"], required=False)
    zone = serializers.CharField(max_length=60, required=False, help_text="Of days, such as Europe/Paris.")
    rows = serializers.IntegerField(required=False, help_text="Of a window by rows, from 200.")
    thresholds = serializers.DictField(
        required=False,
        help_text="psi, wasserstein, missing, new_categories, out_of_range, type_errors, importance, rows_factor, in_a_row, least_rows, errors, latency_ms, least_requests.",
    )
    email = serializers.BooleanField(required=False, help_text="Whether you get its notices by email.")
    webhook = serializers.CharField(
        max_length=1000, required=False, allow_blank=True, help_text="The address that notices are sent to. As it is shown: unchanged."
    )
