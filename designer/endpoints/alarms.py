"""Alarms of endpoints: a signal that starts or ends is one row and one notice, written in one transaction under the lock of the endpoint."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from django.db import transaction

from designer.endpoints.models import Endpoint, EndpointAlarm, EndpointCount
from designer.endpoints.monitor_settings import settings_of
from designer.endpoints.serving.counting import BOUNDS
from designer.notices import services as notices
from pipelines.monitoring.judging import Signal, Thresholds
from pipelines.monitoring.requests import Judged, judge_requests

MINUTE = timedelta(minutes=1)
SAVED_AFTER = timedelta(seconds=10)  # serving processes save every two seconds
LEAST_MINUTES, MOST_MINUTES = 5, 60
WHOLE = 0  # the version of alarms about the requests of the whole endpoint
KEPT = timedelta(days=90)


def settle(held: Endpoint, version: int, raised: Iterable[Signal], ends: Callable[[EndpointAlarm], bool], now: datetime) -> None:
    """Start and end alarms of a version; the caller holds the lock of the endpoint's row.

    Args:
        raised: What is an alarm now.
        ends: Whether an open alarm that is not raised is over.
    """
    there = {(row.column, row.kind): row for row in held.alarms.filter(version=version, ended_at=None)}
    signals = {(signal.column[:500], signal.kind): signal for signal in raised}
    new = [signal for key, signal in signals.items() if key not in there]
    for signal in new:
        held.alarms.create(version=version, column=signal.column[:500], kind=signal.kind, words=signal.words, started_at=now)
    over = [row for (column, kind), row in there.items() if (column, kind) not in signals and ends(row)]
    held.alarms.filter(pk__in=[row.pk for row in over]).update(ended_at=now)
    where = f"Endpoint “{held.name}”" + (f", version {version}" if version else "")
    if new:
        notices.add(held, "alarm", f"{where}: {_some([signal.words for signal in new])}", now)
    if over:
        names = ", ".join(_name(row.column, row.kind) for row in over)
        notices.add(held, "recovered", f"{where}: back within bounds: {names}.", now)


def _some(words: Sequence[str]) -> str:
    rest = len(words) - 2
    return " ".join(words[:2]) + (f" And {rest} more {'signal' if rest == 1 else 'signals'}." if rest > 0 else "")


def _name(column: str, kind: str) -> str:
    return f"{column} ({kind.replace('_', ' ')})" if column else kind


def judge_all_requests(now: datetime) -> None:
    """Judge the requests of the last minutes of each endpoint that has any. It may run in several processes at once."""
    EndpointAlarm.objects.filter(ended_at__lt=now - KEPT).delete()
    active = EndpointCount.objects.filter(minute__gte=now - MOST_MINUTES * MINUTE).values_list("endpoint_id", flat=True)
    for endpoint in Endpoint.objects.filter(pk__in=set(active)):
        settings = settings_of(endpoint)
        if not settings.enabled:
            continue
        judged = judge_last(endpoint, settings.thresholds, now)
        with transaction.atomic():
            held = Endpoint.objects.select_for_update().filter(pk=endpoint.pk).first()
            if held is not None:
                settle(held, WHOLE, judged.raised, lambda row, within=judged.within: row.kind in within, now)  # type: ignore[misc]
    _end_unserved(now)


def judge_last(endpoint: Endpoint, thresholds: Thresholds, now: datetime) -> Judged:
    """Judge the last five minutes that are over and saved; up to an hour until the requests are enough."""
    end = (now - SAVED_AFTER).replace(second=0, microsecond=0)
    rows = endpoint.counts.filter(minute__lt=end, minute__gte=end - MOST_MINUTES * MINUTE).order_by("-minute")
    requests, errors, buckets = 0, 0, [0] * (len(BOUNDS) + 1)
    for minute, found in groupby(rows, key=lambda row: row.minute):
        if requests >= thresholds.least_requests and minute < end - LEAST_MINUTES * MINUTE:
            break
        for row in found:
            requests += row.requests
            errors += sum(number for status, number in row.codes.items() if status >= "400")
            buckets = [one + two for one, two in zip(buckets, row.buckets, strict=True)]
    return judge_requests(requests, errors, BOUNDS, buckets, thresholds)


def _end_unserved(now: datetime) -> None:
    """End the alarms of versions that take no requests any more, and of endpoints that are not watched."""
    open_ = EndpointAlarm.objects.filter(ended_at=None).values_list("endpoint_id", flat=True)
    for endpoint in Endpoint.objects.filter(pk__in=set(open_)):
        with transaction.atomic():
            held = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
            rows = held.alarms.filter(ended_at=None)
            if not settings_of(held).enabled:
                rows.update(ended_at=now)
                continue
            for row in rows.exclude(version=WHOLE):
                if not held.shares.get(str(row.version)) and rows.filter(version=row.version).update(ended_at=now):
                    words = f"Endpoint “{held.name}”: version {row.version} takes no requests any more, so its alarms end."
                    notices.add(held, "recovered", words, now)
