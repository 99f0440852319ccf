"""The API of schedules."""

from __future__ import annotations

from typing import Any

import pytest

from designer.audit.models import AuditEntry
from designer.documents.models import Pipeline, Version
from designer.notices.services import webhook_of
from designer.schedules.models import Schedule, Tick
from tests.designer.conftest import Team
from tests.designer.schedules.conftest import MINUTELY

DAILY = {"rule": {"kind": "calendar", "times": ["02:30"]}, "zone": "Europe/Paris"}
LIST = "/api/schedules/"


def make(team: Team, cars: Pipeline, who: str = "editor", **more: Any) -> Any:
    return team.client(who).post(LIST, {"name": "Nightly", "pipeline": cars.pk, "times": DAILY, **more}, format="json")


def test_a_schedule_is_made_seen_changed_and_deleted(team: Team, cars: Pipeline) -> None:
    made = make(team, cars, parameters={}, overlap="queue_one", jitter_seconds=30).json()
    assert made["words"] == "At 02:30 every day, Europe/Paris" and made["next_at"] and made["run_as_name"] == "Editor"
    assert made["notes"] == ["The pipeline had no saved version, so its current state was saved as one."]
    assert Version.objects.get().name == "For Nightly"
    one = f"{LIST}{made['id']}/"
    assert [each["id"] for each in team.client("viewer").get(LIST).json()] == [made["id"]]
    assert team.client("viewer").get(one).json() == {**made, "notes": []}
    assert team.client("viewer").get("/api/triggers/").json() == [] and team.client("foreign").get(LIST).json() == []
    changed = team.client("editor").patch(one, {"name": "Daily", "pause_after": 0}, format="json").json()
    assert (changed["name"], changed["pause_after"], changed["times"]) == ("Daily", 0, made["times"])
    assert team.client("editor").delete(one).status_code == 204 and not Schedule.objects.exists()
    kept = AuditEntry.objects.order_by("pk").values_list("action", "name")
    assert list(kept) == [("schedule.make", "Nightly"), ("schedule.edit", "Nightly"), ("schedule.delete", "Daily")]


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"times": {"rule": {"kind": "cron", "line": "0 0 31 2 *"}, "zone": "UTC"}}, "never", "rule"),
        ({"times": {**DAILY, "zone": "Mars"}}, "unknown_zone", "zone"),
        ({"times": None}, "bad_request", "times"),
        ({"times": MINUTELY, "jitter_seconds": 60}, "jitter_too_long", "jitter_seconds"),
        ({"graph": "version", "version": "0" * 32}, "no_version", "version"),
        ({"graph": "tides"}, "bad_request", "graph"),
        ({"window_seconds": 5}, "bad_request", "window_seconds"),
        ({"parameters": {"colour": 1}}, "unknown_parameter", "parameters"),
        ({"webhook": "ftp://example.org"}, "bad_url", "webhook"),
        ({"webhook": "https://ann:pw@example.org"}, "secret_in_url", "webhook"),
        ({"webhook": "http://127.0.0.1:8000/"}, "address_not_allowed", "webhook"),
        ({"run_as": 999_999}, "no_such_person", "run_as"),
    ],
)
def test_what_cannot_be_used_is_refused_at_its_field(team: Team, cars: Pipeline, more: dict[str, Any], code: str, field: str) -> None:
    refused = make(team, cars, **more)
    assert refused.status_code in (400, 422), refused.content
    assert (refused.json()["error"]["code"], refused.json()["error"]["field"]) == (code, field)
    assert not Schedule.objects.exists() and not Version.objects.exists()


def test_a_name_is_given_once_and_a_pipeline_of_others_is_absent(team: Team, cars: Pipeline) -> None:
    assert make(team, cars).status_code == 201
    assert (make(team, cars).status_code, make(team, cars).json()["error"]["code"]) == (409, "name_taken")
    assert make(team, cars, "foreign", name="b").status_code == 404 and make(team, cars, "viewer", name="b").status_code == 403


def test_the_address_of_notices_is_shown_without_what_may_be_a_password(team: Team, cars: Pipeline) -> None:
    made = make(team, cars, webhook="https://93.184.216.34/services/token?a=token").json()
    place = f"{LIST}{made['id']}/"
    assert made["webhook"] == "https://93.184.216.34/…" and set(made["secrets"]) == {"webhook"}
    assert "token" not in team.client("viewer").get(place).content.decode()
    again = team.client("editor").patch(place, {"name": "B", "webhook": made["webhook"]}, format="json").json()
    assert again["name"] == "B" and again["secrets"] == {}
    row = Schedule.objects.get()
    assert row.webhook == "https://93.184.216.34/…" and webhook_of(row)[1] == "https://93.184.216.34/services/token?a=token"
    same = team.client("editor").patch(place, {"webhook": "https://93.184.216.34/services/token?a=token"}, format="json").json()
    assert same["secrets"] == {}


