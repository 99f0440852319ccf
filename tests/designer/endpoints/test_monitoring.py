"""Windows of endpoints: grouped by hours, days and rows, judged once, and alarms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import numpy as np
import pytest

from designer.audit.models import AuditEntry
from designer.endpoints.models import Endpoint, MonitorWindow, ObservedCount
from designer.endpoints.monitor_settings import MonitorSettings
from designer.endpoints.monitoring import Hour, judge_due, windows, with_empty
from pipelines.models import Run
from tests.designer.conftest import Team
from tests.designer.endpoints.conftest import REFERENCE
from tests.designer.endpoints.test_views import call, make

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def cars(team: Team, done_run: Run, proven: Callable[[], None]) -> Endpoint:
    make(team, done_run)
    proven()
    return Endpoint.objects.get()


def count(cars: Endpoint, start: datetime, shift: float, rows: int = 300, process: str = "p") -> None:
    values = np.linspace(0, 99.9, rows) + shift
    tallies = REFERENCE.count({"a": values.tolist(), "make": ["bmw", "audi"] * (rows // 2), "sum": (values + 1).tolist()})
    ObservedCount.objects.create(
        endpoint=cars, process=process, version=1, hour=start, rows=rows, left_out=1, tallies=msgspec.to_builtins(tallies)
    )


def test_a_change_in_two_hours_in_a_row_is_one_alarm(cars: Endpoint) -> None:
    for place, shift in enumerate((0.0, 40.0, 40.0, 40.0, 0.0)):
        for process in "pq":
            count(cars, NOON + place * HOUR, shift, process=process)
    assert judge_due(NOON + 5 * HOUR + timedelta(seconds=20)) == 4  # the last hour may not be saved yet
    assert judge_due(NOON + 5 * HOUR + timedelta(minutes=1)) == 1
    assert judge_due(NOON + 5 * HOUR + timedelta(minutes=2)) == 0
    rows = MonitorWindow.objects.order_by("start")
    kinds = [[{each["column"] for each in part} for part in (row.verdict["signals"], row.alarms)] for row in rows]
    both = {"a", "sum"}
    assert kinds == [[set()] * 2, [both, set()], [both] * 2, [both] * 2, [set()] * 2]
    assert [(row.rows, row.left_out) for row in rows] == [(600, 2)] * 5


def test_too_few_rows_wait_and_do_not_interrupt(cars: Endpoint) -> None:
    for place, (shift, rows) in enumerate(((40.0, 300), (40.0, 20), (40.0, 300))):
        count(cars, NOON + place * HOUR, shift, rows)
    judge_due(NOON + 4 * HOUR)
    found = [(row.verdict["state"], bool(row.alarms)) for row in MonitorWindow.objects.order_by("start")]
    assert found == [("judged", False), ("waiting", False), ("judged", True), ("waiting", False)][: len(found)] and len(found) >= 3


def test_silence_of_a_serving_version_is_a_signal(cars: Endpoint) -> None:
    for place in range(5):
        count(cars, NOON + place * HOUR, 0.0)
    judge_due(NOON + 8 * HOUR)
    last = MonitorWindow.objects.order_by("-start")[0]
    assert (last.rows, [each["kind"] for each in last.alarms]) == (0, ["rows"])


def test_windows_by_rows_and_by_days_of_a_zone() -> None:
    hours = [Hour(NOON + place * HOUR, 300, 0, {}) for place in range(14)]
    late = NOON + 15 * HOUR
    assert [len(each) for each in windows(hours, MonitorSettings(window="rows", rows=1000), late)] == [4, 4, 4]
    days = windows(hours, MonitorSettings(window="day", zone="Asia/Tokyo"), late)
    assert [len(each) for each in days] == [3] and days[0][-1].start.astimezone(UTC).hour == 14
    gaps = [*with_empty([hours[0], hours[2]], None, NOON + 4 * HOUR)]
    assert [each.rows for each in gaps] == [300, 0, 300, 0]


def test_settings_are_changed_checked_and_audited(team: Team, cars: Endpoint) -> None:
    address = f"{cars.pk}/monitor/settings/"
    body = {"window": "day", "zone": "Europe/Paris", "thresholds": {"psi": 0.2, "in_a_row": 3}}
    answer = call(team, "put", address, body)
    assert answer.status_code == 200 and answer.json()["settings"]["thresholds"]["psi"] == 0.2
    again = call(team, "put", address, {"thresholds": {"missing": 0.1}}).json()["settings"]
    assert (again["window"], again["thresholds"]["psi"], again["thresholds"]["missing"]) == ("day", 0.2, 0.1)
    assert AuditEntry.objects.filter(action="endpoint.watch").count() == 2
    wrong: tuple[dict[str, Any], ...] = (
        {"zone": "Mars/Base"}, {"rows": 10}, {"thresholds": {"psi": -1}}, {"thresholds": {"pci": 1}}, {"thresholds": {"least_rows": 5}},
    )  # fmt: skip
    for bad in wrong:
        refused = call(team, "put", address, bad)
        assert (refused.status_code, refused.json()["error"]["code"]) == (422, "wrong_setting"), bad
    assert call(team, "put", address, body, who="viewer").status_code == 403


def test_an_endpoint_that_is_not_watched_has_no_windows(team: Team, cars: Endpoint) -> None:
    call(team, "put", f"{cars.pk}/monitor/settings/", {"enabled": False})
    count(cars, NOON, 40.0)
    assert judge_due(NOON + 2 * HOUR) == 0
