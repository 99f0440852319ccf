"""Planted secrets are in nothing that comes out: answers, pages, sockets, downloads, logs, messages, notices, the database, stored files.

The doors are those of the URL configuration, whose table is complete (`test_permission_matrix`), and the choices of their queries those of
the API's description: a new address or format is covered by itself.
"""

from __future__ import annotations

import json
import logging
import logging.config
import re
import smtplib
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings as django_settings
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import Client
from django.utils import timezone

from designer.datasets.resolver import WorkspaceDatasets
from designer.endpoints.models import Endpoint, EndpointVersion
from designer.lineage import delivery as lineage_delivery
from designer.notices import delivery
from designer.notices import services as notices
from designer.published.models import PublishedPipeline, PublishedRun
from designer.readers import PrivateHosts
from designer.registry.models import RegisteredModel
from designer.schedules.models import Schedule
from designer.workspaces.links import make_sign_in_link
from pipelines import flow
from pipelines.catalogue.reporting import log
from pipelines.models import Run, Step
from pipelines.outside import web
from pipelines.runtime import outside
from pipelines.runtime.worker import reporter
from tests.designer.socket import opened
from tests.designer.workspaces.test_permission_matrix import MATRIX, SOCKETS
from tests.designer.workspaces.world import Row, World, ask, make_world
from tests.support.canaries import Canaries
from tests.support.graph_builder import document
from tests.support.ledger_driver import run_to_end
from tests.support.web import Site, site

AROUND = "+/&\"'<é {}"  # characters that URLs, JSON, HTML and base64 write differently
OPERATIONS = json.loads((Path(__file__).parents[2] / "frontend" / "openapi.json").read_text())["paths"]
CHOICES = ("as", "format")
ROWS = "a,y\n" + "\n".join(f"{number},{2 * number + 1}" for number in range(20))
MODEL = {
    "learner": "regression.linear_regression",
    "train": ("training.train_model", {"label": "y"}),
    "data": ("data.enter_data", {"text": ROWS}),
}


def test_a_canary_is_found_in_each_form() -> None:
    canaries = Canaries()
    secret = canaries.plant("a", AROUND)
    canaries.plant("b")
    coded = [b64encode(f"{'x' * before}:{secret}".encode()).decode() for before in range(3)]
    for text in (secret, quote(secret), json.dumps(secret), repr(secret), secret.encode().hex(), *coded):
        assert canaries.found(f"… {text} …") == {"a"}, text
    assert canaries.found(AROUND) == set()


@dataclass
class Planted:
    """A workspace in which secrets are planted, and what came out of it, by name."""

    world: World
    server: Site
    canaries: Canaries
    out: dict[str, bytes] = field(default_factory=dict)

    def keep(self, name: str, data: bytes | str) -> None:
        self.out[f"{len(self.out)} {name}"] = data.encode() if isinstance(data, str) else data

    def post(self, path: str, body: Any, who: str = "owner") -> Any:
        """What makes a secret is answered with it once; that answer is not kept."""
        answer = self.world.team.client(who).post(path, body, format="json")
        assert answer.status_code in (200, 201), answer.content
        return answer.json()

    def connect(self, name: str, **more: Any) -> str:
        body = {
            "name": name,
            "secret": self.canaries.plant(f"connection {name}", AROUND),
            "workspace": self.world.objects["workspace"],
            **more,
        }
        return str(self.post("/api/connections/", body)["id"])

    def run(self, nodes: Any, *wires: str, document_of: str | None = None) -> Run:
        graph = flow.read({"format": 1, **document(nodes, *wires)})
        workspace = self.world.team.workspace
        started = flow.start(
            graph,
            scope=workspace.pk,
            datasets=WorkspaceDatasets(workspace),
            document=document_of or self.world.objects["pipeline"],
            enqueue=lambda _: None,
        )
        return run_to_end(started)


