"""Judging what endpoints received, window by window. Each window is judged once, when its last hour is over and saved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from django.db import transaction

from designer.endpoints.alarms import settle
from designer.endpoints.models import Endpoint, EndpointAlarm, EndpointVersion, MonitorWindow, ObservedCount
from designer.endpoints.monitor_settings import MonitorSettings, settings_of
from pipelines.monitoring.judging import Kind, Signal, Thresholds, Verdict, alarms, judge, judge_rows
from pipelines.monitoring.profile import Profile
from pipelines.monitoring.tally import Tally, added

HOUR = timedelta(hours=1)
SAVED_AFTER = timedelta(seconds=30)  # serving processes save every two seconds
KEPT = timedelta(days=90)
BEHIND = timedelta(days=7)  # of windows that are judged late
EARLIER = 24  # windows by which the usual number of rows is known


class Hour(NamedTuple):
    """What all processes counted of one version in an hour."""

    start: datetime
    rows: int
    left_out: int
    tallies: dict[str, Tally]


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
        judged += _judge_window(endpoint, version.number, profile, settings.thresholds, window, now)
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


def _judge_window(endpoint: Endpoint, version: int, profile: Profile, thresholds: Thresholds, window: Sequence[Hour], now: datetime) -> int:
    """Judge and save a window with the alarms that it starts and ends; returns 0 when another process did."""
    start, end = window[0].start, window[-1].start + HOUR
    verdict = judge(profile, merged(hour.tallies for hour in window), thresholds)
    with transaction.atomic():
        held = Endpoint.objects.select_for_update().filter(pk=endpoint.pk).first()
        if held is None or held.windows.filter(version=version, start=start).exists():
            return 0
        before = [*held.windows.filter(version=version, start__lt=start).order_by("-start")[:EARLIER]][::-1]
        if (unusual := judge_rows(verdict.rows, [row.rows for row in before], thresholds)) and settings_of(held).window != "rows":
            verdict = msgspec.structs.replace(verdict, signals=(*verdict.signals, unusual))
        judged = [row for row in before if row.verdict["state"] == "judged" or row.verdict["signals"]]
        history = [*(msgspec.convert(row.verdict["signals"], list[Signal]) for row in judged), verdict.signals]
        raised = alarms(history, thresholds.in_a_row) if verdict.state == "judged" or verdict.signals else []
        held.windows.create(
            version=version,
            start=start,
            end=end,
            rows=verdict.rows,
            left_out=sum(hour.left_out for hour in window),
            verdict=msgspec.to_builtins(verdict),
            alarms=msgspec.to_builtins(raised),
        )
        there = {(signal.column, signal.kind) for signal in verdict.signals}
        if held.shares.get(str(version)):  # a version that only tests address has windows, and no alarms
            settle(held, version, raised, lambda row: _is_over(row, verdict, there), now)
    return 1


def _is_over(row: EndpointAlarm, verdict: Verdict, there: set[tuple[str, Kind]]) -> bool:
    """Whether a window ends an alarm: it does not have the signal, and is judged, or the alarm is about the number of rows."""
    return (row.column, row.kind) not in there and (verdict.state == "judged" or row.kind == "rows")
