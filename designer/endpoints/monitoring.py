"""Judging what endpoints received, window by window. Each window is judged once, when its last hour is over and saved."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

import msgspec
from django.db import transaction

from designer.endpoints.models import Endpoint, EndpointVersion, MonitorWindow, ObservedCount
from designer.http.errors import Refusal
from pipelines.monitoring.judging import Signal, Thresholds, Verdict, alarms, judge, judge_rows
from pipelines.monitoring.profile import Profile
from pipelines.monitoring.tally import Tally, added

log = logging.getLogger(__name__)
HOUR = timedelta(hours=1)
SAVED_AFTER = timedelta(seconds=30)  # serving processes save every two seconds
KEPT = timedelta(days=90)
BEHIND = timedelta(days=7)  # of windows that are judged late
EARLIER = 24  # windows by which the usual number of rows is known


class MonitorSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How an endpoint is watched. A window is an hour, a day of the time zone, or as many hours as have `rows` rows."""

    enabled: bool = True
    window: Literal["hour", "day", "rows"] = "hour"
    zone: str = "UTC"
    rows: Annotated[int, msgspec.Meta(ge=200, le=10_000_000)] = 1_000
    thresholds: Thresholds = Thresholds()


class Hour(NamedTuple):
    """What all processes counted of one version in an hour."""

    start: datetime
    rows: int
    left_out: int
    tallies: dict[str, Tally]


def settings_of(endpoint: Endpoint) -> MonitorSettings:
    """The stored settings of an endpoint; defaults for the others."""
    return msgspec.convert(endpoint.monitoring, MonitorSettings)


def change_settings(endpoint: Endpoint, asked: Mapping[str, Any]) -> MonitorSettings:
    """Change settings; those that are not given stay.

    Raises:
        Refusal: 422 naming the setting.
    """
    with transaction.atomic():
        held = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
        thresholds = {**held.monitoring.get("thresholds", {}), **asked.get("thresholds", {})}
        wanted = {**held.monitoring, **asked, "thresholds": thresholds}
        try:
            found = msgspec.convert(wanted, MonitorSettings)
        except msgspec.ValidationError as wrong:
            raise Refusal(422, "wrong_setting", f"{wrong}.", remedy="Give a value in its range.", field="monitoring") from None
        if found.zone not in available_timezones():
            words = f"There is no time zone {found.zone[:60]}."
            raise Refusal(422, "wrong_setting", words, remedy="Give its name, such as Europe/Paris.", field="zone")
        held.monitoring = wanted
        held.save(update_fields=["monitoring"])
    endpoint.monitoring = wanted
    return found


def judge_due(now: datetime) -> int:
    """Judge all windows that are over; returns how many. It may run in several processes at once."""
    MonitorWindow.objects.filter(end__lt=now - KEPT).delete()
    ObservedCount.objects.filter(hour__lt=now - KEPT).delete()
    judged = 0
    versions = EndpointVersion.objects.exclude(profile=None).select_related("endpoint")
    active = set(ObservedCount.objects.filter(hour__gte=now - BEHIND).values_list("endpoint_id", "version").distinct())
    for version in versions:
        if (version.endpoint_id, version.number) in active and settings_of(version.endpoint).enabled:
            judged += _judge_version(version, now)
    return judged


def _judge_version(version: EndpointVersion, now: datetime) -> int:
    endpoint, settings = version.endpoint, settings_of(version.endpoint)
    profile = msgspec.convert(version.profile, Profile)
    before = endpoint.windows.filter(version=version.number)
    since = max(now - BEHIND, before.order_by("-start").values_list("end", flat=True).first() or now - BEHIND)
    judged = 0
    found = hours(endpoint, version.number, since)
    if endpoint.shares.get(str(version.number)):
        found = [*with_empty(found, since if before.exists() else None, now)]
    for window in windows(found, settings, now):
        judged += _judge_window(endpoint, version.number, profile, settings.thresholds, window)
    return judged


