"""What a version receives beside its reference, as the page shows it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from designer.endpoints.drift import labels
from designer.endpoints.models import Endpoint, EndpointVersion
from designer.endpoints.monitoring import judge_due
from pipelines.monitoring.profile import column_profile
from tests.designer.conftest import Team
from tests.designer.endpoints.test_monitoring import HOUR, cars, count
from tests.designer.endpoints.test_views import call

__all__ = ["cars"]


def test_without_rows_the_reference_is_shown_and_what_is_missing_said(team: Team, cars: Endpoint) -> None:
    found = call(team, "get", f"{cars.pk}/monitor/drift/", who="viewer").json()
    assert (found["version"], found["versions"], found["reference"], found["rows"]) == (1, [1], "1,000 held-out rows", 0)
    assert found["words"].startswith("No row was counted yet.")
    number, text, score = found["columns"]
    assert (number["name"], len(number["labels"]), number["reference"][:2], number["psi"]) == ("a", 11, [0.1, 0.1], None)
    assert (text["labels"], text["reference"], score["role"]) == (["audi", "bmw", "other", "new", "no value"], [0.5, 0.5, 0, 0, 0], "score")


def test_rows_of_now_stand_beside_the_reference_with_signals_and_windows(team: Team, cars: Endpoint) -> None:
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    for back in (3, 2, 1):
        count(cars, hour - back * HOUR, 40.0)
    judge_due(hour + timedelta(minutes=1))
    found = call(team, "get", f"{cars.pk}/monitor/drift/?version=1").json()
    assert (found["rows"], found["left_out"]) == (300, 1)
    assert sum(found["columns"][0]["current"]) == pytest.approx(1) and found["columns"][0]["psi"] > 0.1
    assert {each["column"] for each in found["signals"]} == {"a", "sum"}
    assert [len(each["alarms"]) > 0 for each in found["windows"]] == [False, True, True]
    assert found["windows"][0]["psi"].keys() == {"a", "make", "sum"}


def test_a_version_without_a_reference_says_so_and_an_unknown_one_is_absent(team: Team, cars: Endpoint) -> None:
    assert call(team, "get", f"{cars.pk}/monitor/drift/?version=9").status_code == 404
    EndpointVersion.objects.update(profile=None)
    assert "Publish it again" in call(team, "get", f"{cars.pk}/monitor/drift/").json()["words"]


def test_a_constant_number_and_presence_have_labels() -> None:
    assert labels(column_profile("x", "input", "number", [5.0] * 9)) == ["≤ 5", "> 5", "no value"]
    ids = labels(column_profile("x", "input", "number", [9_007_199_254_740_992 + 7919 * at for at in range(1000)]))
    assert len({*ids}) == len(ids) > 9 and not any(label.split(" – ")[0] == label.split(" – ")[-1] for label in ids[1:-2])
    assert labels(column_profile("x", "input", "date", ["2026-01-01"])) == ["value", "no value"]
