"""Triggers, their events and webhooks: no event is lost or used twice."""

from __future__ import annotations

import random
import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from designer.datasets.models import Dataset, DatasetVersion
from designer.documents import services as documents
from designer.documents.models import Pipeline
from designer.endpoints.models import Endpoint
from designer.notices import signatures
from designer.registry.models import Alias, Change, ModelVersion, RegisteredModel
from designer.schedules import controls, scheduler, sources
from designer.schedules.models import Event, Schedule, Source, Tick
from pipelines.flow import TERMINAL
from pipelines.models import Run
from tests.designer.conftest import Team
from tests.designer.schedules.conftest import DOCUMENT, end

LIST = "/api/triggers/"


def make(team: Team, pipeline: Pipeline, name: str, *watched: dict[str, str], **watch: Any) -> Any:
    body = {"name": name, "pipeline": pipeline.pk, "graph": "draft", "watch": {"sources": list(watched), "quiet_seconds": 0, **watch}}
    return team.client("editor").post(LIST, body, format="json")


def another(team: Team, name: str) -> Pipeline:
    return documents.make(team.workspace, team.people["editor"], name, documents.sound_document({**DOCUMENT, "name": name}))


@pytest.fixture
def cars_data(team: Team) -> Dataset:
    return Dataset.objects.create(workspace=team.workspace, name="cars", title="Cars")


def version(dataset: Dataset, digest: str) -> None:
    number = dataset.versions.count() + 1
    DatasetVersion.objects.create(dataset=dataset, number=number, digest=digest, bytes=1, rows=1, columns=[])


def events_used() -> list[int]:
    """The number of each event that a tick used, in order."""
    return [number for tick in Tick.objects.order_by("pk") for each in tick.events for number in range(each["from"], each["through"] + 1)]


def finish_all() -> None:
    for run in Run.objects.exclude(state__in=TERMINAL):
        end(run.pk)
    Run.objects.update(finished_at=timezone.now())


def test_another_content_of_a_dataset_starts_a_run_and_the_same_bytes_do_not(team: Team, cars: Pipeline, cars_data: Dataset) -> None:
    version(cars_data, "a")
    made = make(team, cars, "Fresh", {"kind": "dataset", "id": cars_data.pk}).json()
    assert made["words"] == f"After a new version of “{cars_data.title}”" and made["overlap"] == "queue_one"
    version(cars_data, "a")
    scheduler.look(timezone.now())
    assert not Tick.objects.exists()
    version(cars_data, "b")
    scheduler.look(timezone.now())
    scheduler.look(timezone.now())
    assert Run.objects.count() == 1 and events_used() == [1]
    version(cars_data, "c")
    version(cars_data, "d")
    scheduler.look(timezone.now())
    assert Run.objects.count() == 1 and team.client("viewer").get(LIST).json()[0]["unread"] == 2  # they wait until the run is over
    finish_all()
    scheduler.look(timezone.now())
    assert Run.objects.count() == 2 and events_used() == [1, 2, 3]


def test_a_pipeline_that_is_done_starts_another_and_a_partial_or_earlier_run_does_not(team: Team, cars: Pipeline) -> None:
    report = another(team, "Report")
    before = team.client("editor").post(f"/api/pipelines/{cars.pk}/runs/", {}, format="json").json()["id"]
    finish_all()
    make(team, report, "After cars", {"kind": "pipeline", "id": cars.pk})
    runs = f"/api/pipelines/{cars.pk}/runs/"
    part = team.client("editor").post(runs, {"to": ["a"]}, format="json").json()["id"]
    failed = team.client("editor").post(runs, {}, format="json").json()["id"]
    end(part)
    end(failed, "failed")
    Run.objects.update(finished_at=timezone.now())
    scheduler.look(timezone.now())
    assert not Tick.objects.exists() and before
    whole = team.client("editor").post(runs, {}, format="json").json()["id"]
    finish_all()
    scheduler.look(timezone.now())
    assert Run.objects.get(document=report.pk).by == "Editor (schedule After cars)"
    assert Event.objects.get(ref=whole).number == 2


def test_all_of_several_and_the_quiet_time_and_the_gap(team: Team, cars: Pipeline, cars_data: Dataset) -> None:
    other = Dataset.objects.create(workspace=team.workspace, name="other", title="Other")
    both = [{"kind": "dataset", "id": each.pk} for each in (cars_data, other)]
    make(team, cars, "Both", *both, needs="all", quiet_seconds=60, gap_seconds=600)
    now = timezone.now()
    version(cars_data, "a")
    scheduler.look(now + timedelta(hours=1))
    assert not Tick.objects.exists()
    version(other, "b")
    scheduler.look(timezone.now() + timedelta(seconds=30))
    assert not Tick.objects.exists()
    scheduler.look(timezone.now() + timedelta(seconds=90))
    assert Run.objects.count() == 1
    finish_all()
    version(cars_data, "c")
    version(other, "d")
    scheduler.look(timezone.now() + timedelta(seconds=300))
    assert Run.objects.count() == 1
    scheduler.look(timezone.now() + timedelta(seconds=700))
    assert Run.objects.count() == 2 and sorted(events_used()) == [1, 1, 2, 2]


