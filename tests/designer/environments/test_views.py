"""The API of environments."""

from __future__ import annotations

from typing import Any

import pytest
from celery import current_app

from designer.documents.models import Pipeline
from pipelines.models import Build, Environment
from pipelines.runtime import environments
from tests.designer.conftest import Team


@pytest.fixture(autouse=True)
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The builds that a worker was woken for."""
    sent: list[str] = []
    monkeypatch.setattr(current_app, "send_task", lambda task, arguments, **_: sent.append(arguments[0]))
    return sent


def make(team: Team, name: str = "geo", requirements: str = "Shapely==2.1.2\n", who: str = "editor") -> Any:
    return team.client(who).post("/api/environments/", {"name": name, "requirements": requirements}, format="json")


def test_an_environment_is_made_and_its_build_is_asked_for(team: Team, rung: list[str]) -> None:
    made = make(team, requirements="# maps\nShapely == 2.1.2\n\nPyproj>=3 # newest\n").json()
    assert (made["name"], made["requirements"], made["state"]) == ("geo", ["pyproj>=3", "shapely==2.1.2"], "waiting")
    assert len(rung) == 1
    assert team.client("viewer").get("/api/environments/").json() == [made]
    assert team.client("viewer").get(f"/api/environments/{made['id']}/").json() == made
    assert team.client("foreign").get("/api/environments/").json() == []


def test_two_with_the_same_content_share_a_build(team: Team, rung: list[str]) -> None:
    assert make(team).status_code == make(team, "maps", "shapely==2.1.2").status_code == 201
    assert (len(rung), Build.objects.count()) == (1, 2)


def test_a_name_is_given_once(team: Team) -> None:
    make(team)
    again = make(team)
    assert (again.status_code, again.json()["error"]["code"], again.json()["error"]["field"]) == (409, "name_taken", "name")


@pytest.mark.parametrize("name", ["", "Geo", "../x", "a b", "x" * 61])
def test_a_bad_name_is_refused(team: Team, name: str) -> None:
    refused = make(team, name)
    assert (refused.status_code, refused.json()["error"]["field"]) == (400, "name")


@pytest.mark.parametrize(
    "line",
    [
        "-r /etc/passwd",
        "--index-url http://evil.example",
        "--extra-index-url=http://evil.example",
        "-e .",
        "./package.whl",
        "/package.whl",
        "git+https://evil.example/x",
        "x @ file:///etc/passwd",
        "x @ https://evil.example/x.whl",
        "x; import os",
        "a\\\nb",
        "x==1 --hash=sha256:0",
        "\n".join(f"p{number}" for number in range(101)),
    ],
)
def test_what_is_no_list_of_packages_is_refused(team: Team, rung: list[str], line: str) -> None:
    refused = make(team, requirements=f"shapely\n{line}")
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "bad_requirements")
    assert (rung, Environment.objects.count()) == ([], 0)


def test_a_failed_build_says_why_and_can_be_asked_for_again(team: Team, rung: list[str]) -> None:
    made = make(team).json()
    Build.objects.update(state="failed", why="No matching distribution found for shapely==2.1.2", log="…")
    shown = team.client("viewer").get(f"/api/environments/{made['id']}/").json()
    assert (shown["state"], shown["why"]) == ("failed", "No matching distribution found for shapely==2.1.2")
    again = team.client("editor").post(f"/api/environments/{made['id']}/build/")
    assert (again.status_code, again.json()["state"], again.json()["why"], len(rung)) == (202, "waiting", None, 2)


@pytest.mark.parametrize(
    ("sandbox", "docker", "state", "why"),
    [
        ("waiting", "waiting", "waiting", None),
        ("building", "waiting", "building", None),
        ("built", "building", "building", None),
        ("built", "failed", "built", None),
        ("failed", "built", "built", None),
        ("failed", "failed", "failed", "because of sandbox"),
    ],
)
def test_what_was_built_is_told_for_each_target(team: Team, sandbox: str, docker: str, state: str, why: str | None) -> None:
    made = make(team).json()
    said = {"sandbox": sandbox, "docker": docker}
    for target, its in said.items():
        words = f"because of {target}" if its == "failed" else ""
        Build.objects.filter(digest=environments.digest_of(made["requirements"], target)).update(state=its, why=words)
    shown = team.client("viewer").get(f"/api/environments/{made['id']}/").json()
    assert (shown["state"], shown["why"]) == (state, why)
    assert [(build["target"], build["state"]) for build in shown["builds"]] == list(said.items())
    assert [build["why"] for build in shown["builds"]] == [f"because of {name}" if its == "failed" else None for name, its in said.items()]


def test_one_that_was_built_as_an_image_alone_says_so(team: Team) -> None:
    made = make(team).json()
    Build.objects.filter(digest=environments.digest_of(made["requirements"], "sandbox")).delete()
    Build.objects.update(state="built")
    shown = team.client("viewer").get(f"/api/environments/{made['id']}/").json()
    assert (shown["state"], [build["state"] for build in shown["builds"]]) == ("built", ["none", "built"])


def test_the_log_is_read_from_where_one_is(team: Team) -> None:
    made = make(team).json()
    Build.objects.update(state="building")
    Build.objects.filter(digest=environments.digest_of(made["requirements"], "sandbox")).update(log="one\n")
    Build.objects.filter(digest=environments.digest_of(made["requirements"], "docker")).update(log="two\n")
    client = team.client("viewer")
    assert client.get(f"/api/environments/{made['id']}/log/").json() == {"text": "one\ntwo\n", "next": 8, "state": "building"}
    assert client.get(f"/api/environments/{made['id']}/log/?after=4").json()["text"] == "two\n"
    assert client.get(f"/api/environments/{made['id']}/log/?after=900").json()["text"] == ""
    assert client.get(f"/api/environments/{made['id']}/log/?after=-1").status_code == 400


def test_an_environment_is_deleted(team: Team) -> None:
    made = make(team).json()
    assert team.client("editor").delete(f"/api/environments/{made['id']}/").status_code == 204
    assert team.client("editor").get(f"/api/environments/{made['id']}/").status_code == 404


def test_a_run_is_refused_until_the_environment_is_built(team: Team, pipeline: Pipeline) -> None:
    client = team.client("editor")
    node = {"module": "data.enter_data", "params": {"text": "x\n1"}, "execution": {"target": "docker", "environment": "geo"}}
    address = f"/api/pipelines/{pipeline.pk}"
    revision = client.get(f"{address}/").json()["revision"]
    drawn = client.put(f"{address}/graph/", {"nodes": {"a": node}}, format="json", headers={"If-Match": f'"{revision}"'})
    assert drawn.status_code == 200, drawn.content
    refused = client.post(f"{address}/runs/", {}, format="json")
    assert (refused.status_code, refused.json()["error"]["code"], refused.json()["error"]["node"]) == (422, "unknown_environment", "a")
    make(team)
    waiting = client.post(f"{address}/runs/", {}, format="json").json()["error"]
    assert (waiting["code"], waiting["words"]) == ("environment_not_built", "The environment “geo” for containers is still being built.")
    Build.objects.update(state="built")
    assert client.post(f"{address}/runs/", {}, format="json").status_code == 201
