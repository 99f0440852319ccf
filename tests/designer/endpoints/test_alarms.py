"""Alarms start and end once, with one notice each, whoever judges."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from designer.endpoints.alarms import MINUTE, judge_all_requests
from designer.endpoints.models import Endpoint, EndpointAlarm, EndpointCount
from designer.endpoints.monitoring import judge_due
from designer.endpoints.serving.counting import BOUNDS
from designer.notices import delivery
from designer.notices.models import Delivery, Notice
from tests.designer.conftest import Team
from tests.designer.endpoints import test_views
from tests.designer.endpoints.test_monitoring import HOUR, cars, count

__all__ = ["cars"]
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
SOON = timedelta(minutes=1)


def call(team: Team, who: str, method: str, path: str, body: Any = None, status: int = 200) -> Any:
    answer = test_views.call(team, method, path, body, who=who)
    assert answer.status_code == status, answer.content
    return answer.json()


def told() -> list[tuple[str, str]]:
    return list(Notice.objects.order_by("pk").values_list("kind", "words"))


def ask(cars: Endpoint, minute: datetime, requests: int, errors: int, *, slow: int = 0, version: int = 1) -> None:
    buckets = [requests - slow, *[0] * (len(BOUNDS) - 1), slow]
    codes = {"200": requests - errors, "500": errors}
    EndpointCount.objects.create(
        endpoint=cars, process="p", version=version, minute=minute, requests=requests, codes=codes, buckets=buckets
    )


def test_drift_is_told_once_when_it_starts_and_once_when_it_ends(cars: Endpoint) -> None:
    for place, shift in enumerate((0.0, 40.0, 40.0, 40.0, 0.0)):
        count(cars, NOON + place * HOUR, shift)
    for hours in range(1, 6):
        for _ in range(2):
            judge_due(NOON + hours * HOUR + SOON)
    (alarm, recovered) = told()
    assert alarm[0] == "alarm" and alarm[1].startswith("Endpoint “cars”, version 1: The distribution of a differs")
    assert recovered == (
        "recovered",
        "Endpoint “cars”, version 1: back within bounds: a (drift), a (out of range), sum (drift), sum (out of range).",
    )
    assert {(row.column, row.ended_at is None) for row in EndpointAlarm.objects.all()} == {("a", False), ("sum", False)}


def test_errors_of_five_minutes_are_an_alarm_until_they_are_few_again(cars: Endpoint) -> None:
    for place in range(5):
        ask(cars, NOON + place * MINUTE, 20, 10)
    judge_all_requests(NOON + 5 * MINUTE)  # the last minute may not be saved yet: 80 requests are enough
    for _ in range(3):
        judge_all_requests(NOON + 5 * MINUTE + timedelta(seconds=10))
    assert [kind for kind, _ in told()] == ["alarm"]
    assert "40 of 80 requests failed (50.0\u00a0%; the bound is 5.0\u00a0%)" in told()[0][1]
    for place in range(5, 11):
        ask(cars, NOON + place * MINUTE, 200, 2)
    judge_all_requests(NOON + 12 * MINUTE)
    assert told()[1:] == [("recovered", "Endpoint “cars”: back within bounds: errors.")]


def test_slow_answers_are_an_alarm_and_few_requests_are_none(cars: Endpoint) -> None:
    ask(cars, NOON, 10, 10, slow=10)
    judge_all_requests(NOON + 3 * MINUTE)
    assert told() == []
    ask(cars, NOON - 30 * MINUTE, 60, 0, slow=60)  # looked back at, as the last ones are few
    judge_all_requests(NOON + 3 * MINUTE)
    ((kind, words),) = told()
    assert kind == "alarm" and "70 of 70 requests took longer than 1000 ms" in words


def test_a_version_without_requests_and_an_endpoint_that_is_not_watched_have_no_alarm(team: Team, cars: Endpoint) -> None:
    for version in (1, 2):
        cars.alarms.create(version=version, column="a", kind="drift", words="It differs.", started_at=NOON)
    judge_all_requests(NOON)
    judge_all_requests(NOON)
    assert told() == [("recovered", "Endpoint “cars”: version 2 takes no requests any more, so its alarms end.")]
    shown = call(team, "viewer", "get", f"{cars.pk}/monitor/drift/")
    assert [(each["version"], each["words"]) for each in shown["alarms"]] == [(1, "It differs.")]
    call(team, "editor", "put", f"{cars.pk}/monitor/settings/", {"enabled": False})
    judge_all_requests(NOON)
    assert not EndpointAlarm.objects.filter(ended_at=None).exists() and len(told()) == 1


def test_a_notice_goes_to_the_person_who_asked_and_to_a_webhook(team: Team, cars: Endpoint, settings: Any, mailoutbox: Any) -> None:
    settings.EMAIL_HOST = "mail.example.org"
    body = {"email": True, "webhook": "https://8.8.8.8/path?key=1", "thresholds": {"errors": 0.5}}
    saved = call(team, "editor", "put", f"{cars.pk}/monitor/settings/", body)
    assert saved["notices"]["email"] == "editor@example.org" and saved["notices"]["webhook"] == "https://8.8.8.8/…"
    secret = saved["notices"]["secrets"]["webhook"]
    cars.refresh_from_db()
    assert secret.startswith("whsec_") and secret not in cars.webhook_secret
    kept = call(team, "admin", "put", f"{cars.pk}/monitor/settings/", {"webhook": "https://8.8.8.8/…"})
    assert kept["notices"]["secrets"] == {} and kept["notices"]["email"] == "editor@example.org"
    ask(cars, NOON, 100, 100)
    judge_all_requests(NOON + 2 * MINUTE)
    assert sorted(Delivery.objects.values_list("channel", "target")) == [
        ("email", "editor@example.org"),
        ("webhook", "https://8.8.8.8/…"),
    ]
    Delivery.objects.filter(channel="webhook").delete()
    delivery.deliver(NOON + 2 * MINUTE)
    (sent,) = mailoutbox
    assert sent.to == ["editor@example.org"] and "Endpoint: cars" in sent.body
    refused = call(team, "editor", "put", f"{cars.pk}/monitor/settings/", {"webhook": "http://127.0.0.1/"}, status=422)
    assert refused["error"]["field"] == "webhook"


@pytest.mark.parametrize("body", [{"thresholds": {"errors": 2}}, {"thresholds": {"latency_ms": 0}}, {"thresholds": {"least_requests": 1}}])
def test_bounds_out_of_range_are_refused(team: Team, cars: Endpoint, body: dict[str, Any]) -> None:
    assert call(team, "editor", "put", f"{cars.pk}/monitor/settings/", body, status=422)["error"]["code"] == "wrong_setting"