def test_while_paused_events_stay_unread(team: Team, cars: Pipeline, cars_data: Dataset) -> None:
    id = make(team, cars, "Fresh", {"kind": "dataset", "id": cars_data.pk}).json()["id"]
    schedule = Schedule.objects.get(pk=id)
    for catch_up, runs in ((True, 1), (False, 1)):
        controls.pause(schedule, team.people["editor"], "", None)
        version(cars_data, f"{catch_up} 1")
        version(cars_data, f"{catch_up} 2")
        scheduler.look(timezone.now())
        assert Run.objects.count() == (0 if catch_up else 1)
        controls.resume(schedule, catch_up=catch_up)
        scheduler.look(timezone.now())
        assert Run.objects.count() == runs
        finish_all()
        scheduler.look(timezone.now())


def test_a_loop_is_refused_through_any_chain(team: Team, cars: Pipeline) -> None:
    two, three = another(team, "Two"), another(team, "Three")
    itself = make(team, cars, "Self", {"kind": "pipeline", "id": cars.pk})
    assert (itself.status_code, itself.json()["error"]["code"]) == (422, "trigger_loop")
    assert make(team, two, "1", {"kind": "pipeline", "id": cars.pk}).status_code == 201
    assert make(team, three, "2", {"kind": "pipeline", "id": two.pk}).status_code == 201
    refused = make(team, cars, "3", {"kind": "pipeline", "id": three.pk}).json()["error"]
    assert refused["words"] == "The trigger would start itself: “Cars” starts “Two” starts “Three” starts “Cars”."
    assert Schedule.objects.count() == 2


@pytest.mark.parametrize(
    ("watch", "code"),
    [
        ({"sources": []}, "bad_watch"),
        ({"sources": [{"kind": "tides"}]}, "bad_watch"),
        ({"sources": [{"kind": "dataset", "id": "0" * 32}]}, "no_such_source"),
        ({"sources": [{"kind": "webhook", "id": "1"}]}, "bad_watch"),
    ],
)
def test_what_cannot_be_watched_is_refused(team: Team, cars: Pipeline, watch: dict[str, Any], code: str) -> None:
    body = {"name": "a", "pipeline": cars.pk, "graph": "draft", "watch": watch}
    refused = team.client("editor").post(LIST, body, format="json")
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, code) and not Schedule.objects.exists()
    lossy = team.client("editor").post(LIST, {**body, "overlap": "skip"}, format="json")
    assert lossy.json()["error"]["code"] == "bad_overlap"


def send(client: Any, hook: str, secret: str, body: bytes = b'{"a": 1}', id: str = "1", late: int = 0, **headers: str) -> Any:
    sent = {**signatures.headers(secret, id, int(time.time()) - late, body), **headers}
    return client.post(f"/api/hooks/{hook}/?source=cars", body, content_type="application/json", headers=sent)


def test_a_signed_message_starts_one_run_and_nothing_else_does(team: Team, cars: Pipeline, client: Any) -> None:
    made = make(team, cars, "Hook", {"kind": "webhook"}).json()
    hook, secret = made["id"], made["secrets"]["hook"]
    assert secret not in str(list(Schedule.objects.values())) + team.client("owner").get(LIST).content.decode()
    other = signatures.new_secret()
    for refused in (
        send(client, hook, other),
        send(client, hook, secret, late=301),
        send(client, hook, secret, late=-301),
        send(client, hook, secret, **{"webhook-id": "2"}),
        send(client, hook, secret, **{"webhook-signature": ""}),
        send(client, hook, secret, **{"webhook-timestamp": "x"}),
        send(client, "0" * 32, secret),
    ):
        assert (refused.status_code, refused.json()["error"]["code"]) == (401, "bad_signature")
    assert not Event.objects.exists()
    assert send(client, hook, secret).json() == {"new": True} and send(client, hook, secret).json() == {"new": False}
    assert send(client, hook, secret, body=b"x" * 300_000, id="3").status_code == 413
    scheduler.look(timezone.now())
    assert Run.objects.count() == 1 and Event.objects.count() == 1
    renewed = team.client("editor").post(f"{LIST}{hook}/secret/").json()["secrets"]["hook"]
    assert send(client, hook, secret, id="4").status_code == 401 and send(client, hook, renewed, id="4").json() == {"new": True}


