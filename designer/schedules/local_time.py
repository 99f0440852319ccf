"""Local times of a zone as instants, across changes of the clock. No Django here."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

SECOND = timedelta(seconds=1)


@lru_cache(1)
def zone_names() -> frozenset[str]:
    """The names of all time zones."""
    return frozenset(available_timezones())


def instant_of(local: datetime, zone: ZoneInfo) -> datetime | None:
    """The instant of a local time, in UTC.

    A time that the clock shows twice is its first occurrence. A time that the clock skips is the first instant after the gap.

    Args:
        local: A local time without a zone.
        zone: The zone.

    Returns:
        None when the whole date was skipped, as 30 December 2011 in Samoa.
    """
    found = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == local:
        return found
    end = _end_of_gap(local.replace(tzinfo=zone, fold=1).astimezone(UTC), found, zone)
    around = {_date(end - SECOND, zone), _date(end, zone)}
    return end if local.date() in around else None


def is_repeated(local: datetime, zone: ZoneInfo) -> bool:
    """Whether the clock shows a local time twice."""
    one, two = (local.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    return one is not None and two is not None and one > two


def _end_of_gap(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first instant with the offset of `after`; `before` has the former one."""
    low, high = int(before.timestamp()), int(after.timestamp())
    former = before.astimezone(zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, UTC).astimezone(zone).utcoffset() == former:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)


def _date(instant: datetime, zone: ZoneInfo) -> date:
    return instant.astimezone(zone).date()
