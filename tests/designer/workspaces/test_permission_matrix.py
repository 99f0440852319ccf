"""Every address, every method, every role: who gets through, by session and by token."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.test import APIClient

from designer.actions import AUDITED, LEAST, READS
from designer.config.routing import routes
from designer.site.urls import CANVAS
from designer.workspaces.endpoint import leaves_a_row
from designer.workspaces.permissions import ROLES, scope_of
from tests.designer.workspaces.world import Row, World, ask, row, world_of_file  # noqa: F401  a fixture

WHO = ("anonymous", "foreign", *ROLES)
STOPPED = {"signed_out", "not_found", "role_too_low", "no_workspace", "forbidden"}


def schedule_rows(noun: str, named: str) -> dict[str, Row]:
    """The addresses that schedules and triggers share."""
    one = f"api/{noun}/<str:{named}>/"
    return {
        one: row(get="schedule.see", patch="schedule.edit", delete="schedule.delete", bodies={"patch": {"name": "B"}}),
        one + "ticks/": row(get="schedule.see"),
        one + "pause/": row(post="schedule.pause", bodies={"post": {"note": "A"}}),
        one + "resume/": row(post="schedule.resume", bodies={"post": {}}),
        one + "run/": row(post="schedule.run", bodies={"post": {}}),
    }


PUBLISHED = "api/published/<str:published>/"
OUTPUT = "api/runs/<str:run>/outputs/<str:node>/<str:port>/"
MATRIX: dict[str, Row] = {
    "api/schema/": row(get="schema.see"),
    "api/me/": row(get="me.see", patch="me.edit", bodies={"patch": {"name": "A"}}),
    "api/me/sign-ins/": row(get="me.sign_ins"),
    "api/workspaces/<str:workspace>/audit/": row(get="audit.see"),
    "api/workspaces/<str:workspace>/audit/export/": row(get="audit.export", query="?as=csv"),
    "api/workspaces/": row(get="workspace.list", post="workspace.make", bodies={"post": {"name": "A"}}),
    "api/workspaces/<str:workspace>/": row(patch="workspace.rename", delete="workspace.delete", bodies={"patch": {"name": "A"}}),
    "api/workspaces/<str:workspace>/limits/": row(get="limits.see", patch="limits.edit", bodies={"patch": {"runs": 2}}),
    "api/workspaces/<str:workspace>/store/": row(get="store.see"),
    "api/workspaces/<str:workspace>/clean/": row(post="store.clean", bodies={"post": {"dry_run": True}}),
    "api/workspaces/<str:workspace>/members/": row(
        get="member.see", post="member.add", bodies={"post": {"email": "foreign@example.org", "role": "viewer"}}
    ),
    "api/workspaces/<str:workspace>/members/<str:user>/": row(
        patch="member.change", delete="member.remove", bodies={"patch": {"role": "viewer"}}
    ),
    "api/workspaces/<str:workspace>/invitations/": row(post="member.invite", bodies={"post": {"role": "viewer"}}),
    "api/tokens/": row(get="token.see", post="token.make", bodies={"post": {"name": "A"}}),
    "api/tokens/<str:token>/": row(delete="token.revoke"),
    "api/modules/": row(get="module.see"),
    "api/modules/<str:module>/": row(get="module.see"),
    "api/modules/<str:module>/options/<str:param>/": row(get="module.see", query="?choice=SVC"),
    "api/samples/": row(get="sample.see"),
    "api/samples/<slug:slug>/open/": row(post="pipeline.make", bodies={"post": {"workspace": "WORKSPACE"}}),
    "api/pipelines/": row(
        get="pipeline.list", post="pipeline.make", query="?workspace=WORKSPACE", bodies={"post": {"name": "A", "workspace": "WORKSPACE"}}
    ),
    "api/pipelines/<str:pipeline>/": row(
        get="pipeline.see", patch="pipeline.edit", delete="pipeline.delete", bodies={"patch": {"name": "A"}}
    ),
    "api/pipelines/<str:pipeline>/graph/": row(get="pipeline.see", put="pipeline.edit", bodies={"put": {}}),
    "api/pipelines/<str:pipeline>/parameters/": row(get="pipeline.see", put="pipeline.edit"),
    "api/pipelines/<str:pipeline>/export/": row(get="pipeline.export"),
    "api/pipelines/<str:pipeline>/check/": row(get="pipeline.see"),
    "api/pipelines/<str:pipeline>/uses/": row(get="pipeline.see"),
    "api/pipelines/<str:pipeline>/versions/": row(get="version.see", post="version.make", bodies={"post": {"name": "A"}}),
    "api/pipelines/<str:pipeline>/runs/": row(get="run.list", post="run.start", bodies={"post": {}}),
    "api/runs/": row(get="run.list", query="?workspace=WORKSPACE"),
    "api/runs/<str:run>/": row(get="run.see"),
    "api/runs/<str:run>/events/": row(get="run.see"),
    "api/runs/<str:run>/cancel/": row(post="run.cancel", bodies={"post": {}}),
    "api/runs/<str:run>/export/": row(get="pipeline.export"),
    "api/runs/<str:run>/receipt/": row(get="run.see"),
    "api/runs/<str:run>/scoring/": row(get="run.see"),
    "api/runs/<str:run>/scoring/parity/": row(get="run.see", post="scoring.prove", bodies={"post": {}}),
    "api/runs/<str:run>/scoring/pipeline/": row(post="pipeline.make", bodies={"post": {}}),
    "api/runs/<str:run>/verification/": row(get="run.see", post="run.start", bodies={"post": {}}),
    "api/runs/<str:run>/again/": row(post="run.start", bodies={"post": {}}),
    "api/runs/<str:run>/steps/<str:node>/why/": row(get="run.see"),
    "api/runs/<str:run>/steps/<str:node>/items/": row(get="run.see"),
    "api/runs/<str:run>/steps/<str:node>/items/best/": row(get="run.see"),
    "api/components/": row(
        get="component.list",
        post="component.make",
        query="?workspace=WORKSPACE",
        bodies={"post": {"pipeline": "PIPELINE", "group": "g", "name": "B"}},
    ),
    "api/components/<str:component>/": row(
        get="component.see", patch="component.edit", delete="component.delete", bodies={"patch": {"name": "A"}}
    ),
    "api/components/<str:component>/versions/": row(
        get="component.see", post="component.publish", bodies={"post": {"pipeline": "PIPELINE", "group": "g"}}
    ),
    "api/components/<str:component>/versions/<int:number>/": row(get="component.see"),
    "api/templates/": row(
        get="template.list", post="template.make", query="?workspace=WORKSPACE", bodies={"post": {"pipeline": "PIPELINE", "name": "B"}}
    ),
    "api/templates/<str:template>/": row(
        get="template.see", patch="template.edit", delete="template.delete", bodies={"patch": {"name": "A"}}
    ),
    "api/templates/<str:template>/pipelines/": row(post="pipeline.make", bodies={"post": {}}),
    "api/sweeps/": row(
        get="sweep.list", post="sweep.start", query="?workspace=WORKSPACE", bodies={"post": {"pipeline": "PIPELINE", "values": {"a": [1]}}}
    ),
    "api/sweeps/<str:sweep>/": row(get="sweep.see"),
    "api/sweeps/<str:sweep>/cancel/": row(post="sweep.cancel"),
    "api/pipelines/<str:pipeline>/estimates/": row(get="pipeline.see"),
    "api/datasets/": row(
        get="dataset.list", post="dataset.make", query="?workspace=WORKSPACE", bodies={"post": {"workspace": "WORKSPACE"}}
    ),
    "api/datasets/<str:dataset>/": row(get="dataset.see", patch="dataset.edit", delete="dataset.delete", bodies={"patch": {"title": "A"}}),
    "api/datasets/<str:dataset>/versions/": row(post="dataset.add_version", bodies={"post": {"a": "b"}}),
    "api/datasets/<str:dataset>/rows/": row(get="dataset.see"),
    "api/datasets/<str:dataset>/profile/": row(get="dataset.see"),
    "api/datasets/<str:dataset>/download/": row(get="dataset.download"),
    "api/imports/": row(
        get="import.list",
        post="import.make",
        query="?workspace=WORKSPACE",
        bodies={"post": {"title": "a", "settings": {"url": "https://93.184.216.34/a.csv"}, "workspace": "WORKSPACE"}},
    ),
    "api/imports/<str:source>/": row(get="import.see", patch="import.edit", delete="import.delete", bodies={"patch": {"times": None}}),
    "api/imports/<str:source>/refresh/": row(post="import.refresh"),
    "api/models/": row(
        get="model.list",
        post="model.register",
        query="?workspace=WORKSPACE",
        bodies={"post": {"run": "RUN", "node": "a", "port": "no", "name": "line"}},
    ),
    "api/models/imports/": row(post="model.import", bodies={"post": {"workspace": "WORKSPACE"}}),
    "api/models/imports/<str:import_>/": row(get="model.see"),
    "api/models/<str:model>/": row(get="model.see", patch="model.edit", delete="model.delete", bodies={"patch": {"description": "A"}}),
    "api/models/<str:model>/compare/": row(get="model.see", query="?versions=1,1"),
    "api/models/<str:model>/gates/": row(put="model.gates", bodies={"put": {"gates": []}}),
    "api/models/<str:model>/versions/<str:number>/gates/": row(get="model.see"),
    "api/models/<str:model>/history/": row(get="model.see"),
    "api/models/<str:model>/aliases/": row(get="model.see"),
    "api/models/<str:model>/aliases/<str:alias>/": row(
        put="model.alias", delete="model.alias", query="?expected=1", bodies={"put": {"version": 1, "expected": None}}
    ),
    "api/models/<str:model>/versions/": row(get="model.see"),
    "api/models/<str:model>/versions/<str:number>/": row(
        get="model.see", patch="model.edit", delete="model.delete", bodies={"patch": {"note": "A"}}
    ),
    "api/models/<str:model>/versions/<str:number>/stage/": row(put="model.approve", bodies={"put": {"stage": "approved"}}),
    "api/models/<str:model>/versions/<str:number>/download/": row(get="model.download"),
    "api/models/<str:model>/versions/<str:number>/onnx/": row(get="model.see", post="model.convert"),
    "api/connections/": row(
        get="connection.list",
        post="connection.make",
        query="?workspace=WORKSPACE",
        bodies={"post": {"name": "a", "kind": "folder", "address": "/data", "workspace": "WORKSPACE"}},
    ),
    "api/connections/<str:connection>/": row(
        get="connection.see", put="connection.edit", delete="connection.delete", bodies={"put": {"address": "/data"}}
    ),
    "api/connections/<str:connection>/test/": row(post="connection.test"),
    "api/published/": row(
        get="published.list", post="published.make", query="?workspace=WORKSPACE", bodies={"post": {"name": "b", "pipeline": "PIPELINE"}}
    ),
    PUBLISHED: row(get="published.see", patch="published.edit", delete="published.delete", bodies={"patch": {"description": "A"}}),
    PUBLISHED + "versions/": row(get="published.see", post="published.publish", bodies={"post": {"pipeline": "PIPELINE"}}),
    PUBLISHED + "versions/<int:number>/": row(get="published.see"),
    PUBLISHED + "default/": row(get="published.see", put="published.move", bodies={"put": {"version": 1}}),
    PUBLISHED + "keys/": row(get="published_key.see", post="published_key.make", bodies={"post": {"name": "a"}}),
    PUBLISHED + "keys/<str:client>/": row(delete="published_key.revoke"),
    PUBLISHED + "runs/": row(get="published.see", post="published.run", bodies={"post": {}}),
    PUBLISHED + "runs/<str:run>/": row(get="published.see"),
    PUBLISHED + "runs/<str:run>/cancel/": row(post="published.cancel", bodies={"post": {}}),
    PUBLISHED + "runs/<str:run>/results/<str:result>/": row(get="published.download", query="?as=csv"),
    "api/endpoints/": row(
        get="endpoint.list",
        post="endpoint.make",
        query="?workspace=WORKSPACE",
        bodies={"post": {"name": "b", "run": "RUN", "workspace": "WORKSPACE"}},
    ),
    "api/endpoints/<str:endpoint>/": row(
        get="endpoint.see", patch="endpoint.edit", delete="endpoint.delete", bodies={"patch": {"description": "A"}}
    ),
    "api/endpoints/<str:endpoint>/versions/": row(get="endpoint.see", post="endpoint.publish", bodies={"post": {"run": "RUN"}}),
    "api/endpoints/<str:endpoint>/versions/<int:number>/": row(
        get="endpoint.see", patch="endpoint.run", bodies={"patch": {"running": False}}
    ),
    "api/endpoints/<str:endpoint>/alias/": row(get="endpoint.see", put="endpoint.move", bodies={"put": {"shares": {"1": 100}}}),
    "api/endpoints/<str:endpoint>/rollback/": row(post="endpoint.rollback", bodies={"post": {}}),
    "api/endpoints/<str:endpoint>/keys/": row(get="endpoint_key.see", post="endpoint_key.make", bodies={"post": {"name": "a"}}),
    "api/endpoints/<str:endpoint>/keys/<str:key>/": row(delete="endpoint_key.revoke"),
    "api/endpoints/<str:endpoint>/monitor/": row(get="endpoint.see"),
    "api/endpoints/<str:endpoint>/monitor/drift/": row(get="endpoint.see"),
    "api/endpoints/<str:endpoint>/monitor/settings/": row(put="endpoint.watch", bodies={"put": {"window": "day"}}),
    "api/endpoints/<str:endpoint>/keeping/": row(get="endpoint.see", put="endpoint.keep", bodies={"put": {"days": 7}}),
    "api/endpoints/<str:endpoint>/keeping/dataset/": row(post="endpoint.collect"),
    "api/endpoints/<str:endpoint>/keeping/rows/": row(delete="endpoint.forget", query="?request_id=a"),
    "api/endpoints/<str:endpoint>/truth/": row(get="endpoint.see", post="endpoint.truth", bodies={"post": {"rows": []}}),
    "api/endpoints/<str:endpoint>/test/": row(post="endpoint.test", bodies={"post": {"body": {}}}),
    "api/lineage/": row(get="lineage.see", query="?of=run:RUN"),
    "api/schedules/": row(
        get="schedule.list",
        post="schedule.make",
        query="?workspace=WORKSPACE",
        bodies={"post": {"name": "a", "pipeline": "PIPELINE", "times": {"rule": {"kind": "cron", "line": "0 6 * * *"}, "zone": "UTC"}}},
    ),
    "api/schedules/times/": row(get="times.see", query="?times={}"),
    **schedule_rows("schedules", "schedule"),
    "api/schedules/<str:schedule>/backfill/": row(post="schedule.run", delete="schedule.drop", bodies={"post": {"a": "b"}}),
    "api/triggers/": row(
        get="schedule.list",
        post="schedule.make",
        query="?workspace=WORKSPACE",
        bodies={"post": {"name": "a", "pipeline": "PIPELINE", "watch": {"sources": [{"kind": "webhook"}]}}},
    ),
    **schedule_rows("triggers", "trigger"),
    "api/triggers/<str:trigger>/secret/": row(post="schedule.secret"),
    "api/hooks/<str:hook>/": row(post="hook.receive"),
    "api/notices/": row(get="notice.list", query="?workspace=WORKSPACE"),
    "api/notices/unread/": row(get="notice.see"),
    "api/notices/read/": row(post="notice.read", bodies={"post": {}}),
    "api/environments/": row(
        get="environment.list",
        post="environment.make",
        query="?workspace=WORKSPACE",
        bodies={"post": {"name": "a", "requirements": "", "workspace": "WORKSPACE"}},
    ),
    "api/environments/<str:environment>/": row(get="environment.see", delete="environment.delete"),
    "api/environments/<str:environment>/build/": row(post="environment.build"),
    "api/environments/<str:environment>/log/": row(get="environment.see"),
    OUTPUT + "rows/": row(get="run.see"),
    OUTPUT + "pipeline/": row(get="pipeline.export", post="pipeline.make", query="?format=script", bodies={"post": {}}),
    OUTPUT + "profile/": row(get="run.see"),
    OUTPUT + "report/": row(get="run.see"),
    OUTPUT + "download/": row(get="run.download"),
    OUTPUT + "save/": row(post="dataset.save", bodies={"post": {"name": "A"}}),
    "sign-in": row(get="page.sign_in", post="page.sign_in"),
    "sign-in/link/<str:secret>": row(get="page.sign_in_link"),
    "sign-out": row(post="page.sign_out"),
    "join/<str:secret>": row(get="page.join", post="page.join"),
    "health": row(get="site.health"),
    "ready": row(get="site.health", query="?but=worker,database"),  # the test itself holds the lock of the database
    "metrics": row(get="site.metrics"),
    CANVAS: row(get="page.canvas"),
}
SOCKETS: dict[str, dict[str, str]] = {
    "ws/pipelines/<str:pipeline>/": {"connect": "pipeline.see", "edit": "pipeline.edit"},
    "ws/runs/<str:run>/": {"connect": "run.see"},
}


def walk(patterns: list[Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, address)
        else:
            assert isinstance(pattern, URLPattern)
            yield address, getattr(pattern.callback, "view_class", None) or getattr(pattern.callback, "cls", None)


VIEWS = dict(walk(get_resolver().url_patterns))
CASES = [(address, method) for address, found in MATRIX.items() for method in found.actions]


def test_every_address_has_its_row_and_every_view_says_what_the_row_says() -> None:
    assert set(VIEWS) == set(MATRIX)
    for address, view in VIEWS.items():
        assert dict(view.actions) == MATRIX[address].actions, address
        handled = {
            method
            for method in ("get", "post", "put", "patch", "delete", "options", "trace")
            if method in view.http_method_names and hasattr(view, method)
        }
        assert handled == set(view.actions), address


def changes(view: Any) -> set[str]:
    """The actions of a view that change something."""
    return {action for method, action in view.actions.items() if method != "get"}


def test_every_change_is_in_the_audit_map_and_the_map_holds_nothing_else() -> None:
    changing = {action for view in VIEWS.values() for action in changes(view)}
    assert changing - set(AUDITED) == set()
    elsewhere = {"link.make", "account.disable", "account.enable", "audit.gap", "socket.open", "connection.use"}
    assert set(AUDITED) - changing - READS == elsewhere and set(AUDITED) >= READS


def test_reading_needs_the_least_scope_and_the_account_the_highest() -> None:
    for address, view in VIEWS.items():
        for method, action in view.actions.items() if not is_page(address) else ():
            if method == "get" and LEAST[action] in ("signed_in", "viewer", "editor"):
                assert scope_of(action) == "read", action
            if method != "get":
                assert scope_of(action) != "read", action
    assert {scope_of(action) for action in ("member.change", "workspace.delete", "token.make", "me.edit", "audit.see")} == {"admin"}
    assert {scope_of(action) for action in ("run.start", "pipeline.edit", "dataset.make")} == {"write"}


def test_every_socket_has_its_row() -> None:
    assert {str(route.pattern): dict(route.callback.consumer_class.actions) for route in routes} == SOCKETS


def test_every_action_is_used_and_known() -> None:
    used = {action for found in MATRIX.values() for action in found.actions.values()} | {
        a for found in SOCKETS.values() for a in found.values()
    }
    assert used | {"member.leave"} == set(LEAST)


@pytest.fixture
def world(world_of_file: World, db: None) -> World:  # noqa: F811
    return world_of_file


def code(answer: Any) -> str | None:
    if answer.status_code < 400 or not answer.content.startswith(b"{"):
        return None
    found: str = json.loads(answer.content)["error"]["code"]
    return found


def expected(least: str, who: str, method: str) -> str | None:
    """The code that stops somebody; None for those who get through."""
    if least == "public":
        return None
    if who == "anonymous":
        return "signed_out"
    if least == "signed_in":
        return None
    if who == "foreign":
        return "not_found"
    return None if ROLES.index(who) >= ROLES.index(least) else "role_too_low"


def is_page(address: str) -> bool:
    """Whether it is for browsers, which bear no tokens."""
    return not address.startswith("api/")


@pytest.mark.parametrize(
    ("address", "method", "by"), [(*case, by) for case in CASES for by in ("session", "bearer") if by == "session" or not is_page(case[0])]
)
def test_who_gets_through(world: World, address: str, method: str, by: str) -> None:
    found = MATRIX[address]
    least = LEAST[found.actions[method]]
    page = is_page(address)
    for who in WHO:
        client: Any = Client() if page else APIClient(enforce_csrf_checks=False)
        if who != "anonymous" and by == "session":
            client.force_login(world.team.people[who])
        if who != "anonymous" and by == "bearer":
            client.credentials(HTTP_AUTHORIZATION=f"Bearer {world.tokens[who]}")
        answer = ask(world, client, address, method, found, who)
        assert answer.status_code < 500, (who, answer.content)
        if least == "operator":
            assert answer.status_code == 404, who
        elif page:
            stopped = answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in?")
            assert stopped == (least != "public" and who == "anonymous"), who
        else:
            stop = code(answer) if code(answer) in STOPPED else None
            assert stop == expected(least, who, method), (who, answer.status_code, answer.content)
        check_row(answer, world, found.actions[method], method, who, page)


def check_row(answer: Any, world: World, action: str, method: str, who: str, is_page: bool) -> None:
    """Whatever changes something, or carries data away, leaves one row, refused or not; nothing else does, but a link that was guessed."""
    if not leaves_a_row(action, method) and not (is_page and answer.status_code == 410):
        assert answer.rows == [], who
        return
    (row,) = answer.rows
    assert (row.action, row.status) == (action, answer.status_code), who
    assert row.outcome == ("allowed" if answer.status_code < 400 else "refused"), who
    assert row.code == (code(answer) or row.code) and row.address == "127.0.0.1", who
    if who != "anonymous":
        assert (row.user_id, row.user_name) == (world.team.people[who].pk, f"{who}@example.org")
    assert "easel_" not in str(row.details) and "password" not in str(row.details).lower()


def objects_in(address: str) -> list[str]:
    """The kinds of objects that an address names."""
    return [
        name
        for name in (
            "published",
            "workspace",
            "pipeline",
            "run",
            "dataset",
            "model",
            "environment",
            "connection",
            "sweep",
            "endpoint",
            "schedule",
            "trigger",
            "component",
            "template",
            "preset",
            "source",
        )
        if f"<str:{name}>" in address
    ]


@pytest.mark.parametrize(
    ("address", "method"), [case for case in CASES if LEAST[MATRIX[case[0]].actions[case[1]]] in ROLES and objects_in(case[0])]
)
def test_foreign_and_absent_are_the_same(world: World, address: str, method: str) -> None:
    found = MATRIX[address]
    objects = objects_in(address)
    client = world.team.client("foreign")
    foreign = ask(world, client, address, method, found, "foreign")
    absent = ask(world, client, address, method, found, "foreign", **{objects[0]: "0" * 32})
    strange = ask(world, client, address, method, found, "foreign", **{objects[0]: "a'b;c\u0000"[:5]})
    assert foreign.status_code == absent.status_code == strange.status_code == 404
    assert foreign.content == absent.content == strange.content


def test_nobody_revokes_another_persons_token(world: World) -> None:
    answer = ask(world, world.team.client("owner"), "api/tokens/<str:token>/", "delete", Row({}), "viewer")
    assert answer.status_code == 404
