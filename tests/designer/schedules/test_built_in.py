"""Values that depend on the run: each run gets what they stand for, and what cannot be is refused when it is saved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from designer.datasets.models import Dataset, DatasetVersion
from designer.documents import services as documents
from designer.documents.models import Pipeline
from designer.http.errors import Refusal
from designer.schedules import controls, scheduler, services
from designer.schedules.models import Kind, Tick
from pipelines.models import Run
from tests.designer.conftest import Team
from tests.designer.schedules.conftest import DOCUMENT, START, Make, end

MINUTE = timedelta(minutes=1)
PARAMETERS = {
    "day": {"type": "date", "default": "2020-01-01"},
    "clock": {"type": "time", "default": "00:00"},
    "since": {"type": "text", "default": "never"},
    "number": {"type": "integer", "default": 7},
}


@pytest.fixture
def cars(team: Team) -> Pipeline:
    document = documents.sound_document({**DOCUMENT, "parameters": PARAMETERS})
    return documents.make(team.workspace, team.people["editor"], "Cars", document)


def built_in(**names: str) -> dict[str, Any]:
    return {name: {"$value": value} for name, value in names.items()}


def values() -> list[dict[str, Any]]:
    """What each run had, in the order of their ticks."""
    runs = Run.objects.in_bulk(Tick.objects.values_list("run", flat=True))
    return [{name: kept["value"] for name, kept in runs[tick.run or ""].parameters.items()} for tick in Tick.objects.order_by("pk")]


def test_a_run_gets_the_planned_time_in_the_zone_of_the_schedule(minutely: Make) -> None:
    tokyo = {"rule": {"kind": "every", "minutes": 60 * 6, "anchor": START.isoformat()}, "zone": "Asia/Tokyo"}
    minutely(times=tokyo, parameters=built_in(day="scheduled_time", clock="scheduled_time", since="run_time"))
    scheduler.look(START + 6 * 60 * MINUTE + timedelta(seconds=3))
    assert values() == [{"day": "2027-01-05", "clock": "03:00", "since": "2027-01-05T03:00:03+09:00", "number": 7}]
    assert Run.objects.get().parameters["day"]["source"] == "schedule"


def test_the_last_success_is_the_default_before_the_first_and_for_a_backfill_what_it_was_then(
    minutely: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule = minutely(parameters=built_in(since="previous_success_time"))
    for minute in (1, 2, 3):
        scheduler.look(START + minute * MINUTE)
        end(Tick.objects.latest("planned").run, "failed" if minute == 2 else "done")
    scheduler.look(START + 4 * MINUTE)
    end(Tick.objects.latest("planned").run)
    first, third = "2027-01-04T12:01:00+00:00", "2027-01-04T12:03:00+00:00"
    assert [each["since"] for each in values()] == ["never", first, first, third]
    monkeypatch.setattr("django.utils.timezone.now", lambda: START + 5 * MINUTE)
    controls.backfill(schedule, START + 3 * MINUTE, START + 3 * MINUTE, again=True, newest_first=False, dry=False)
    scheduler.look(START + 4 * MINUTE + timedelta(seconds=1))
    assert [each["since"] for each in values()][4:] == [first]


def test_a_trigger_gives_the_version_that_it_fired_for(team: Team, cars: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: START)
    data = Dataset.objects.create(workspace=team.workspace, name="prices")
    watch = {"sources": [{"kind": "dataset", "id": data.pk}], "needs": "any", "quiet_seconds": 0, "gap_seconds": 0}
    asked = {"name": "New data", "watch": watch, "graph": "draft", "parameters": built_in(number="dataset_version")}
    services.make(cars, Kind.EVENTS, team.people["editor"], asked)
    for number in (1, 2):
        DatasetVersion.objects.create(dataset=data, number=number, digest=str(number) * 64, rows=1, bytes=1, columns=[], file_name="a.csv")
    scheduler.look(START + MINUTE)
    assert [each["number"] for each in values()] == [2]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (built_in(day="tomorrow"), "no built-in value “tomorrow”"),
        (built_in(number="scheduled_time"), "number is of the type integer, which scheduled_time does not suit"),
        (built_in(number="dataset_version"), "for a trigger that watches one dataset"),
        (built_in(nothing="scheduled_time"), "no parameter “nothing”"),
        ({"since": {"$value": 3}}, "must be text"),
        ({"since": None}, "must be text"),
    ],
)
def test_what_cannot_be_is_refused_with_its_name(minutely: Make, given: dict[str, Any], words: str) -> None:
    with pytest.raises(Refusal) as refused:
        minutely(parameters=given)
    assert words in refused.value.body["error"]["words"] and refused.value.body["error"]["field"] == "parameters"


def test_a_parameter_that_changed_its_type_fails_the_tick_in_words(minutely: Make, cars: Pipeline, team: Team) -> None:
    minutely(parameters=built_in(day="scheduled_time"))
    changed = {**DOCUMENT, "parameters": {**PARAMETERS, "day": {"type": "integer", "default": 1}}}
    documents.replace(cars, documents.sound_document(changed), team.people["editor"], 1)
    scheduler.look(START + MINUTE)
    (tick,) = Tick.objects.all()
    assert tick.outcome == "failed" and "day is of the type integer" in tick.reason
