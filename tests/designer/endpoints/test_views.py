"""The API of endpoints: publishing, moving shares, keys, history."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from designer.audit.models import AuditEntry
from designer.endpoints import publishing, services, tasks, testing
from designer.endpoints.models import Endpoint, EndpointCount, EndpointKey, EndpointVersion, ServingProcess, ServingRevision
from designer.endpoints.queries import bundles_of
from designer.endpoints.serving.counting import BOUNDS
from designer.store.services import clean
from designer.workspaces import client_keys
from designer.workspaces.people import make_workspace
from pipelines.models import Run
from tests.designer.conftest import Team
from tests.designer.endpoints.conftest import make_run

Prove = Callable[[], None]


def call(team: Team, method: str, path: str, body: Any = None, who: str = "owner") -> Any:
    return getattr(team.client(who), method)(f"/api/endpoints/{path}", body, format="json")


def make(team: Team, run: Run, body: dict[str, Any] | None = None) -> Any:
    return call(team, "post", "", {"name": "cars", "run": run.pk, "workspace": team.workspace.pk, **(body or {})})


@pytest.fixture
def cars(team: Team, done_run: Run, proven: Prove) -> str:
    """The id of an endpoint whose first version serves."""
    id = str(make(team, done_run).json()["id"])
    proven()
    return id


def second(team: Team, cars: str, done_run: Run, proven: Prove, **more: Any) -> Any:
    answer = call(team, "post", f"{cars}/versions/", {"run": done_run.pk, **more})
    proven()
    return answer


def revision() -> int:
    return ServingRevision.objects.get(pk=1).number


def test_a_first_version_is_built_proven_and_takes_all_requests(team: Team, done_run: Run, proven: Prove, _no_broker: list[str]) -> None:
    made = make(team, done_run, {"description": "Prices"})
    assert (made.status_code, made.json()["state"], made.json()["shares"]) == (201, "building", {})
    assert _no_broker == [EndpointVersion.objects.get().pk]
    proven()
    seen = call(team, "get", f"{made.json()['id']}/", who="viewer").json()
    (version,) = seen["listed"]
    assert (seen["shares"], version["state"], version["share"], version["parity"]["proven"]) == ({"1": 100}, "serving", 100, True)
    assert seen["address"].endswith(f"/serve/{team.workspace.pk}/cars") and version["example"] == {"a": 1.5, "make": "bmw"}
    listed = call(team, "get", "", who="viewer").json()
    assert [(one["name"], one["state"], one["versions"]) for one in listed] == [("cars", "serving", 1)]
    assert call(team, "get", "", who="foreign").json() == []


def test_without_a_workspace_an_endpoint_is_made_in_that_of_its_run(team: Team) -> None:
    other = make_workspace("Another", team.people["owner"])
    run = make_run(team, scope=other.pk)
    made = call(team, "post", "", {"name": "there", "run": run.pk})
    assert (made.status_code, made.json()["workspace"]) == (201, other.pk)
    wrong = call(team, "post", "", {"name": "here", "run": run.pk, "workspace": team.workspace.pk})
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (422, "unknown_run")
    assert call(team, "post", "", {"name": "none", "run": run.pk}, "editor").status_code == 404  # of a workspace that is not the editor's


def test_nothing_is_published_without_a_proof(team: Team, done_run: Run, proven: Prove, monkeypatch: pytest.MonkeyPatch) -> None:
    def differs(*_: object) -> Any:
        raise publishing.CannotPublish("Row 3 differs.", {"proven": False})

    monkeypatch.setattr(publishing, "prove", differs)
    made = make(team, done_run).json()
    proven()
    seen = call(team, "get", f"{made['id']}/").json()
    assert (seen["shares"], seen["listed"][0]["state"], seen["listed"][0]["reason"]) == ({}, "failed", "Row 3 differs.")
    moved = call(team, "put", f"{made['id']}/alias/", {"shares": {"1": 100}})
    assert (moved.status_code, moved.json()["error"]["code"]) == (422, "wrong_shares")


def test_a_version_whose_worker_was_lost_is_built_by_another_and_fails_after_three(team: Team, done_run: Run, proven: Prove) -> None:
    make(team, done_run)
    lost = EndpointVersion.objects.filter(pk=EndpointVersion.objects.get().pk)
    lost.update(attempt=1, lease_until=timezone.now() + timedelta(seconds=20), state="proving")
    proven()
    assert lost.get().state == "proving"  # its lease holds
    lost.update(lease_until=timezone.now() - timedelta(seconds=1))
    proven()
    assert lost.get().state == "ready"
    lost.update(state="building", attempt=tasks.MOST_ATTEMPTS, lease_until=timezone.now() - timedelta(seconds=1))
    proven()
    assert lost.get().state == "failed" and "memory" in lost.get().reason


def test_who_lost_the_lease_changes_nothing(team: Team, done_run: Run, proven: Prove, monkeypatch: pytest.MonkeyPatch) -> None:
    make(team, done_run)

    def taken_over(version: EndpointVersion, _: object) -> dict[str, object]:
        EndpointVersion.objects.filter(pk=version.pk).update(attempt=9)
        return {}

    monkeypatch.setattr(publishing, "prove", taken_over)
    proven()
    assert EndpointVersion.objects.get().state == "proving" and Endpoint.objects.get().shares == {}


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        ({"name": "Cars"}, 400, "bad_request", "name"),
        ({"name": "-cars"}, 400, "bad_request", "name"),
        ({"run": "0" * 32}, 422, "unknown_run", "run"),
        ({"limits": {"rows": 0}}, 422, "wrong_limit", "limits"),
        ({"limits": {"row": 5}}, 422, "unknown_limit", "limits"),
        ({"limits": {"rows": "many"}}, 422, "wrong_limit", "limits"),
    ],
)
def test_what_cannot_be_published_is_refused(
    team: Team, done_run: Run, body: dict[str, Any], status: int, code: str, field: str | None
) -> None:
    refused = make(team, done_run, body)
    assert (refused.status_code, refused.json()["error"]["code"], refused.json()["error"].get("field")) == (status, code, field)
    assert not Endpoint.objects.exists()


def test_a_run_that_is_not_done_or_of_another_workspace_is_refused(team: Team) -> None:
    assert make(team, make_run(team, state="running")).json()["error"]["code"] == "run_not_done"
    assert make(team, make_run(team, scope="0" * 32)).json()["error"]["code"] == "unknown_run"


def test_a_name_is_given_once_and_there_are_bounds(team: Team, done_run: Run, cars: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert make(team, done_run).json()["error"]["code"] == "name_taken"
    for owner, bound, path, body, code in (
        (services, "MOST_ENDPOINTS", "", {"name": "b", "run": done_run.pk, "workspace": team.workspace.pk}, "too_many_endpoints"),
        (services, "MOST_VERSIONS", f"{cars}/versions/", {"run": done_run.pk}, "too_many_versions"),
        (client_keys, "MOST_KEYS", f"{cars}/keys/", {"name": "a"}, "too_many_keys"),
    ):
        monkeypatch.setattr(owner, bound, 0)
        refused = call(team, "post", path, body)
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, code)


def test_a_canary_takes_its_share_once_proven_and_rolling_back_is_one_call(team: Team, cars: str, done_run: Run, proven: Prove) -> None:
    before = revision()
    assert second(team, cars, done_run, proven, share=10, why="new data").json()["number"] == 2
    assert Endpoint.objects.get().shares == {"1": 90, "2": 10} and revision() > before
    seen = call(team, "get", f"{cars}/").json()
    assert [(version["number"], version["state"]) for version in seen["listed"]] == [(2, "serving"), (1, "serving")] and seen[
        "rollback"
    ] == 1
    back = call(team, "post", f"{cars}/rollback/", {"why": "worse"}).json()
    assert back["shares"] == {"1": 100} and {v["number"]: v["state"] for v in back["listed"]} == {1: "serving", 2: "draining"}
    moves = call(team, "get", f"{cars}/alias/").json()
    assert [(move["kind"], move["before"], move["after"], move["why"], move["by"]) for move in moves[:2]] == [
        ("rollback", {"1": 90, "2": 10}, {"1": 100}, "worse", "owner@example.org"),
        ("publish", {"1": 100}, {"1": 90, "2": 10}, "new data", "owner@example.org"),
    ]
    assert call(team, "post", f"{cars}/rollback/", {}).json()["error"]["code"] == "nothing_to_roll_back_to"


def test_shares_are_whole_and_sum_to_100_and_a_stale_move_is_a_conflict(team: Team, cars: str, done_run: Run, proven: Prove) -> None:
    second(team, cars, done_run, proven)
    seen = call(team, "get", f"{cars}/").json()
    assert seen["shares"] == {"1": 100}  # publishing alone moves nothing
    for shares in ({"1": 50}, {"1": 60, "2": 60}, {"1": 50, "3": 50}, {"1": 100, "x": 0}, {"1": 50.5, "2": 49.5}, {"1": 101, "2": -1}, {}):
        assert call(team, "put", f"{cars}/alias/", {"shares": shares}).status_code in (400, 422), shares
    moved = call(team, "put", f"{cars}/alias/", {"shares": {"2": 100, "1": 0}, "revision": seen["revision"]})
    assert moved.json()["shares"] == {"2": 100} and moved.json()["rollback"] == 1
    stale = call(team, "put", f"{cars}/alias/", {"shares": {"1": 100}, "revision": seen["revision"]})
    assert (stale.status_code, stale.json()["error"]["revision"]) == (409, seen["revision"] + 1)
    audited = AuditEntry.objects.filter(action="endpoint.move", outcome="allowed").get()
    assert (audited.subject, audited.details["shares"]) == (cars, "1: 0\u00a0%, 2: 100\u00a0%")


def test_a_version_that_serves_is_not_stopped_and_a_stopped_one_comes_back_with_a_roll_back(
    team: Team, cars: str, done_run: Run, proven: Prove
) -> None:
    second(team, cars, done_run, proven, share=100)
    assert call(team, "patch", f"{cars}/versions/2/", {"running": False}).json()["error"]["code"] == "version_serves"
    assert call(team, "patch", f"{cars}/versions/1/", {"running": False}).json()["state"] == "stopped"
    assert call(team, "put", f"{cars}/alias/", {"shares": {"1": 100}}).status_code == 422
    assert call(team, "post", f"{cars}/rollback/", {}).json()["shares"] == {"1": 100}
    assert EndpointVersion.objects.get(number=1).state == "ready"
    for number, status in ((9, 404), (1, 200)):
        assert call(team, "get", f"{cars}/versions/{number}/").status_code == status


def test_a_key_is_shown_once_and_only_its_hash_is_stored(team: Team, cars: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    made = call(team, "post", f"{cars}/keys/", {"name": "shop", "days": 30, "rate": 100})
    key, before = made.json()["key"], revision()
    assert made.status_code == 201 and re.fullmatch(r"ek_[\w-]{43}", key)
    listed = call(team, "get", f"{cars}/keys/", who="viewer").json()
    assert [(one["name"], one["start"], one["rate"]) for one in listed] == [("shop", key[:9], 100)] and "key" not in listed[0]
    stored = str(list(EndpointKey.objects.values())) + str(list(AuditEntry.objects.values())) + caplog.text
    assert key not in stored and key[9:] not in stored
    assert AuditEntry.objects.get(action="endpoint_key.make").details["endpoint"] == "cars"
    assert call(team, "delete", f"{cars}/keys/{'0' * 32}/").status_code == 404
    assert call(team, "delete", f"{cars}/keys/{listed[0]['id']}/").status_code == 204
    assert not EndpointKey.objects.exists() and revision() > before


def test_settings_are_changed_and_deleting_takes_all_along(team: Team, cars: str) -> None:
    changed = call(team, "patch", f"{cars}/", {"sticky_column": "make", "limits": {"rows": 5}}).json()
    assert (changed["sticky_column"], changed["limits"]["rows"], changed["limits"]["queue"]) == ("make", 5, 100)
    before = revision()
    assert call(team, "delete", f"{cars}/").status_code == 204
    assert not EndpointVersion.objects.exists() and revision() > before


def test_bundles_are_kept_from_garbage_collection(team: Team, cars: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert bundles_of(team.workspace) == {f"{1:064x}"}
    kept: list[Any] = []
    monkeypatch.setattr("designer.store.services.flow.collect_garbage", lambda scope, of_datasets, *_, **__: kept.append(of_datasets))
    clean(team.workspace)
    assert f"{1:064x}" in kept[0]


def test_counts_are_summed_over_processes_and_processes_say_what_they_could_not_load(team: Team, cars: str) -> None:
    minute = timezone.now().replace(second=0, microsecond=0)
    for process, codes in (("a", {"200": 8, "422": 2}), ("b", {"200": 5})):
        requests = sum(codes.values())
        buckets = [requests, *[0] * len(BOUNDS)]
        more = {"requests": requests, "rows": requests, "codes": codes, "buckets": buckets}
        EndpointCount.objects.create(endpoint_id=cars, process=process, version=1, minute=minute, **more)
    found = call(team, "get", f"{cars}/monitor/?minutes=5", who="viewer").json()
    assert [(one["version"], one["requests"], one["errors"], one["buckets"][0]) for one in found["minutes"]] == [(1, 15, 2, 15)]
    for wrong, field in (("monitor/?minutes=x", "minutes"), ("monitor/?minutes=99999", "minutes"), ("monitor/drift/?version=0", "version")):
        refused = call(team, "get", f"{cars}/{wrong}", who="viewer")
        assert (refused.status_code, refused.json()["error"]["field"]) == (400, field)
    now, version = timezone.now(), EndpointVersion.objects.get()
    ServingProcess.objects.create(id="p", name="one", started_at=now, seen_at=now, revision=revision(), failures={version.pk: "no room"})
    seen = call(team, "get", f"{cars}/").json()
    assert (seen["requests"], seen["errors"]) == (15, 2)
    assert [(one["name"], one["current"], one["failures"]) for one in seen["processes"]] == [("one", True, {"1": "no room"})]


def test_a_test_without_a_serving_process_says_what_to_do(team: Team, cars: str, settings: Any) -> None:
    settings.EASEL_SERVE_URL = "http://127.0.0.1:1"
    refused = call(team, "post", f"{cars}/test/", {"body": {"a": 1}})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "not_served") and "serve_endpoints" in refused.json()["error"][
        "remedy"
    ]
    assert testing.PATIENCE_SECONDS > 10
