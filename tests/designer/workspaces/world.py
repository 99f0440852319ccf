"""A workspace with one of everything, and asking an address in it, for tests of who may do what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from rest_framework.test import APIClient

from designer.audit.models import AuditEntry
from designer.components.models import Component, ComponentVersion
from designer.datasets.models import Dataset, DatasetVersion
from designer.datasets.resolver import WorkspaceDatasets
from designer.documents import repository, services
from designer.endpoints.models import Endpoint, EndpointKey, EndpointVersion
from designer.imports.models import Import
from designer.published.models import PublishedKey, PublishedPipeline, PublishedRun, PublishedVersion
from designer.registry.models import ModelImport, ModelVersion, RegisteredModel
from designer.schedules import services as schedules
from designer.schedules.models import Kind
from designer.templates.models import Template
from designer.workspaces.models import ApiToken, Membership
from designer.workspaces.people import make_person
from designer.workspaces.token_hashing import digest, new_secret
from pipelines import flow
from pipelines.models import Connection, Environment, Sweep
from tests.designer.conftest import Team, make_team


@dataclass(frozen=True)
class Row:
    """An address's row: the action of each method, what is sent, and what stands in the query string of GET and DELETE."""

    actions: dict[str, str]
    bodies: dict[str, Any] = field(default_factory=dict)
    query: str = ""


def row(query: str = "", bodies: dict[str, Any] | None = None, **actions: str) -> Row:
    return Row(actions, bodies or {}, query)


@dataclass
class World:
    """Objects to fill addresses with, and ways in."""

    team: Team
    objects: dict[str, str]
    tokens: dict[str, str]
    own_token: dict[str, str]

    def address(self, address: str, who: str, **other: str) -> str:
        filled = {**self.objects, "token": self.own_token.get(who, "0" * 32), **other}
        for name, value in filled.items():
            address = address.replace(f"<str:{name}>", value).replace(f"<slug:{name}>", value).replace(f"<int:{name}>", value)
        return "/" + address if not address.startswith("^") else f"/pipelines/{filled['pipeline']}"

    def body(self, method: str, found: Row) -> Any:
        sent = found.bodies.get(method)
        named = {name: self.objects[name.lower()] for name in ("WORKSPACE", "PIPELINE", "RUN")}
        return sent and {key: named.get(value, value) if isinstance(value, str) else value for key, value in sent.items()}