def test_no_event_is_lost_or_used_twice_whatever_comes_between(team: Team, cars: Pipeline) -> None:
    """A small form of `python -m tests.bench.schedules events`."""
    schedule = Schedule.objects.get(pk=make(team, cars, "Hook", {"kind": "webhook"}).json()["id"])
    source, luck = Source.objects.get(subject=schedule.pk), random.Random(3)
    for number in range(120):
        sources.receive(source, str(number), "", timezone.now())
        if luck.random() < 0.1:
            controls.pause(schedule, team.people["editor"], "", None)
        if luck.random() < 0.2:
            controls.resume(schedule, catch_up=True)
        if luck.random() < 0.3:
            scheduler.look(timezone.now())
        if luck.random() < 0.3:
            finish_all()
    controls.resume(schedule, catch_up=True)
    for _ in range(3):
        finish_all()
        scheduler.look(timezone.now())
    assert events_used() == list(range(1, 121))
    assert Tick.objects.count() == Run.objects.count() == Tick.objects.filter(outcome="started").count()


def test_a_source_that_was_deleted_is_told(team: Team, cars: Pipeline, cars_data: Dataset) -> None:
    sources = [{"kind": "dataset", "id": cars_data.pk}, {"kind": "webhook"}]
    made = make(team, cars, "Fresh", *sources).json()
    cars_data.delete()
    seen = team.client("viewer").get(f"/api/triggers/{made['id']}/").json()
    assert seen["words"] == "After a new version of a dataset that was deleted or its webhook"


def test_an_alarm_of_an_endpoint_starts_a_run_and_an_earlier_one_does_not(team: Team, cars: Pipeline) -> None:
    endpoint = Endpoint.objects.create(workspace=team.workspace, name="prices", created_by="e")
    alarm = {"column": "age", "kind": "drift", "words": "It differs.", "started_at": timezone.now()}
    earlier = endpoint.alarms.create(**alarm, version=1)
    made = make(team, cars, "Train again", {"kind": "monitor", "id": endpoint.pk}).json()
    assert made["words"] == "After an alarm of “prices”"
    scheduler.look(timezone.now())
    assert not Tick.objects.exists() and earlier
    endpoint.alarms.create(**alarm, version=2)
    scheduler.look(timezone.now())
    scheduler.look(timezone.now())
    assert Run.objects.count() == 1 and events_used() == [2]
    absent = make(team, cars, "Other", {"kind": "monitor", "id": "0" * 32}).json()["error"]
    assert absent["words"] == f"The workspace has no endpoint “{'0' * 32}”."


def test_a_moved_alias_starts_a_run_and_another_alias_does_not(team: Team, cars: Pipeline) -> None:
    model = RegisteredModel.objects.create(workspace=team.workspace, name="cars")
    version = ModelVersion.objects.create(model=model, number=1, digest="0" * 64, record={})
    for name in ("champion", "old"):
        Alias.objects.create(model=model, name=name, version=version)
    make(team, cars, "Follow", {"kind": "alias", "id": f"{model.pk}:champion"})
    Change.objects.create(model=model, alias="old", after=1, at=timezone.now(), who="e")
    Change.objects.create(model=model, alias="champion", before=1, at=timezone.now(), who="e")  # it was taken away
    scheduler.look(timezone.now())
    assert not Tick.objects.exists()
    Change.objects.create(model=model, alias="champion", after=1, at=timezone.now(), who="e")
    scheduler.look(timezone.now())
    assert Run.objects.count() == 1 and Event.objects.get().words == "The alias champion was moved"
    refused = make(team, cars, "Other", {"kind": "alias", "id": f"{model.pk}:none"}).json()["error"]
    assert (refused["code"], refused["words"]) == ("no_such_source", "The model has no alias “none”.")


def test_events_that_all_have_read_go_and_do_not_come_again(team: Team, cars: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    schedule = Schedule.objects.get(pk=make(team, cars, "Hook", {"kind": "webhook"}).json()["id"])
    source = Source.objects.get(subject=schedule.pk)
    for number in range(10):
        sources.receive(source, str(number), "", timezone.now())
    monkeypatch.setattr(scheduler, "KEPT_EVENTS", 3)
    scheduler.forget(timezone.now())
    assert Event.objects.count() == 10  # nothing is read yet
    scheduler.look(timezone.now())
    scheduler.forget(timezone.now())
    assert list(Event.objects.order_by("number").values_list("number", flat=True)) == [7, 8, 9, 10]
    scheduler.look(timezone.now())
    assert events_used() == list(range(1, 11))
