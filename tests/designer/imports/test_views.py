"""The API of imports, and what their runs bring: a version where bytes changed, a sentence where columns changed, nothing where a run failed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from designer.datasets.models import Dataset, DatasetVersion
from designer.documents.models import Pipeline
from designer.imports import refreshing
from designer.imports.changes import changed_columns
from designer.imports.models import Import, Refresh
from designer.notices import services as notices
from designer.readers import PrivateHosts
from designer.schedules import scheduler
from designer.schedules.models import Event, Schedule, Tick
from pipelines.models import Connection, Run
from pipelines.runtime import outside
from pipelines.runtime.worker import reporter
from tests.designer.conftest import Team
from tests.support.ledger_driver import run_to_end
from tests.support.web import Site, site

LIST = "/api/imports/"
HOURLY = {"rule": {"kind": "every", "minutes": 60}, "zone": "UTC"}


@pytest.fixture(autouse=True)
def server(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(reporter, "FLUSH_SECONDS", 60.0)  # its thread would wait for the transaction of the test
    monkeypatch.setattr("pipelines.runtime.queue.send", lambda *_: True)
    settings.EASEL_PRIVATE_HOSTS = PrivateHosts(names=("127.0.0.1",))
    outside._allowed.cache_clear()
    with site() as found:
        found.pages["/prices.csv"] = (200, {}, b"make,price\naudi,1\n")
        yield found
    outside._allowed.cache_clear()


def make(team: Team, server: Site, who: str = "editor", **more: Any) -> Any:
    body = {
        "title": "Prices",
        "settings": {"source": "url", "url": f"{server.url}/prices.csv?key=k1"},
        "workspace": team.workspace.pk,
        **more,
    }
    return team.client(who).post(LIST, body, format="json")


def bring() -> None:
    """Do the runs that wait, and look at what they brought, twice."""
    for run in Run.objects.filter(state="waiting").order_by("created_at"):
        run_to_end(run)
    for _ in range(2):
        refreshing.collect(timezone.now())


def refresh(team: Team, made: Any) -> Any:
    answer = team.client("editor").post(f"{LIST}{made['id']}/refresh/")
    assert answer.status_code == 201, answer.content
    bring()
    return team.client("viewer").get(f"{LIST}{made['id']}/").json()


def test_an_import_makes_a_dataset_with_its_first_run(team: Team, server: Site) -> None:
    made = make(team, server)
    assert made.status_code == 201, made.content
    found = made.json()
    assert (found["dataset"], found["when"], found["refreshes"]) == (None, "", []) and found["running"]
    assert found["source"] == "127.0.0.1/prices.csv", "the query may be a key"
    bring()
    found = team.client("viewer").get(LIST).json()[0]
    (last,) = found["refreshes"]
    assert (last["outcome"], last["version"], last["words"]) == ("new", 1, "Version 1 has 1 row.") and found["running"] is None
    dataset = team.client("viewer").get(f"/api/datasets/{found['dataset']}/").json()
    assert (dataset["name"], dataset["title"], dataset["rows"], dataset["source"]) == ("prices", "Prices", 1, "127.0.0.1/prices.csv")
    rows = team.client("viewer").get(f"/api/datasets/{found['dataset']}/rows/").json()
    assert "audi" in str(rows) and Refresh.objects.count() == 1
    assert team.client("viewer").get(LIST, {"dataset": found["dataset"]}).json() == [found]


def test_the_same_bytes_make_no_version_and_no_event(team: Team, server: Site, pipeline: Pipeline) -> None:
    made = make(team, server).json()
    bring()
    dataset = Dataset.objects.get(title="Prices")
    body = {"name": "b", "pipeline": pipeline.pk, "graph": "draft", "watch": {"sources": [{"kind": "dataset", "id": dataset.pk}]}}
    assert team.client("editor").post("/api/triggers/", body, format="json").status_code == 201
    for _ in range(3):
        assert refresh(team, made)["refreshes"][0]["outcome"] == "same"
    assert (DatasetVersion.objects.filter(dataset=dataset).count(), Event.objects.count()) == (1, 0)
    server.pages["/prices.csv"] = (200, {}, b"make,price\naudi,1\nbmw,2\n")
    assert refresh(team, made)["refreshes"][0]["words"] == "Version 2 has 2 rows."
    assert (DatasetVersion.objects.filter(dataset=dataset).count(), Event.objects.count()) == (2, 1)


def test_changed_columns_are_said_where_the_version_is_shown(team: Team, server: Site) -> None:
    made = make(team, server).json()
    bring()
    server.pages["/prices.csv"] = (200, {}, b"price,make,year\ncheap,audi,1985\n")
    (last, _) = refresh(team, made)["refreshes"]
    words = "1 new column: “year”. 1 column has another type: “price” was Int64, is String. The columns are in another order."
    assert last["words"] == f"Version 2 has 1 row. {words}"
    notes = team.client("viewer").get(f"/api/datasets/{Import.objects.get().dataset_id}/").json()["versions"][0]["notes"]
    assert notes[0] == "Compared with version 1: 1 new column: “year”." and len(notes) == 3


def test_columns_that_are_gone_are_named() -> None:
    def columns(**types: str) -> list[dict[str, str]]:
        return [{"name": name, "dtype": dtype} for name, dtype in types.items()]

    assert changed_columns(columns(a="Int64"), columns(a="Int64")) == []
    many = {f"c{number}": "Int64" for number in range(9)}
    assert changed_columns(columns(a="Int64", **many), columns(a="Int64")) == [
        "9 columns are gone: “c0”, “c1”, “c2”, “c3”, “c4” and 4 more."
    ]
    (words,) = changed_columns(columns(**many), columns(**dict.fromkeys(many, "String")))
    assert words.startswith("9 columns have another type: “c0” was Int64, is String;") and words.endswith("; 4 more.")


def test_a_failure_keeps_the_version_and_says_why(team: Team, server: Site) -> None:
    made = make(team, server).json()
    bring()
    server.pages["/prices.csv"] = (404, {}, b"")
    found = refresh(team, made)
    assert found["refreshes"][0]["outcome"] == "failed" and "status 404" in found["refreshes"][0]["words"]
    assert DatasetVersion.objects.count() == 1
    server.pages["/prices.csv"] = (200, {}, b"make,price\naudi,3\n")
    assert refresh(team, made)["refreshes"][0]["version"] == 2


def test_a_first_run_that_fails_leaves_an_import_that_can_be_refreshed(team: Team, server: Site) -> None:
    page, server.pages["/prices.csv"] = server.pages["/prices.csv"], (500, {}, b"")
    made = make(team, server).json()
    bring()
    assert not Dataset.objects.filter(workspace=team.workspace).exists()
    server.pages["/prices.csv"] = page
    assert refresh(team, made)["dataset"]


def test_a_planned_time_makes_one_refresh_and_a_failure_a_notice(team: Team, server: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make(team, server, times=HOURLY).json()
    assert made["when"] == "Every hour, UTC" and made["next_at"] and Schedule.objects.get().name == "Refresh Prices"
    bring()
    server.pages["/prices.csv"] = (404, {}, b"")
    told: list[str] = []
    monkeypatch.setattr(notices, "add", lambda schedule, kind, *_: told.append(kind))
    later = timezone.now() + timedelta(minutes=61)
    for _ in range(3):
        scheduler.look(later)
    assert Tick.objects.filter(outcome="started").count() == 1 and Run.objects.count() == 2
    bring()
    scheduler.look(later)
    assert told.count("failed") == 1 and Refresh.objects.count() == 2 and DatasetVersion.objects.count() == 1


def test_when_it_is_refreshed_can_be_changed_and_ended(team: Team, server: Site) -> None:
    made = make(team, server).json()
    place = f"{LIST}{made['id']}/"
    client = team.client("editor")
    assert client.patch(place, {"times": HOURLY}, format="json").json()["when"] == "Every hour, UTC"
    daily = {"rule": {"kind": "calendar", "times": ["06:00"]}, "zone": "Europe/Paris"}
    assert "06:00" in client.patch(place, {"times": daily}, format="json").json()["when"] and Schedule.objects.count() == 1
    refused = client.patch(place, {"times": {"rule": {"kind": "cron", "line": "0 0 31 2 *"}, "zone": "UTC"}}, format="json")
    assert refused.status_code == 422 and client.patch(place, {}, format="json").status_code == 400
    assert client.patch(place, {"times": None}, format="json").json()["when"] == "" and not Schedule.objects.exists()
    client.patch(place, {"times": HOURLY}, format="json")
    bring()
    assert client.delete(place).status_code == 204
    assert not Schedule.objects.exists() and Dataset.objects.filter(title="Prices").exists() and Pipeline.objects.exists()


def test_a_dataset_that_was_uploaded_gets_a_source(team: Team, server: Site) -> None:
    dataset = Dataset.objects.create(workspace=team.workspace, name="cars", title="Cars")
    DatasetVersion.objects.create(
        dataset=dataset, number=1, digest="0" * 64, bytes=0, rows=0, columns=[{"name": "make", "dtype": "String"}]
    )
    made = make(team, server, dataset=dataset.pk, title="", times=HOURLY).json()
    assert (made["title"], made["dataset"]) == ("Cars", dataset.pk)
    bring()
    newest = dataset.versions.get(number=2)
    assert newest.notes == ["Compared with version 1: 1 new column: “price”."] and newest.created_by == team.people["editor"]
    assert make(team, server, dataset=dataset.pk).json()["error"]["code"] == "has_source"
    assert make(team, server, dataset="0" * 32).json()["error"]["code"] == "no_such_dataset"
    team.client("editor").delete(f"/api/datasets/{dataset.pk}/")
    assert not Import.objects.exists() and not Schedule.objects.exists() and Pipeline.objects.exists()


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"source": "database", "database": "gone", "table": "t"}, "unknown_connection", "database"),
        ({"source": "files", "storage": "files"}, "missing_setting", "path"),
        ({"source": "url"}, "missing_setting", "url"),
        ({"source": "moon"}, "bad_setting", "source"),
        ({"url": "https://ann:word@example.org/a.csv"}, "secret_in_url", "url"),
        ({"url": "prices.csv"}, "bad_url", "url"),
        ({"url": "http://169.254.169.254/latest"}, "address_not_allowed", "url"),
        ({"url": "https://example.org/a", "colour": 1}, "unknown_setting", "colour"),
        ({"url": "https://example.org/a", "most_rows": 0}, "bad_setting", "most_rows"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_setting(team: Team, server: Site, given: Any, code: str, field: str) -> None:
    Connection.objects.create(scope=team.workspace.pk, name="files", kind="folder", address="/nowhere")
    refused = make(team, server, settings=given)
    assert refused.status_code == 422, refused.content
    error = refused.json()["error"]
    assert (error["code"], error["field"]) == (code, field) and error["remedy"]
    assert not Import.objects.exists() and not Pipeline.objects.exists() and not Run.objects.exists()
    assert make(team, server, title=" ").status_code == 400


def test_two_refreshes_at_once_are_one(team: Team, server: Site) -> None:
    made = make(team, server).json()
    again = team.client("editor").post(f"{LIST}{made['id']}/refresh/")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "still_going")


def test_a_pipeline_that_lost_its_step_says_so(team: Team, server: Site) -> None:
    made = make(team, server).json()
    bring()
    client, place = team.client("editor"), f"/api/pipelines/{made['pipeline']}/"
    graph = {"format": 1, "name": "Other", "nodes": {"a": {"module": "data.enter_data", "params": {"text": "x\n1"}}}, "edges": []}
    revision = client.get(place).json()["revision"]
    assert client.put(f"{place}graph/", graph, format="json", headers={"If-Match": f'"{revision}"'}).status_code == 200
    assert "no step “import”" in refresh(team, made)["refreshes"][0]["words"]


def test_a_trigger_that_would_start_its_own_import_is_refused(team: Team, server: Site, pipeline: Pipeline) -> None:
    made = make(team, server).json()
    bring()
    watch = {"sources": [{"kind": "dataset", "id": Import.objects.get().dataset_id}]}
    body = {"name": "b", "pipeline": made["pipeline"], "graph": "draft", "watch": watch}
    assert team.client("editor").post("/api/triggers/", body, format="json").json()["error"]["code"] == "trigger_loop"
    body["pipeline"] = pipeline.pk
    assert team.client("editor").post("/api/triggers/", body, format="json").status_code == 201
    body |= {"name": "c", "pipeline": made["pipeline"], "watch": {"sources": [{"kind": "pipeline", "id": pipeline.pk}]}}
    assert team.client("editor").post("/api/triggers/", body, format="json").json()["error"]["code"] == "trigger_loop"