def make_world() -> World:
    team = make_team()
    pipeline = services.make(team.workspace, team.people["editor"], "Cars")
    graph = flow.read({"nodes": {"a": {"module": "data.enter_data", "params": {"text": "x\n1"}}}})
    run = flow.start(
        graph, scope=team.workspace.pk, datasets=WorkspaceDatasets(team.workspace), document=pipeline.pk, enqueue=lambda _: None
    )
    other = make_person("other@example.org")
    Membership.objects.create(workspace=team.workspace, user=other, role="viewer")
    tokens, own = {}, {}
    for who, user in team.people.items():
        tokens[who] = new_secret()
        ApiToken.objects.create(user=user, name="in", digest=digest(tokens[who]))
        own[who] = ApiToken.objects.create(user=user, name="own", digest=digest(new_secret())).pk
    dataset = Dataset.objects.create(workspace=team.workspace, name="cars", title="Cars")
    DatasetVersion.objects.create(dataset=dataset, number=1, digest="0" * 64, bytes=0, rows=0, columns=[])
    environment = Environment.objects.create(scope=team.workspace.pk, name="geo", requirements=[])
    sweep = Sweep.objects.create(scope=team.workspace.pk, document=pipeline.pk, parameters=["a"], created_at=run.created_at)
    connection = Connection.objects.create(scope=team.workspace.pk, name="files", kind="folder", address="/nowhere")
    model = RegisteredModel.objects.create(workspace=team.workspace, name="line", last_number=1)
    ModelVersion.objects.create(
        model=model,
        number=1,
        digest="0" * 64,
        record={"kind": "model", "digest": "0" * 64, "bytes": 0},
        origin={"model": {"name": "Line", "task": "regression"}},
    )
    source = Import.objects.create(workspace=team.workspace, title="Cars", source="a", pipeline=pipeline, since=run.created_at)
    endpoint = Endpoint.objects.create(workspace=team.workspace, name="cars", shares={"1": 100}, created_by="editor@example.org")
    EndpointVersion.objects.create(endpoint=endpoint, number=1, run=run.pk, state="ready", by="editor@example.org")
    key = EndpointKey.objects.create(endpoint=endpoint, name="a", start="ek_", digest="0" * 64, by="admin@example.org")
    published = PublishedPipeline.objects.create(workspace=team.workspace, name="cars", default=1, created_by="editor@example.org")
    results = [{"name": "rows", "node": "a", "port": "table", "kind": "table"}]
    PublishedVersion.objects.create(published=published, number=1, graph=run.graph, results=results, by="editor@example.org")
    PublishedRun.objects.create(run=run.pk, published=published, version=1, by="editor@example.org", asked="0" * 64)
    client = PublishedKey.objects.create(published=published, person=team.people["admin"], name="a", start="pk_", digest="0" * 64)
    component = Component.objects.create(workspace=team.workspace, name="C")
    folded = {**services.EMPTY, "groups": {"component": {"title": "C", "position": [0, 0]}}}
    ComponentVersion.objects.create(component=component, number=1, graph=folded, digest="0" * 64)
    triggers = {
        kind: schedules.make(pipeline, kind, team.people["editor"], {"name": kind, "graph": "draft", **more}).schedule.pk
        for kind, more in (
            (Kind.TIMES, {"times": {"rule": {"kind": "cron", "line": "0 6 * * *"}, "zone": "UTC"}}),
            (Kind.EVENTS, {"watch": {"sources": [{"kind": "webhook"}]}}),
        )
    }
    objects = {
        "model": model.pk,
        "source": source.pk,
        "number": "1",
        "alias": "champion",
        "import_": ModelImport.objects.create(workspace=team.workspace, name="line", file_name="a.skops", digest="0" * 64).pk,
        "schedule": triggers[Kind.TIMES],
        "trigger": triggers[Kind.EVENTS],
        "hook": triggers[Kind.EVENTS],
        "module": "classification.scikit_learn_classifier",
        "param": "parameters",
        "connection": connection.pk,
        "sweep": sweep.pk,
        "endpoint": endpoint.pk,
        "key": key.pk,
        "published": published.pk,
        "client": client.pk,
        "result": "rows",
        "component": component.pk,
        "template": Template.objects.create(workspace=team.workspace, name="T", graph=services.EMPTY).pk,
        "dataset": dataset.pk,
        "environment": environment.pk,
        "workspace": team.workspace.pk,
        "user": str(other.pk),
        "pipeline": pipeline.pk,
        "run": run.pk,
        "node": "a",
        "port": "table",
        "secret": "nothing",
        "slug": "automobile_price",
    }
    return World(team, objects, tokens, own)


@pytest.fixture(scope="module")
def world_of_file(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Made once for the tests of a file, each of which takes back what it does: making it takes longer than they do."""
    with django_db_blocker.unblock():
        yield make_world()
        call_command("flush", verbosity=0, interactive=False)


def ask(world: World, client: Any, address: str, method: str, found: Row, who: str, **other: str) -> Any:
    """Ask, and take back whatever it did."""
    with transaction.atomic():
        query = found.query if method in ("get", "delete") else ""
        url = world.address(address, who, **other) + query.replace("WORKSPACE", world.objects["workspace"]).replace(
            "RUN", world.objects["run"]
        )
        sent = world.body(method, found)
        if isinstance(client, APIClient):
            form = "multipart" if method == "post" and url.startswith(("/api/datasets/", "/api/models/imports/")) else "json"
            answer = getattr(client, method)(url, sent, format=form) if sent is not None else getattr(client, method)(url)
        else:
            answer = getattr(client, method)(url)
        answer.rows = list(AuditEntry.objects.order_by("pk"))
        transaction.set_rollback(True)
    repository._open.clear()
    return answer