def test_only_admins_choose_another_person(team: Team, cars: Pipeline) -> None:
    admin = team.people["admin"].pk
    assert make(team, cars, run_as=admin).json()["error"]["code"] == "role_too_low"
    assert make(team, cars, "owner", run_as=admin).json()["run_as_name"] == "Admin"
    assert make(team, cars, "owner", name="b", run_as=team.people["viewer"].pk).json()["error"]["code"] == "no_such_person"


def test_the_next_times_are_shown_before_saving(team: Team) -> None:
    shown = team.client("foreign").get(f"{LIST}times/", {"times": '{"rule": {"kind": "every", "minutes": 5}, "zone": "UTC"}'}).json()
    assert shown["words"] == "Every 5 minutes, in the time zone UTC" and len(shown["next"]) == 10
    for wrong in ("", "{", "[]", "[" * 5000, '{"rule": {"kind": "cron", "line": "x"}, "zone": "UTC"}'):
        refused = team.client("viewer").get(f"{LIST}times/", {"times": wrong})
        assert refused.status_code in (400, 422) and refused.json()["error"]["remedy"], wrong


def test_pause_resume_run_now_backfill_and_history(team: Team, cars: Pipeline) -> None:
    client = team.client("editor")
    one = f"{LIST}{make(team, cars).json()['id']}/"
    paused = client.post(f"{one}pause/", {"note": "holidays"}, format="json").json()
    assert (paused["pause"]["by"], paused["pause"]["note"], paused["next_at"]) == ("Editor", "holidays", None)
    past = client.post(f"{one}pause/", {"until": "2020-01-01T00:00:00Z"}, format="json")
    assert past.status_code == 422 and past.json()["error"]["field"] == "until"
    assert client.post(f"{one}resume/", {}, format="json").json()["pause"] is None
    assert client.post(f"{one}run/", {}, format="json").json()["outcome"] == "waiting"
    span = {"start": "2026-01-01T00:00:00Z", "end": "2026-01-05T00:00:00Z"}
    assert client.post(f"{one}backfill/", {**span, "dry": True}, format="json").json()["count"] == 4
    assert client.post(f"{one}backfill/", span, format="json").json()["count"] == 4
    assert (
        client.post(f"{one}backfill/", {**span, "start": "2020-01-01T00:00:00Z"}, format="json").json()["error"]["code"] == "too_many_times"
    )
    assert client.delete(f"{one}backfill/").json() == {"count": 5}
    Tick.objects.bulk_create(
        Tick(
            schedule_id=one.split("/")[3],
            origin="now",
            planned=tick.planned,
            due=tick.due,
            made_at=tick.due,
            outcome="missed",
            overlap="skip",
        )
        for tick in list(Tick.objects.all()) * 11
    )
    page = client.get(f"{one}ticks/").json()
    rest = client.get(f"{one}ticks/", {"before": page["before"]}).json()
    assert (len(page["ticks"]), len(rest["ticks"]), rest["before"]) == (50, 10, None)
    assert {each["outcome"] for each in client.get(f"{one}ticks/", {"outcome": "skipped"}).json()["ticks"]} == {"skipped"}
    assert client.get(f"{one}ticks/", {"outcome": "skippd"}).json()["error"]["field"] == "outcome"
    assert client.get(one).json()["counts"] == {"started": 0, "skipped": 5, "missed": 55, "late": 0, "failed": 0, "waiting": 0}


def test_another_version_is_pinned_and_the_newest_is_followed(team: Team, cars: Pipeline) -> None:
    one, two = (
        team.client("editor").post(f"/api/pipelines/{cars.pk}/versions/", {"name": name}, format="json").json()["id"] for name in "ab"
    )
    made = make(team, cars, graph="version", version=one).json()
    address = f"{LIST}{made['id']}/"
    assert (made["graph"], made["version"], made["notes"]) == ("version", one, [])
    changed = team.client("editor").patch(address, {"version": two}, format="json").json()
    assert (changed["graph"], changed["version"]) == ("version", two)
    followed = team.client("editor").patch(address, {"graph": "latest"}, format="json").json()
    assert (followed["graph"], followed["version"]) == ("latest", None)
