"""Schedules and triggers of published pipelines."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from designer.audit.models import AuditEntry
from designer.datasets import services as datasets
from designer.datasets.models import Dataset
from designer.documents.models import Pipeline
from designer.notices.models import Notice
from designer.published.models import PublishedRun
from designer.published.saving import settle
from designer.schedules import scheduler
from designer.schedules.models import Schedule, Tick
from pipelines.models import Run
from tests.designer.conftest import Team
from tests.designer.published.conftest import DOCUMENT, edit, numbers, pipeline, publish, published, table_file
from tests.designer.schedules.conftest import MINUTELY, START
from tests.support.ledger_driver import run_to_end

__all__ = ["pipeline", "published"]
LIST, TRIGGERS = "/api/schedules/", "/api/triggers/"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("designer.schedules.services.timezone.now", lambda: START)


def make(team: Team, published: str | None, who: str = "editor", **more: Any) -> Any:
    return team.client(who).post(LIST, {"name": "Nightly", "published": published, "times": MINUTELY, **more}, format="json")


def change(team: Team, schedule: str, **more: Any) -> Any:
    return team.client("editor").patch(f"{LIST}{schedule}/", more, format="json")


def again(team: Team, published: str, pipeline: Pipeline, **more: Any) -> int:
    """Publish another version."""
    made = team.client("editor").post(f"/api/published/{published}/versions/", {"pipeline": pipeline.pk, **more}, format="json")
    assert made.status_code == 201, made.content
    return int(made.json()["number"])


@pytest.mark.usefixtures("early")
def test_a_planned_time_starts_one_run_that_both_pages_show(team: Team, published: str, pipeline: Pipeline) -> None:
    datasets.upload(team.workspace, team.people["editor"], table_file(numbers(8)), "others")
    made = make(team, published, parameters={"share": 0.25}, inputs={"rows": {"dataset": "others"}})
    assert made.status_code == 201, made.content
    shown = made.json()
    assert (shown["published"], shown["pipeline"], shown["runs"], shown["executes"]) == (
        published,
        None,
        "halves",
        "Version 1, the default",
    )
    for second in (60, 60.5, 61, 119):
        scheduler.look(START + timedelta(seconds=second))
    tick, run, row = Tick.objects.get(), Run.objects.get(), PublishedRun.objects.get()
    assert (tick.outcome, tick.run, row.run, row.version) == ("started", run.pk, run.pk, 1)
    assert (run.by, run.document, run.parameters["share"]) == (
        "Editor (schedule Nightly)",
        pipeline.pk,
        {"value": 0.25, "source": "schedule"},
    )
    (listed,) = team.client("viewer").get(f"/api/published/{published}/runs/").json()
    assert (listed["by"], listed["inputs"]) == ("editor@example.org (schedule Nightly)", {"rows": {"dataset": "others", "version": 1}})
    kept = AuditEntry.objects.get(action="published.run")
    assert (kept.via, kept.subject, kept.name, kept.details) == ("schedule", run.pk, "halves", {"schedule": "Nightly"})
    run_to_end(run)
    settle(timezone.now())
    assert Dataset.objects.get(name="first_rows").versions.get().rows == 2
    by = {"published": published}
    assert [each["id"] for each in team.client("viewer").get(LIST, by).json()] == [shown["id"]]


@pytest.mark.usefixtures("early")
def test_the_default_is_followed_and_a_pinned_version_stays(team: Team, published: str, pipeline: Pipeline) -> None:
    followed = make(team, published, overlap="parallel").json()["id"]
    pinned = make(team, published, name="Pinned", published_version=1, overlap="parallel").json()["id"]
    assert again(team, published, pipeline) == 2
    shown = {each["id"]: each["executes"] for each in team.client("viewer").get(LIST).json()}
    assert shown == {followed: "Version 2, the default", pinned: "Version 1; the default is version 2"}
    scheduler.look(START + MINUTE)
    assert {(row.by.split("schedule ")[1], row.version) for row in PublishedRun.objects.all()} == {("Nightly)", 2), ("Pinned)", 1)}
    assert change(team, pinned, published_version=None).json()["executes"] == "Version 2, the default"


@pytest.mark.usefixtures("early")
def test_a_deleted_published_pipeline_is_said_in_words_and_another_can_be_chosen(team: Team, published: str, pipeline: Pipeline) -> None:
    schedule = make(team, published, pause_after=0).json()["id"]
    assert team.client("admin").delete(f"/api/published/{published}/").status_code == 204
    shown = team.client("viewer").get(f"{LIST}{schedule}/").json()
    assert (shown["published"], shown["runs"], shown["executes"]) == (None, "", "The published pipeline that it runs was deleted.")
    scheduler.look(START + MINUTE)
    tick = Tick.objects.get()
    assert (tick.outcome, tick.run) == ("failed", None) and "was deleted. Choose another published pipeline" in tick.reason
    assert tick.reason in Notice.objects.get().words and not Run.objects.exists()
    assert change(team, schedule, name="Renamed").json()["error"]["code"] == "published_deleted"
    other = publish(team, pipeline, name="others").json()["id"]
    assert change(team, schedule, published=other).json()["runs"] == "others"
    scheduler.look(START + 2 * MINUTE)
    assert Run.objects.count() == 1


@pytest.mark.usefixtures("early")
def test_a_pipeline_that_was_deleted_after_publishing_is_run_still(team: Team, published: str, pipeline: Pipeline) -> None:
    make(team, published)
    pipeline.delete()
    scheduler.look(START + MINUTE)
    assert (Tick.objects.get().outcome, PublishedRun.objects.count()) == ("started", 1)


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"published": None}, "bad_request", "pipeline"),
        ({"published_version": 7}, "unknown_version", "published_version"),
        ({"published_version": 0}, "bad_request", "published_version"),
        ({"parameters": {"colour": 1}}, "unknown_parameter", "parameters"),
        ({"parameters": {"share": "much"}}, "bad_parameter", "parameters"),
        ({"parameters": {"share": 7}}, "bad_parameter", "parameters"),
        ({"preset": "half"}, "unknown_preset", "preset"),
        ({"parameters": {"share": {"$value": "scheduled_time"}}}, "bad_built_in", "parameters"),
        ({"inputs": {"columns": {"dataset": "numbers"}}}, "unknown_input", "inputs.columns"),
        ({"inputs": {"rows": {"dataset": "absent"}}}, "unknown_dataset", "inputs.rows"),
        ({"inputs": {"rows": 3}}, "bad_request", None),
        ({"graph": "draft"}, "not_a_pipeline", "graph"),
    ],
)
def test_what_a_run_would_refuse_is_refused_when_saving(
    team: Team, published: str, more: dict[str, Any], code: str, field: str | None
) -> None:
    refused = make(team, more.pop("published", published), **more)
    error = refused.json()["error"]
    assert (refused.status_code in (400, 422), error["code"]) == (True, code), error
    assert field is None or error["field"] == field
    assert error["words"] and not Schedule.objects.exists()


def test_a_value_that_suits_its_parameter_but_not_the_setting_that_it_drives_is_refused(team: Team, pipeline: Pipeline) -> None:
    edit(team, pipeline, {**DOCUMENT, "parameters": {"share": {"type": "number", "default": 0.5}}})
    refused = make(team, None, pipeline=pipeline.pk, graph="draft", parameters={"share": 7}).json()["error"]
    assert refused["words"] == "Split Data: Fraction must be at most 1, not 7."
    assert (refused["field"], refused["remedy"]) == ("parameters", "Its value comes from the parameter share. Change it there.")
    assert make(team, None, pipeline=pipeline.pk, graph="draft", parameters={"share": 0.7}).status_code == 201


@pytest.mark.usefixtures("early")
@pytest.mark.parametrize("of", ["published", "pipeline"])
def test_a_preset_gives_the_values_that_a_schedule_does_not(team: Team, published: str, pipeline: Pipeline, of: str) -> None:
    target = {"published": published} if of == "published" else {"published": None, "pipeline": pipeline.pk, "graph": "draft"}
    made = make(team, **{"published": None, **target}, preset="quarter")
    assert made.status_code == 201 and made.json()["preset"] == "quarter", made.content
    scheduler.look(START + MINUTE)
    assert Run.objects.get().parameters["share"] == {"value": 0.25, "source": "preset quarter"}
    assert change(team, made.json()["id"], preset="").json()["preset"] == ""


def test_a_schedule_of_a_pipeline_takes_nothing_of_published_ones(team: Team, published: str, pipeline: Pipeline) -> None:
    body = {"name": "Plain", "pipeline": pipeline.pk, "published": None, "graph": "draft", "times": MINUTELY}
    plain = team.client("editor").post(LIST, body, format="json").json()
    assert (plain["runs"], plain["executes"]) == ("Halves", "As it is drawn at that moment")
    for more in ({"published": published}, {"published_version": 1}, {"inputs": {"rows": {"dataset": "numbers"}}}):
        assert change(team, plain["id"], **more).json()["error"]["code"] == "not_published"
    assert make(team, published, pipeline=pipeline.pk).json()["error"]["field"] == "pipeline"
    assert make(team, published, "foreign").status_code == 404
    assert team.client("foreign").get(LIST, {"published": published}).status_code == 404


def watching(team: Team, published: str, name: str, kind: str, id: str, **more: Any) -> Any:
    watch = {"sources": [{"kind": kind, "id": id}], "quiet_seconds": 0}
    return team.client("editor").post(TRIGGERS, {"name": name, "published": published, "watch": watch, **more}, format="json")


def saved_dataset(team: Team, published: str) -> str:
    """The dataset that runs save their result as."""
    run = team.client("editor").post(f"/api/published/{published}/runs/", {}, format="json").json()["id"]
    run_to_end(Run.objects.get(pk=run))
    settle(timezone.now())
    return str(Dataset.objects.get(name="first_rows").pk)


def test_a_trigger_that_runs_what_it_watches_is_refused(team: Team, published: str, pipeline: Pipeline) -> None:
    saved = saved_dataset(team, published)
    for kind, id in (("dataset", saved), ("pipeline", pipeline.pk)):
        refused = watching(team, published, "Loop", kind, id).json()["error"]
        assert (refused["code"], refused["words"]) == ("trigger_loop", "The trigger would start itself: “halves” starts “halves”.")
    source = Dataset.objects.get(name="numbers").pk
    assert watching(team, published, "Fine", "dataset", source).status_code == 201


def test_a_loop_that_a_later_version_makes_fails_the_tick_and_starts_nothing(team: Team, published: str, pipeline: Pipeline) -> None:
    source = Dataset.objects.get(name="numbers")
    assert watching(team, published, "Grow", "dataset", source.pk).status_code == 201
    again(team, published, pipeline, results=[{"output": "half.first", "name": "first", "save_as": "numbers"}])
    datasets.add_version(source, team.people["editor"], table_file(numbers(9)))
    scheduler.look(timezone.now())
    tick = Tick.objects.get()
    assert tick.outcome == "failed" and tick.reason.startswith("The trigger would start itself") and not Run.objects.exists()


def test_a_new_version_of_a_dataset_starts_one_run_on_it(team: Team, published: str) -> None:
    source = Dataset.objects.get(name="numbers")
    assert watching(team, published, "News", "dataset", source.pk).status_code == 201
    datasets.add_version(source, team.people["editor"], table_file(numbers(6)))
    for _ in range(3):
        scheduler.look(timezone.now())
    assert PublishedRun.objects.get().inputs == {"rows": {"dataset": "numbers", "version": 2}}


@pytest.mark.usefixtures("early")
def test_a_tick_and_both_of_its_rows_are_one_transaction(team: Team, published: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the process were killed while the row of the published run is written."""
    make(team, published)

    def killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(PublishedRun, "save", killed)
        with pytest.raises(KeyboardInterrupt):
            scheduler.look(START + MINUTE)
    assert Tick.objects.get().outcome == "waiting" and not Run.objects.exists()
    scheduler.look(START + MINUTE)
    assert (Run.objects.count(), PublishedRun.objects.count(), Tick.objects.get().outcome) == (1, 1, "started")


def test_an_edit_of_the_pipeline_changes_nothing(team: Team, published: str, pipeline: Pipeline) -> None:
    schedule = make(team, published).json()["id"]
    edit(team, pipeline, {"nodes": {}})
    assert change(team, schedule, name="Later").json()["executes"] == "Version 1, the default"
