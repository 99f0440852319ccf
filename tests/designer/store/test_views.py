"""What a store holds, its quota, and cleaning it, as a browser does."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework.test import APIClient

from designer.datasets.models import Dataset
from designer.documents import services
from designer.documents.models import Pipeline
from designer.store import services as store
from designer.store.tasks import clean_all
from pipelines import flow
from pipelines.models import Holding, Result, Run
from tests.designer.conftest import Team
from tests.support.ledger_driver import run_to_end

MB = 1024**2
GRAPH = {"nodes": {"a": {"module": "data.enter_data", "params": {"text": "x\n1"}}}}


@pytest.fixture
def drawn(team: Team) -> Pipeline:
    return services.make(team.workspace, team.people["editor"], "Cars", document=services.sound_document(GRAPH))


@pytest.fixture
def admin(team: Team) -> APIClient:
    return team.client("admin")


def address(team: Team, what: str) -> str:
    return f"/api/workspaces/{team.workspace.pk}/{what}/"


def allow(team: Team, **limits: int) -> None:
    team.workspace.limits = limits
    team.workspace.save()


def upload(client: APIClient, team: Team, content: bytes = b"a,b\n1,2\n", to: str = "/api/datasets/") -> Any:
    return client.post(to, {"file": SimpleUploadedFile("cars.csv", content), "workspace": team.workspace.pk}, format="multipart")


def fill(team: Team, bytes: int) -> None:
    Holding.objects.update_or_create(scope=team.workspace.pk, defaults={"of_runs": bytes, "of_datasets": 0, "measured_at": timezone.now()})


def run(pipeline: Pipeline, client: APIClient) -> Run:
    answer = client.post(f"/api/pipelines/{pipeline.pk}/runs/", {}, format="json")
    assert answer.status_code == 201, answer.content
    return run_to_end(Run.objects.get(pk=answer.json()["id"]))


def test_a_store_tells_what_it_holds(team: Team, admin: APIClient, drawn: Pipeline) -> None:
    assert admin.get(address(team, "store")).json()["used"] == 0
    made = run(drawn, admin)
    assert upload(admin, team).status_code == 201
    told = admin.get(address(team, "store")).json()
    assert told["of_runs"] == flow.output(made, "a", "table").bytes  # type: ignore[union-attr]
    assert told["of_datasets"] == Dataset.objects.get().versions.get().bytes
    assert (told["used"], told["quota"]) == (told["of_runs"] + told["of_datasets"], None)


def test_a_start_beyond_the_quota_is_refused_in_words(team: Team, admin: APIClient, drawn: Pipeline) -> None:
    allow(team, store_bytes=10 * MB)
    made = run(drawn, admin)
    fill(team, 11 * MB)
    for to in (f"/api/pipelines/{drawn.pk}/runs/", f"/api/runs/{made.pk}/again/"):
        answer = admin.post(to, {}, format="json")
        error = answer.json()["error"]
        assert (answer.status_code, error["code"]) == (409, "store_full")
        assert error["words"] == "This workspace uses 11 MB of its 10 MB of storage, so nothing can be run."
        assert "clean" in error["remedy"] and "Delete unused datasets" in error["remedy"]
    assert Run.objects.count() == 1


def test_an_upload_beyond_the_quota_is_refused(team: Team, admin: APIClient) -> None:
    allow(team, store_bytes=10 * MB)
    assert upload(admin, team).status_code == 201
    fill(team, 10 * MB - 3)
    error = upload(admin, team).json()["error"]
    assert error["code"] == "store_full" and "do not fit" in error["words"]
    version = upload(admin, team, to=f"/api/datasets/{Dataset.objects.get().pk}/versions/")
    assert version.json()["error"]["code"] == "store_full"


def test_a_store_is_looked_through_before_it_is_called_full(team: Team, admin: APIClient, drawn: Pipeline) -> None:
    allow(team, store_bytes=10 * MB)
    fill(team, 11 * MB)
    Holding.objects.update(measured_at=timezone.now() - timedelta(hours=1))
    assert run(drawn, admin).state == "done"


def test_cleaning_tells_first_and_does_then(team: Team, admin: APIClient, drawn: Pipeline) -> None:
    allow(team, retention_days=30)
    old = run(drawn, admin)
    past = timezone.now() - timedelta(days=31)
    Run.objects.filter(pk=old.pk).update(finished_at=past, created_at=past, document=None)
    Result.objects.update(created_at=past)
    told = admin.post(address(team, "clean"), {"dry_run": True}, format="json").json()
    assert (told["dry_run"], told["runs"], told["results"], told["later_files"]) == (True, 1, 1, 1)
    assert Run.objects.count() == 1
    assert admin.post(address(team, "clean"), {}, format="json").json() == {**told, "dry_run": False}
    assert Run.objects.count() == Result.objects.count() == 0


def test_a_deleted_dataset_frees_its_bytes_and_others_stay(team: Team, admin: APIClient) -> None:
    gone, kept = (upload(admin, team, content).json() for content in (b"a\n1\n", b"a\n2\n"))
    digests = [Dataset.objects.get(pk=made["id"]).versions.get().digest for made in (gone, kept)]
    store.clean(team.workspace, grace=0)
    assert all(flow.store(team.workspace.pk).has(digest) for digest in digests)
    assert admin.delete(f"/api/datasets/{gone['id']}/").status_code == 204
    time.sleep(0.01)
    assert store.clean(team.workspace, grace=0).files == 1
    assert [flow.store(team.workspace.pk).has(digest) for digest in digests] == [False, True]


def test_every_hour_every_workspace_is_cleaned_whatever_happens_to_one(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def clean(workspace: Any) -> Any:
        seen.append(workspace.name)
        if len(seen) == 1:
            raise OSError("the disk is gone")
        return flow.Collected()

    monkeypatch.setattr("designer.store.tasks.clean", clean)
    clean_all()
    assert sorted(seen) == ["Elsewhere", "Team"]
