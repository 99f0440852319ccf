from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from designer.schedules.local_time import instant_of, is_repeated


@pytest.mark.parametrize(
    ("zone", "local", "instant"),
    [
        ("Europe/Paris", "2027-03-28T02:30", "2027-03-28T01:00"),  # in the gap: the first instant after it
        ("Europe/Paris", "2027-10-31T02:30", "2027-10-31T00:30"),  # twice: the first
        ("America/New_York", "2027-03-14T02:15", "2027-03-14T07:00"),
        ("America/New_York", "2027-11-07T01:30", "2027-11-07T05:30"),
        ("Australia/Lord_Howe", "2027-10-03T02:10", "2027-10-02T15:30"),  # half an hour
        ("Australia/Lord_Howe", "2027-04-04T01:45", "2027-04-03T14:45"),
        ("Africa/Cairo", "2027-04-30T00:30", "2027-04-29T22:00"),  # at midnight
        ("Africa/Cairo", "2027-10-28T23:30", "2027-10-28T20:30"),
        ("UTC", "2027-03-28T02:30", "2027-03-28T02:30"),
    ],
)
def test_a_local_time_is_one_instant(zone: str, local: str, instant: str) -> None:
    assert instant_of(datetime.fromisoformat(local), ZoneInfo(zone)) == datetime.fromisoformat(instant).replace(tzinfo=UTC)


def test_a_date_that_a_zone_skipped_has_no_instant() -> None:
    assert instant_of(datetime(2011, 12, 30, 9), ZoneInfo("Pacific/Apia")) is None
    assert instant_of(datetime(2011, 12, 31, 0), ZoneInfo("Pacific/Apia")) == datetime(2011, 12, 30, 10, tzinfo=UTC)


def test_what_the_clock_shows_twice() -> None:
    paris = ZoneInfo("Europe/Paris")
    assert is_repeated(datetime(2027, 10, 31, 2, 30), paris)
    assert not is_repeated(datetime(2027, 3, 28, 2, 30), paris) and not is_repeated(datetime(2027, 10, 31, 3, 0), paris)