def hours(endpoint: Endpoint, version: int, since: datetime) -> list[Hour]:
    """The hours of a version from a moment on, over all processes, oldest first."""
    found: dict[datetime, list[ObservedCount]] = {}
    for row in endpoint.observed.filter(version=version, hour__gte=since).order_by("hour"):
        found.setdefault(row.hour, []).append(row)
    return [
        Hour(start, sum(row.rows for row in rows), sum(row.left_out for row in rows), merged(map(_tallies, rows)))
        for start, rows in found.items()
    ]


def with_empty(found: Sequence[Hour], since: datetime | None, now: datetime) -> Iterator[Hour]:
    """Add the hours without a row: from `since` on, or from the first one that has any. Silence is a signal too."""
    by_start = {hour.start: hour for hour in found}
    start = since or (found[0].start if found else now)
    while start + HOUR <= now:
        yield by_start.pop(start, Hour(start, 0, 0, {}))
        start += HOUR
    yield from by_start.values()


def _tallies(row: ObservedCount) -> dict[str, Tally]:
    return msgspec.convert(row.tallies, dict[str, Tally])


def merged(parts: Iterable[Mapping[str, Tally]]) -> dict[str, Tally]:
    """Add up the tallies of each column."""
    by_name: dict[str, list[Tally]] = {}
    for part in parts:
        for name, tally in part.items():
            by_name.setdefault(name, []).append(tally)
    return {name: added(tallies) for name, tallies in by_name.items()}


def windows(found: Sequence[Hour], settings: MonitorSettings, now: datetime) -> list[list[Hour]]:
    """Group hours into the windows that are over, oldest first."""
    if settings.window == "rows":
        groups: list[list[Hour]] = [[]]
        for hour in (each for each in found if each.start + HOUR + SAVED_AFTER <= now):
            groups[-1].append(hour)
            if sum(each.rows for each in groups[-1]) >= settings.rows:
                groups.append([])
        return groups[:-1]
    zone = ZoneInfo(settings.zone)
    by_place: dict[object, list[Hour]] = {}
    for hour in found:
        by_place.setdefault(hour.start.astimezone(zone).date() if settings.window == "day" else hour.start, []).append(hour)
    local = (now - SAVED_AFTER).astimezone(zone)
    going: object = local.date() if settings.window == "day" else local.replace(minute=0, second=0, microsecond=0)
    return [group for place, group in by_place.items() if place < going]  # type: ignore[operator]


def _judge_window(endpoint: Endpoint, version: int, profile: Profile, thresholds: Thresholds, window: Sequence[Hour]) -> int:
    """Judge and save a window; returns 0 when another process did."""
    start, end = window[0].start, window[-1].start + HOUR
    before = [*endpoint.windows.filter(version=version, start__lt=start).order_by("-start")[:EARLIER]][::-1]
    verdict = judge(profile, merged(hour.tallies for hour in window), thresholds)
    if (unusual := judge_rows(verdict.rows, [row.rows for row in before], thresholds)) and settings_of(endpoint).window != "rows":
        verdict = msgspec.structs.replace(verdict, signals=(*verdict.signals, unusual))
    judged = [row for row in before if row.verdict["state"] == "judged" or row.verdict["signals"]]
    history = [*(msgspec.convert(row.verdict["signals"], list[Signal]) for row in judged), verdict.signals]
    raised = alarms(history, thresholds.in_a_row) if verdict.state == "judged" or verdict.signals else []
    known = {(one["column"], one["kind"]) for one in judged[-1].alarms} if judged else set()
    started = [signal for signal in raised if (signal.column, signal.kind) not in known]
    row = MonitorWindow(
        endpoint=endpoint,
        version=version,
        start=start,
        end=end,
        rows=verdict.rows,
        left_out=sum(hour.left_out for hour in window),
        verdict=_stored(verdict),
        alarms=msgspec.to_builtins(raised),
        started=msgspec.to_builtins(started),
    )
    made = MonitorWindow.objects.bulk_create([row], ignore_conflicts=True)
    for signal in started:
        log.warning("version %s of endpoint %s: %s", version, endpoint.name, signal.words)
    return len(made)


def _stored(verdict: Verdict) -> Any:
    return msgspec.to_builtins(verdict)
