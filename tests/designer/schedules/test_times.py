"""Rules of recurrence, also against a plain walk over all minutes around changes of the clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise, takewhile
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from designer.schedules.local_time import zone_names
from designer.schedules.times import BadTimes, Times, check_steps, first_after, read_times

MINUTE = timedelta(minutes=1)


def times(rule: dict[str, Any], zone: str = "Europe/Paris", **more: Any) -> Times:
    return read_times({"rule": rule, "zone": zone, **more})


def cron(line: str, zone: str = "Europe/Paris") -> Times:
    return times({"kind": "cron", "line": line}, zone)


def daily(*at: str, zone: str = "Europe/Paris", **more: Any) -> Times:
    return times({"kind": "calendar", "times": list(at), **more}, zone)


def between(found: Times, start: datetime, end: datetime) -> list[datetime]:
    return list(takewhile(lambda at: at < end, found.after(start - timedelta(microseconds=1))))


def changes(zone: str, start: datetime, end: datetime) -> Iterator[datetime]:
    """The instants from which the offset is another, to the hour before."""
    clock, at = ZoneInfo(zone), start
    while at < end:
        if at.astimezone(clock).utcoffset() != (at + timedelta(hours=1)).astimezone(clock).utcoffset():
            yield at
        at += timedelta(hours=1)


def days(zone: str, start: datetime, end: datetime) -> list[date]:
    """All local dates that exist between two instants."""
    clock, at, found = ZoneInfo(zone), start, []
    while at < end:
        found.append(at.astimezone(clock).date())
        at += timedelta(hours=1)
    return sorted(set(found))


def planned_date(at: datetime, zone: ZoneInfo, planned: time) -> date:
    """The local date of a fixed time: where the clock skips it, that of the skipped time, also when the gap ends after midnight."""
    before, after = ((at - back).astimezone(zone).replace(tzinfo=None) for back in (timedelta(seconds=1), timedelta(0)))
    skipped = [each.date() for each in (before, after) if before < datetime.combine(each.date(), planned) < after]
    return after.date() if after.time() == planned else skipped[0]


# Zones with the rules that exist: half an hour, at midnight, in the other hemisphere, a negative one in winter, without any, with odd offsets.
ZONES = [
    "Africa/Cairo",
    "America/New_York",
    "America/Nuuk",  # its gap ends at midnight
    "America/Santiago",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "Europe/Paris",
]


@pytest.mark.parametrize("zone", ZONES)
def test_a_fixed_time_comes_once_per_local_date(zone: str) -> None:
    start, end = datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
    whole = days(zone, start, end)[1:-1]
    for clock in ("00:30", "02:30", "23:45"):
        for found in (daily(clock, zone=zone), cron(f"{int(clock[3:])} {int(clock[:2])} * * *", zone)):
            dates = [planned_date(at, ZoneInfo(zone), time.fromisoformat(clock)) for at in between(found, start, end)]
            assert [each for each in dates if whole[0] <= each <= whole[-1]] == whole, (zone, clock)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("line", ["0 * * * *", "*/20 * * * *", "30 */2 * * *", "7 */3 * * 1-5", "0 * * * 5"])
def test_a_cron_line_with_any_hour_follows_the_clock(zone: str, line: str) -> None:
    found, clock = cron(line, zone), ZoneInfo(zone)
    minute, hour, week = line.split()[0], line.split()[1], line.split()[4]
    for change in changes(zone, datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)):
        start, end = change - timedelta(hours=30), change + timedelta(hours=30)
        walked = []
        at = start
        while at < end:
            local = at.astimezone(clock)
            fits = local.minute % int(minute[2:]) == 0 if minute.startswith("*/") else local.minute == int(minute)
            fits = fits and (hour == "*" or local.hour % int(hour[2:]) == 0)
            fits = fits and (week == "*" or local.isoweekday() in (range(1, 6) if week == "1-5" else [5]))
            walked += [at] if fits else []
            at += MINUTE
        assert between(found, start, end) == walked, (zone, line, change)


def test_the_days_of_a_change_have_23_and_25_hourly_times() -> None:
    hourly = cron("0 * * * *")
    assert len(between(hourly, datetime(2027, 3, 27, 23, tzinfo=UTC), datetime(2027, 3, 28, 22, tzinfo=UTC))) == 23
    assert len(between(hourly, datetime(2027, 10, 30, 22, tzinfo=UTC), datetime(2027, 10, 31, 23, tzinfo=UTC))) == 25


def test_times_in_a_gap_fall_together_and_come_once() -> None:
    start = datetime(2027, 3, 28, 0, tzinfo=UTC)
    assert between(daily("02:00", "02:30", "03:00"), start, start + timedelta(hours=6)) == [start + timedelta(hours=1)]
    assert len(between(cron("*/10 2 * * *"), start, start + timedelta(hours=6))) == 1


def test_an_interval_counts_elapsed_time() -> None:
    found = times({"kind": "every", "minutes": 90, "anchor": "2027-03-27T23:17:00Z"})
    at = list(islice(found.after(datetime(2027, 3, 27, tzinfo=UTC)), 5000))
    assert at[0] == datetime(2027, 3, 27, 23, 17, tzinfo=UTC)
    assert {later - earlier for earlier, later in pairwise(at)} == {timedelta(minutes=90)}
    assert next(found.after(at[10])) == at[11] and next(found.after(at[10] - timedelta(seconds=1))) == at[10]


def test_both_the_day_of_the_month_and_of_the_week_must_match() -> None:
    assert {at.day for at in islice(cron("0 9 13 * 5").after(datetime(2027, 1, 1, tzinfo=UTC)), 8)} == {13}


def test_the_last_day_and_the_bounds() -> None:
    start = datetime(2027, 1, 1, tzinfo=UTC)
    last = times({"kind": "calendar", "times": ["09:00"], "month_days": ["last", 15]}, "UTC")
    assert [(at.month, at.day) for at in islice(last.after(start), 4)] == [(1, 15), (1, 31), (2, 15), (2, 28)]
    bounded = {"starts_at": "2027-01-03T09:00:00Z", "ends_at": "2027-01-06T09:00:00Z", "excluded": ["2027-01-04"]}
    assert [at.day for at in times({"kind": "calendar", "times": ["09:00"]}, "UTC", **bounded).after(start)] == [3, 5, 6]
    dates = times({"kind": "dates", "dates": ["2027-10-31T02:30:00", "2027-03-28T02:30:00"]})
    assert list(dates.after(start)) == [datetime(2027, 3, 28, 1, tzinfo=UTC), datetime(2027, 10, 31, 0, 30, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        ({"rule": {"kind": "cron", "line": "0 0 31 2 *"}, "zone": "UTC"}, "never", "no month"),
        ({"rule": {"kind": "cron", "line": "0 0 30 2 1"}, "zone": "UTC"}, "never", "fifty years"),
        ({"rule": {"kind": "cron", "line": "0 0 * *"}, "zone": "UTC"}, "bad_cron", "five fields"),
        ({"rule": {"kind": "cron", "line": "0 0 0 * * *"}, "zone": "UTC"}, "bad_cron", "five fields"),
        ({"rule": {"kind": "cron", "line": "61 * * * *"}, "zone": "UTC"}, "bad_cron", "minute"),
        ({"rule": {"kind": "cron", "line": "0 6 * * *"}, "zone": "Mars/Olympus"}, "unknown_zone", "Mars"),
        ({"rule": {"kind": "calendar", "times": ["25:00"]}, "zone": "UTC"}, "bad_times", "“25:00” is not a time of day"),
        ({"rule": {"kind": "calendar", "times": ["07:30", ""]}, "zone": "UTC"}, "bad_times", "“” is not a time of day"),
        ({"rule": {"kind": "every", "minutes": 0, "anchor": "2027-01-01T00:00:00Z"}, "zone": "UTC"}, "bad_times", "minutes"),
        ({"rule": {"kind": "every", "minutes": 5, "anchor": "0001-01-01T00:00:00+14:00"}, "zone": "UTC"}, "bad_times", "year"),
        ({"rule": {"kind": "tides"}, "zone": "UTC"}, "bad_times", "tides"),
        (None, "bad_times", "object"),
    ],
)
def test_what_cannot_be_used_is_refused(given: Any, code: str, said: str) -> None:
    with pytest.raises(BadTimes) as refused:
        first_after(read_times(given), datetime(2027, 1, 1, tzinfo=UTC))
    assert refused.value.code == code and said in refused.value.words and refused.value.remedy


def test_a_slip_is_told_with_what_may_be_meant() -> None:
    slips = [
        ({"rule": {"kind": "tides"}, "zone": "UTC"}, "Use one of calendar, cron, dates, every."),
        ({"rule": {"kind": "cron", "line": "0 6 * * *"}, "zone": "europe/pariss"}, "Is Europe/Paris meant?"),
    ]
    for given, remedy in slips:
        with pytest.raises(BadTimes) as refused:
            read_times(given)
        assert refused.value.remedy.endswith(remedy)
    backwards = {"starts_at": "2027-02-01T00:00:00Z", "ends_at": "2027-01-15T00:00:00Z"}
    with pytest.raises(BadTimes, match="end is not after the start"):
        first_after(times({"kind": "calendar", "times": ["09:00"]}, "UTC", **backwards), datetime(2027, 1, 1, tzinfo=UTC))


def test_a_step_longer_than_its_field_is_refused() -> None:
    for line in ("*/90 * * * *", "0 */48 * * *", "0 6 1-31/40 * *"):
        with pytest.raises(BadTimes, match="has the step") as refused:
            check_steps(times({"kind": "cron", "line": line}))
        assert (refused.value.code, refused.value.field) == ("bad_cron", "rule")
    for line in ("*/60 * * * *", "0-30/10,45 */24 * * 5#3"):
        check_steps(times({"kind": "cron", "line": line}))


def test_times_that_are_over_are_refused() -> None:
    with pytest.raises(BadTimes, match="never come"):
        first_after(times({"kind": "dates", "dates": ["2020-01-01T00:00:00"]}), datetime(2027, 1, 1, tzinfo=UTC))


def test_every_zone_is_known() -> None:
    assert {"Europe/Paris", "UTC", "America/New_York"} <= zone_names()