@pytest.fixture
def planted(transactional_db: None, settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Iterator[Planted]:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(reporter, "FLUSH_SECONDS", 60.0)
    monkeypatch.setattr("pipelines.runtime.queue.send", lambda *_: True)
    canaries = Canaries()
    settings.SECRET_KEY = canaries.plant("secret key", "{}" + "x" * 40)
    settings.SECRET_KEY_FALLBACKS = [canaries.plant("old secret key", "{}" + "x" * 40)]
    settings.EMAIL_HOST, settings.EMAIL_HOST_USER = "mail.example.org", "easel"
    settings.EMAIL_HOST_PASSWORD = canaries.plant("password of the mail server", AROUND)
    settings.EASEL_METRICS_TOKEN = canaries.plant("token of the figures")
    settings.EASEL_OPENLINEAGE_KEY = canaries.plant("key of OpenLineage")
    settings.EASEL_PRIVATE_HOSTS = PrivateHosts(names=("127.0.0.1",))
    outside._allowed.cache_clear()
    with site() as server:
        server.pages |= {
            "/a.csv": (200, {"Content-Type": "text/csv"}, ROWS.encode()),
            "/denied.csv": (401, {}, b""),
            "/told": (500, {}, b""),
        }
        password = canaries.plant("password of OpenLineage")
        settings.EASEL_OPENLINEAGE_URL = f"http://easel:{password}@127.0.0.1:{server.port}/lineage"
        found = Planted(make_world(), server, canaries)
        yield found
    outside._allowed.cache_clear()


def plant_connections(planted: Planted) -> None:
    world, server = planted.world, planted.server
    database = planted.connect("db", kind="database", address="postgresql://ann@127.0.0.1:1/db")
    planted.connect("bucket", kind="s3", address="s3://sales", user="AKIA", endpoint=server.url)
    planted.connect("basic", kind="http", address=server.url, user="ann")
    planted.connect("bearer", kind="http", address=server.url, secret=planted.canaries.plant("connection bearer"))
    owner = world.team.client("owner")
    owner.put(
        f"/api/connections/{database}/",
        {"address": "postgresql://ann@127.0.0.1:1/db", "secret": planted.canaries.plant("new secret", AROUND)},
        format="json",
    )
    owner.delete(f"/api/connections/{planted.connect('deleted', kind='http', address=server.url, user='ann')}/")
    for at, address in enumerate(("postgresql://ann:{}@127.0.0.1/db", "mysql://ann:{}@h/db", "postgresql://ann:{}@h:port/db")):
        secret = planted.canaries.plant(f"password in a refused address {at}")
        refused = owner.post(
            "/api/connections/",
            {"name": "no", "kind": "database", "address": address.format(secret), "workspace": world.team.workspace.pk},
            format="json",
        )
        assert refused.status_code == 422
        planted.keep("a refused connection", refused.content)
    for made in owner.get("/api/connections/").json():
        planted.keep("test of a connection", owner.post(f"/api/connections/{made['id']}/test/").content)
    world.objects["connection"] = database


def plant_keys(planted: Planted) -> None:
    world, canaries = planted.world, planted.canaries
    endpoint, pipeline = world.objects["endpoint"], world.objects["pipeline"]
    key = planted.post(f"/api/endpoints/{endpoint}/keys/", {"name": "client"})
    canaries.know("key of an endpoint", key["key"])
    gone = planted.post(f"/api/endpoints/{endpoint}/keys/", {"name": "gone"})
    canaries.know("revoked key", gone["key"])
    world.team.client("owner").delete(f"/api/endpoints/{endpoint}/keys/{gone['id']}/")
    world.objects["key"] = key["id"]
    client = planted.post(f"/api/published/{world.objects['published']}/keys/", {"name": "client"})
    canaries.know("key of a published pipeline", client["key"])
    body = {"webhook": f"{planted.server.url}/told/{canaries.plant('address of a webhook of an endpoint')}"}
    watched = world.team.client("owner").put(f"/api/endpoints/{endpoint}/monitor/settings/", body, format="json")
    canaries.know("secret of a webhook of an endpoint", re.findall(r"whsec_[\w+/=]+", watched.content.decode())[0])
    canaries.know("token", planted.post("/api/tokens/", {"name": "program"})["token"])
    canaries.know(
        "invitation", planted.post(f"/api/workspaces/{world.team.workspace.pk}/invitations/", {"role": "viewer"})["link"].rpartition("/")[2]
    )
    canaries.know("sign-in link", make_sign_in_link(world.team.people["viewer"]).rpartition("/")[2])
    times = {"rule": {"kind": "cron", "line": "0 6 * * *"}, "zone": "UTC"}
    webhook = f"{planted.server.url}/told?key={canaries.plant('address of a webhook')}"
    made = planted.post("/api/schedules/", {"name": "nightly", "pipeline": pipeline, "times": times, "webhook": webhook, "email": True})
    world.objects["schedule"] = made["id"]
    canaries.know("secret of a webhook", made["secrets"]["webhook"])
    hook = planted.post("/api/triggers/", {"name": "called", "pipeline": pipeline, "watch": {"sources": [{"kind": "webhook"}]}})
    canaries.know("secret of a trigger", hook["secrets"]["hook"])
    canaries.know("renewed secret of a trigger", planted.post(f"/api/triggers/{hook['id']}/secret/", {})["secrets"]["hook"])
    world.objects["trigger"] = world.objects["hook"] = hook["id"]


def use_links_and_passwords(planted: Planted) -> None:
    """Right and wrong passwords, links and tokens, as people and programs send them."""
    world, canaries = planted.world, planted.canaries
    person = world.team.people["viewer"]
    person.set_password(password := canaries.plant("password", AROUND))
    person.save()
    for name, word in (("wrong password", canaries.plant("wrong password", AROUND)), ("right password", password)):
        planted.keep(name, Client().post("/sign-in", {"email": person.email, "password": word}).content)
    link, invitation = (
        make_sign_in_link(person),
        planted.post(f"/api/workspaces/{world.team.workspace.pk}/invitations/", {"role": "viewer"})["link"],
    )
    canaries.know("used sign-in link", link.rpartition("/")[2])
    canaries.know("open invitation", invitation.rpartition("/")[2])
    for path in (link, link, "/join/" + invitation.rpartition("/")[2], "/join/" + canaries.plant("wrong invitation")):
        own = path.rpartition("/")[2].encode()  # the form of a page sends to the page's own address
        planted.keep("a link", Client().get(path).content.replace(own, b""))
    for head in ("Bearer easel_", "Basic ", ""):
        secret = canaries.plant(f"wrong token “{head}”")
        planted.keep("a wrong token", Client(HTTP_AUTHORIZATION=head + secret).get("/api/pipelines/").content)
    planted.keep(
        "a wrong signature",
        Client(HTTP_WEBHOOK_SIGNATURE="v1," + canaries.plant("wrong signature")).post(f"/api/hooks/{world.objects['hook']}/").content,
    )
    client = world.team.client("viewer")
    body = {"current": canaries.plant("typed old password"), "password": canaries.plant("typed new password")}
    planted.keep("a wrong old password", client.patch("/api/me/", body, format="json").content)


def run_pipelines(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs that use secrets, successfully and not, and a step that logs and raises what it was given."""
    base, objects = planted.server.url, planted.world.objects
    read = "data.import_data"
    for settings in (
        {"url": f"{base}/denied.csv", "login": "basic"},
        {"url": f"{base}/denied.csv", "login": "bearer"},
        {"source": "database", "database": "db", "table": "t"},
        {"source": "files", "storage": "bucket", "path": "*.csv"},
    ):
        assert planted.run({"in": (read, settings)}).state == "failed"
    with monkeypatch.context() as patch:

        def careless(url: str, out: Path, login: Any) -> None:
            secret = login.secret.reveal()
            coded = b64encode(f"{login.user}:{secret}".encode()).decode()
            for text in (secret, quote(secret), json.dumps(secret), coded):
                log(f"logging in with {text}")
            raise RuntimeError(f"refused {secret} {coded}")

        patch.setattr(web, "fetch", careless)
        failed = planted.run({"in": (read, {"url": f"{base}/a.csv", "login": "basic", "again": "always"})})
        assert "•••" in str(Step.objects.get(run=failed).error)
        objects["failed"] = failed.pk
    good = planted.run(
        {**MODEL, "data": (read, {"url": f"{base}/a.csv", "login": "basic"})}, "data.table train.table", "learner.model train.untrained"
    )
    assert good.state == "done"
    objects |= {"run": good.pk, "node": "data", "port": "table"}
    EndpointVersion.objects.update(run=good.pk)
    Endpoint.objects.update(last_number=1)
    PublishedPipeline.objects.update(last_number=1)
    PublishedRun.objects.update(run=good.pk)
    RegisteredModel.objects.all().delete()
    made = planted.post("/api/models/", {"run": good.pk, "node": "train", "port": "model", "name": "line"})
    objects |= {"model": made["id"], "number": "1"}
    saved = planted.post(f"/api/runs/{good.pk}/outputs/train/model/save/", {"name": "saved"}, "editor")
    assert saved["name"] == "saved"
    nodes = {**MODEL, "import": (read, {"url": f"{base}/a.csv", "login": "basic"})}
    graph = {"format": 1, **document(nodes, "data.table train.table", "learner.model train.untrained")}
    objects["pipeline"] = planted.post("/api/pipelines/", {"name": "Model", "graph": graph, "workspace": objects["workspace"]})["id"]


def tell_others(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    """Notices by email and webhook, and events of OpenLineage: refused at first, then taken."""
    schedule = Schedule.objects.get(pk=planted.world.objects["schedule"])
    now = timezone.now()
    notices.add(schedule, "failed", "A run failed.", now, planted.world.objects["failed"])

    def refusing(*_: Any) -> int:
        word = django_settings.EMAIL_HOST_PASSWORD
        raise smtplib.SMTPAuthenticationError(535, f"no {word} {b64encode(word.encode()).decode()}".encode())

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", refusing)
        delivery.deliver(now)
    lineage_delivery.deliver()
    planted.server.pages |= {"/told": (200, {}, b""), "/lineage": (201, {}, b"")}
    delivery.deliver(now + delivery.HELD)
    monkeypatch.setattr(lineage_delivery.timezone, "now", lambda: now + lineage_delivery.LEASE * 10)
    assert lineage_delivery.deliver() > 3
    (sent,) = mail.outbox
    planted.keep("an email", sent.message().as_bytes())
    for at, body in enumerate(planted.server.bodies):
        planted.keep(f"message {at}", body)


def doors(planted: Planted) -> Iterator[tuple[str, str, Row]]:
    """Each address and method; reads once more with each choice of their queries."""
    for address, row in MATRIX.items():
        for method in row.actions:
            yield address, method, row
        described = OPERATIONS.get("/" + address.replace("<str:", "{").replace("<int:", "{").replace("<slug:", "{").replace(">", "}"), {})
        for query in described.get("get", {}).get("parameters", ()):
            if query["in"] == "query" and query["name"] in CHOICES:
                for choice in query["schema"].get("enum", ()):
                    yield address, "get", Row({"get": row.actions["get"]}, query=f"?{query['name']}={choice}")
    yield "api/pipelines/<str:pipeline>/export/", "get", Row({}, query="?with_data=true")


def content_of(answer: Any) -> bytes:
    """The whole body, also of what is sent piece by piece."""

    async def collected() -> bytes:
        return b"".join([piece async for piece in answer.streaming_content])

    if answer.streaming and answer.is_async:
        return async_to_sync(collected)()
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def ask_everything(planted: Planted) -> int:
    good = 0
    client: Any = planted.world.team.client("owner")
    for address, method, row in doors(planted):
        answer = ask(planted.world, client, address, method, row, "owner")
        assert answer.status_code < 500 or address == "ready", (address, answer.content)
        good += method == "get" and answer.status_code == 200
        shown_once = {
            path
            for path in ("secrets", "key", "token", "link")
            if method == "post" and answer.status_code < 300 and f'"{path}":'.encode() in answer.content
        }
        if not shown_once:
            planted.keep(f"{method} {address}{row.query}", content_of(answer))
        planted.keep(f"headers of {method} {address}", str({name: value for name, value in answer.headers.items() if name != "Set-Cookie"}))
    failed = {"run": planted.world.objects["failed"], "node": "in"}
    for address, row in MATRIX.items():
        if "<str:run>" in address and "get" in row.actions:
            planted.keep(f"get {address} of a failed run", content_of(ask(planted.world, client, address, "get", row, "owner", **failed)))
    metrics = Client(HTTP_AUTHORIZATION=f"Bearer {django_settings.EASEL_METRICS_TOKEN}").get("/metrics")
    assert metrics.status_code == 200
    planted.keep("figures", metrics.content)
    return good


async def listen(planted: Planted) -> None:
    for address in SOCKETS:
        for run in (planted.world.objects["run"], planted.world.objects["failed"]):
            socket = await opened(planted.world.address(address, "owner", run=run) + "?after=0", planted.world.team.people["owner"])
            while not await socket.quiet(0.3):
                said = await socket.receive()
                planted.keep(f"socket {address}", said if isinstance(said, bytes | str) else str(said))
            await socket.close()


def keep_the_database(planted: Planted) -> None:
    """Every table in clear; sessions are what they are."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            planted.keep(f"table {table}", "\n".join(map(str, cursor.fetchall())))


def keep_logs_and_files(planted: Planted, caplog: pytest.LogCaptureFixture) -> None:
    """The log as it is written, as text and as JSON."""
    config = logging.config.DictConfigurator(django_settings.LOGGING)
    for name in ("plain", "json"):
        formatter = config.configure_formatter(dict(django_settings.LOGGING["formatters"][name]))
        planted.keep(f"log as {name}", "\n".join(formatter.format(record) for record in caplog.records))
    root = Path(flow.store(planted.world.team.workspace.pk).scratch()).parents[1]
    for file in root.rglob("*"):
        if file.is_file():
            planted.keep(f"stored {file.name}", file.read_bytes())


def test_no_planted_secret_comes_out(planted: Planted, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    steps: list[Callable[..., Any]] = [plant_connections, plant_keys, use_links_and_passwords]
    for step in steps:
        step(planted)
    run_pipelines(planted, monkeypatch)
    tell_others(planted, monkeypatch)
    good = ask_everything(planted)
    async_to_sync(listen)(planted)
    keep_the_database(planted)
    keep_logs_and_files(planted, caplog)
    leaks = {name: found for name, data in planted.out.items() if (found := planted.canaries.found(data))}
    assert leaks == {}
    names = " ".join(planted.out)
    assert (
        len(planted.canaries) >= 30
        and good >= 60
        and all(part in names for part in ("socket ws/runs", "table schedules_schedule", "stored", "message 0"))
    )
