from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from designer.schedules.times import read_times
from designer.schedules.words import preview

MARCH = datetime(2027, 3, 27, 12, tzinfo=UTC)
OCTOBER = datetime(2027, 10, 30, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rule", "words", "note"),
    [
        ({"kind": "every", "minutes": 90, "anchor": "2027-01-01T00:00:00Z"}, "Every 90 minutes", "elapsed time"),
        ({"kind": "every", "minutes": 60, "anchor": "2027-01-01T00:00:00Z"}, "Every hour", "elapsed time"),
        ({"kind": "calendar", "times": ["18:00", "06:30"], "weekdays": [1, 5]}, "At 06:30, 18:00 on Mon, Fri", ""),
        ({"kind": "calendar", "times": ["06:30"], "month_days": ["last"]}, "At 06:30 on the last day of the month", ""),
        ({"kind": "calendar", "times": ["06:30"], "month_days": [31]}, "At 06:30 on day 31 of the month", "June"),
        ({"kind": "calendar", "times": ["06:30"]}, "At 06:30 every day", ""),
        ({"kind": "cron", "line": "0 0 13 * 5"}, "At 00:00 on the 13th day of month and on Friday", "Both the day of the month"),
        ({"kind": "cron", "line": "0 * * * *"}, "At the start of every hour", "follows the clock"),
        ({"kind": "dates", "dates": ["2030-01-01T00:00:00"]}, "At 1 single time", ""),
    ],
)
def test_a_rule_in_words(rule: dict[str, Any], words: str, note: str) -> None:
    said = preview(read_times({"rule": rule, "zone": "Europe/Paris"}), MARCH)
    assert said.words == f"{words}, in the time zone Europe/Paris" and len(said.next) == (1 if rule["kind"] == "dates" else 10)
    assert note in " ".join(said.notes) if note else said.notes == []


def test_changes_of_the_clock_are_marked() -> None:
    nightly = read_times({"rule": {"kind": "calendar", "times": ["02:30"]}, "zone": "Europe/Paris"})
    first, second = preview(nightly, MARCH, 2).next
    assert (first.local, second.note) == ("Sun 28 Mar 2027, 03:00 CEST", "") and "put forward" in first.note
    twice = preview(nightly, OCTOBER, 1).next[0]
    assert twice.local == "Sun 31 Oct 2027, 02:30 CEST" and twice.note.endswith("at the first.")
    half = read_times({"rule": {"kind": "cron", "line": "30 * * * *"}, "zone": "Europe/Paris"})
    assert [each.note.endswith("at each.") for each in preview(half, datetime(2027, 10, 31, tzinfo=UTC), 3).next] == [True, True, False]
