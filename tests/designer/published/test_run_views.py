"""Starting runs at the address of a published pipeline: values, datasets and files, the same request again, keys, and results."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.utils import timezone
from rest_framework.test import APIClient

from designer.audit.models import AuditEntry
from designer.datasets import services as datasets
from designer.datasets.models import Dataset, DatasetVersion
from designer.documents.models import Pipeline
from designer.published import starting
from designer.published.models import PublishedKey, PublishedRun
from designer.published.saving import settle
from designer.schedules.scheduler import LOOKS
from designer.workspaces.models import Membership
from pipelines.models import Run
from tests.designer.conftest import Team
from tests.designer.published.conftest import numbers, publish, sent_file, table_file
from tests.support.ledger_driver import run_to_end


def start(team: Team, published: str, body: Any = None, who: str = "editor", **headers: str) -> Any:
    return team.client(who).post(f"/api/published/{published}/runs/", body or {}, format="json", headers=headers)


def client_with(key: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
    return client


def key_of(team: Team, published: str) -> str:
    made = team.client("admin").post(f"/api/published/{published}/keys/", {"name": "nightly"}, format="json")
    return str(made.json()["key"])


async def whole(answer: Any) -> bytes:
    return b"".join([piece async for piece in answer])


def finished(team: Team, answer: Any) -> Any:
    """The answer once the run has been executed and settled."""
    run_to_end(Run.objects.get(pk=answer.json()["id"]))
    settle(timezone.now())
    return team.client("editor").get(answer.json()["follow"]).json()


def test_one_post_starts_a_run_and_tells_where_its_results_are(team: Team, published: str) -> None:
    answer = start(team, published, {"parameters": {"share": 0.25}, "inputs": {"rows": {"dataset": "numbers", "version": 1}}})
    assert (
        answer.status_code == 202
        and answer["Location"] == answer.json()["follow"] == f"/api/published/{published}/runs/{answer.json()['id']}/"
    )
    assert answer.json()["parameters"]["share"] == {"value": 0.25, "source": "request"}
    by_preset = start(team, published, {"preset": "quarter"}).json()
    assert by_preset["parameters"]["share"] == {"value": 0.25, "source": "preset quarter"}
    assert {each["state"] for each in answer.json()["results"]} == {"waiting"}
    done = finished(team, answer)
    first, second = done["results"]
    assert (done["state"], done["saved"], done["steps_done"], done["steps"]) == ("done", True, 2, 2)
    assert (first["rows"], second["rows"], second["dataset"]) == (1, 3, None)
    assert first["dataset"] == {"id": Dataset.objects.get(name="first_rows").pk, "dataset": "first_rows", "version": 1}
    downloaded = team.client("viewer").get(first["address"] + "?as=csv")
    assert async_to_sync(whole)(downloaded).split() == [b"x", b"0"]
    assert team.client("viewer").get(done["run"]).json()["pipeline"]["name"] == "Halves"
    assert settle in LOOKS


def test_equal_results_are_no_new_version_and_others_are(team: Team, published: str) -> None:
    for share in (0.5, 0.5, 0.75):
        finished(team, start(team, published, {"parameters": {"share": share}}))
    assert [*DatasetVersion.objects.filter(dataset__name="first_rows").order_by("number").values_list("number", "rows")] == [(1, 2), (2, 3)]
    before = DatasetVersion.objects.count()
    settle(timezone.now())
    assert DatasetVersion.objects.count() == before


def test_a_run_has_the_default_version_unless_it_names_one(team: Team, pipeline: Pipeline, published: str) -> None:
    team.client("editor").post(f"/api/published/{published}/versions/", {"pipeline": pipeline.pk}, format="json")
    assert start(team, published).json()["version"] == 2 and start(team, published, {"version": 1}).json()["version"] == 1
    refused = start(team, published, {"version": 7})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "unknown_version")
    assert "the default, version 2" in refused.json()["error"]["remedy"]


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        ({"parameters": {"share": 7}}, "bad_parameter", "Share must be at most 1"),
        ({"parameters": {"part": 1}}, "unknown_parameter", "no parameter “part”"),
        ({"preset": "half"}, "unknown_preset", "its presets are: quarter"),
        ({"inputs": {"table": {"dataset": "numbers"}}}, "unknown_input", "no input “table”"),
        ({"inputs": {"rows": {"dataset": "letters"}}}, "unknown_dataset", "no dataset “letters”"),
        ({"inputs": {"rows": {"dataset": "numbers", "version": 5}}}, "unknown_dataset", "no version 5"),
        ({"input": {}}, "bad_request", "unknown key “input”"),
        ({"inputs": {"rows": "numbers"}}, "bad_request", ""),
        ([], "bad_json", ""),
    ],
)
def test_what_is_wrong_is_named_with_a_remedy_and_starts_nothing(team: Team, published: str, body: Any, code: str, said: str) -> None:
    refused = team.client("editor").post(f"/api/published/{published}/runs/", body, format="json")
    error = refused.json()["error"]
    assert refused.status_code in (400, 422) and error["code"] == code and said in error["words"], error
    assert not Run.objects.exists() and not PublishedRun.objects.exists()


def test_the_same_request_again_starts_no_second_run(team: Team, published: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = start(team, published, {"parameters": {"share": 0.25}}, **{"Idempotency-Key": "monday"})
    again = start(team, published, {"parameters": {"share": 0.25}}, **{"Idempotency-Key": "monday"})
    assert (again.status_code, again.json()["id"]) == (202, first.json()["id"])
    assert (first["Idempotency-Replayed"], again["Idempotency-Replayed"]) == ("false", "true")
    other = start(team, published, {"parameters": {"share": 0.5}}, **{"Idempotency-Key": "monday"})
    assert (other.status_code, other.json()["error"]["code"]) == (422, "idempotency_key_reused")
    assert first.json()["id"] in other.json()["error"]["words"]
    find, misses = starting._before, iter([None])  # the first look finds nothing, as when both requests arrive at once
    monkeypatch.setattr(starting, "_before", lambda *asked: next(misses, find(*asked)))
    assert start(team, published, {"parameters": {"share": 0.25}}, **{"Idempotency-Key": "monday"}).json()["id"] == first.json()["id"]
    assert Run.objects.count() == 1
    assert start(team, published, **{"Idempotency-Key": "x" * 300}).json()["error"]["code"] == "bad_idempotency_key"


def test_a_file_becomes_a_version_of_the_dataset_of_its_input(team: Team, published: str) -> None:
    address, client = f"/api/published/{published}/runs/", team.client("editor")
    sent = {"request": json.dumps({"parameters": {"share": 1}})}
    for count in (3, 5):
        answer = client.post(
            address, {**sent, "rows": sent_file(numbers(count))}, format="multipart", headers={"Idempotency-Key": str(count)}
        )
        assert answer.status_code == 202, answer.content
        assert finished(team, answer)["results"][0]["rows"] == count
    again = client.post(address, {**sent, "rows": sent_file(numbers(5))}, format="multipart", headers={"Idempotency-Key": "5"})
    assert again["Idempotency-Replayed"] == "true" and again.json()["inputs"] == {"rows": {"dataset": "halves_rows", "version": 2}}
    assert Dataset.objects.get(name="halves_rows").versions.count() == 2
    twice = {"request": json.dumps({"inputs": {"rows": {"dataset": "numbers"}}}), "rows": sent_file("x\n1\n")}
    for body, code in (
        (twice, "input_twice"),
        ({"table": sent_file("x\n1\n")}, "unknown_input"),
        ({"share": "0.5"}, "bad_request"),
        ({"request": "{"}, "bad_request"),
        ({"request": '{"parameters": {"share": NaN}}'}, "bad_request"),
        ({"request": '{"parameters": {"share": 1e999}}'}, "bad_request"),
        ({"request": '{"parameters": {"share": "\\u0000"}}'}, "bad_request"),
        ({"request": "[1]"}, "bad_request"),
        ({"rows": sent_file("")}, "no_rows"),
    ):
        refused = client.post(address, body, format="multipart")
        assert refused.status_code in (400, 422), refused.content
        assert refused.json()["error"]["code"] == code or code == "no_rows", refused.content


def test_a_key_starts_follows_and_downloads_and_opens_nothing_else(team: Team, pipeline: Pipeline, published: str) -> None:
    other = publish(team, pipeline, name="other").json()["id"]
    client = client_with(key_of(team, published))
    answer = client.post(f"/api/published/{published}/runs/", {}, format="json")
    assert answer.status_code == 202 and "(key nightly)" in answer.json()["by"]
    finished(team, answer)
    seen = client.get(answer.json()["follow"]).json()
    assert seen["state"] == "done" and client.get(seen["results"][0]["address"] + "?as=csv").status_code == 200
    for method, address, status in (
        ("post", f"/api/published/{other}/runs/", 404),
        ("get", f"/api/published/{other}/runs/", 404),
        ("get", f"/api/published/{'0' * 32}/runs/", 404),
        ("get", f"/api/published/{published}/", 401),
        ("get", "/api/published/", 401),
        ("get", seen["run"], 401),
        ("get", "/api/datasets/", 401),
        ("delete", f"/api/published/{published}/", 401),
    ):
        assert getattr(client, method)(address).status_code == status, address
    row = AuditEntry.objects.filter(action="published.run", outcome="allowed").get()
    assert (row.via, row.details["key"], row.user_name) == ("key", "nightly", "admin@example.org")


def test_a_key_ends_when_it_is_revoked_expires_or_its_person_leaves(team: Team, published: str) -> None:
    address = f"/api/published/{published}/runs/"
    client = client_with(key_of(team, published))
    PublishedKey.objects.update(expires_at=timezone.now())
    expired = client.get(address)
    assert (expired.status_code, expired.json()["error"]["code"]) == (401, "key_expired")
    PublishedKey.objects.update(expires_at=None)
    assert client.get(address).status_code == 200 and PublishedKey.objects.get().last_used_at is not None
    Membership.objects.filter(user=team.people["admin"]).update(role="viewer")
    assert client.post(address, {}, format="json").json()["error"]["code"] == "role_too_low"
    Membership.objects.filter(user=team.people["admin"]).delete()
    assert client.get(address).status_code == 404
    PublishedKey.objects.all().delete()
    assert client.get(address).status_code == 401


def test_a_run_is_cancelled_and_a_result_that_cannot_be_saved_says_why(team: Team, published: str) -> None:
    answer = start(team, published)
    assert team.client("editor").post(answer.json()["follow"] + "cancel/").status_code == 200
    over = finished(team, answer)
    assert (over["state"], over["saved"], {each["state"] for each in over["results"]}) == ("cancelled", True, {"absent"})
    datasets.upload(team.workspace, team.people["editor"], table_file("y\n1\n"), "first_rows")
    Dataset.objects.filter(name="first_rows").update(kind="model")
    kept = finished(team, start(team, published))
    assert kept["saved"] and "is the name of a trained model" in kept["problem"] and kept["results"][0]["dataset"] is None


def test_a_deleted_run_is_still_listed(team: Team, published: str) -> None:
    done = finished(team, start(team, published))
    Run.objects.all().delete()
    (listed,) = team.client("viewer").get(f"/api/published/{published}/runs/").json()
    assert listed["state"] == "deleted" and listed["results"][0]["dataset"] == done["results"][0]["dataset"]
    gone = team.client("viewer").get(done["results"][0]["address"] + "?as=csv")
    assert (gone.status_code, gone.json()["error"]["code"]) == (410, "run_deleted")
    assert team.client("viewer").get("/api/published/").json()[0]["last_run"] == "deleted"
