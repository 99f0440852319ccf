"""No spelling of a private address makes Easel connect to it, at any door: imports, connections, webhooks, environments, lineage."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from designer.documents.models import Pipeline
from designer.lineage import delivery as lineage
from designer.notices import delivery
from designer.notices import services as notices
from designer.notices.models import Delivery
from designer.readers import PrivateHosts
from designer.schedules.models import Schedule
from pipelines import flow
from pipelines.catalogue.connection import Connection, ConnectionKind, Secret
from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.errors import ModuleError
from pipelines.outside import storage, trial, web
from pipelines.runtime import outside
from tests.designer.conftest import Team
from tests.support.bait import HOSTS, NAMES, Bait, bait, urls
from tests.support.web import site

PUBLIC = ("93.184.216.34",)
ALLOWED = "allowed.example"
REFUSED = {"address_not_allowed", "unknown_host", "bad_url", "secret_in_url", "server_away", "bad_answer"}


@pytest.fixture
def canary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bait]:
    """Names of an attacker, and no way to public addresses: a connection to one of this machine is made, and counted; one to any other fails the test."""
    outside._allowed.cache_clear()
    monkeypatch.setattr("designer.http.rate_limits.check", lambda *_: None)  # what is asked often is refused in any case
    asked: dict[str, int] = {}
    elsewhere: list[str] = []
    resolve, connect = socket.getaddrinfo, socket.create_connection

    def getaddrinfo(host: Any, port: Any, *args: Any, **more: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else str(host)
        if name == ALLOWED:
            name = "127.0.0.1"
        if name not in NAMES:
            if name.endswith((".example", "example.org")):
                raise socket.gaierror("no such name")
            return resolve(name, port, *args, **more)
        asked[name] = asked.get(name, 1) ^ 1
        found = NAMES[name][asked[name]]
        return [(socket.AF_INET6 if ":" in each else socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]

    def create_connection(address: tuple[str, int], *args: Any, **more: Any) -> socket.socket:
        if address[0] in PUBLIC:
            raise TimeoutError("no internet here")
        if address[0] != "127.0.0.1":
            elsewhere.append(address[0])
            raise TimeoutError("no such machine")
        return connect(address, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(socket, "create_connection", create_connection)
    with bait() as found:
        yield found
    assert not elsewhere
    outside._allowed.cache_clear()


def refused(url: str, reaches: Callable[[str], object]) -> None:
    with flow.outside.reach_of(), pytest.raises(ModuleError) as caught:
        reaches(url)
    assert caught.value.code in REFUSED and caught.value.remedy, (url, caught.value.code)


def test_the_bait_is_reached_by_whoever_may(canary: Bait, settings: Any, tmp_path: Path) -> None:
    settings.EASEL_PRIVATE_HOSTS = PrivateHosts(names=("127.0.0.1",))
    refused(f"http://127.0.0.1:{canary.port}/", lambda url: web.fetch(url, tmp_path / "a"))
    assert canary.touched() == 1 and len(urls(1)) >= 120 and len(set(urls(1))) == len(urls(1))


def test_imports_and_their_questions(canary: Bait, tmp_path: Path) -> None:
    """The module as a worker calls it, its rule of freshness, and a login that would be sent along."""
    module = catalogue().modules["data.import_data"]
    login = Connection("web", ConnectionKind.HTTP, f"http://127.0.0.1:{canary.port}/", secret=Secret("word"))
    assert module.freshness is not None
    settings = module.read_settings({"source": "url", "url": "u"})
    doors = (
        lambda url: module.function(**{**settings, "url": url}),
        lambda url: module.freshness(**{**settings, "url": url}),
        lambda url: web.fetch(url, tmp_path / "out", login),
        lambda url: web.post(url, b"{}", {}),
    )
    for url in urls(canary.port):
        for reaches in doors:
            refused(url, reaches)
    assert canary.touched() == 0


def test_redirects(canary: Bait, tmp_path: Path, settings: Any) -> None:
    """An allowed server sends on to each address."""
    settings.EASEL_PRIVATE_HOSTS = PrivateHosts(names=(ALLOWED,))
    with site() as server:
        for url in urls(canary.port):
            if "\n" not in url:
                server.pages["/a"] = (302, {"Location": url.encode().decode("latin-1")}, b"")
                refused(f"http://{ALLOWED}:{server.port}/a", lambda url: web.fetch(url, tmp_path / "out"))
        assert len(server.asked) >= 120
    assert canary.touched() == 0


def test_connections(team: Team, canary: Bait, monkeypatch: pytest.MonkeyPatch) -> None:
    """Made and tested by an admin over REST: web servers, services like S3, and databases."""
    client = team.client("admin")
    monkeypatch.setattr("designer.connections.services.MOST_CONNECTIONS", 10_000)
    bodies = [
        *({"kind": "http", "address": url} for url in urls(canary.port)),
        *({"kind": "s3", "address": "s3://sales", "endpoint": url} for url in urls(canary.port)),
        *({"kind": "database", "address": f"postgresql://ann@{host}:{canary.port}/db"} for host in (*HOSTS, *NAMES)),
    ]
    for at, body in enumerate(bodies):
        made = client.post("/api/connections/", {"name": f"c{at}", "secret": "", **body}, format="json")
        assert made.status_code in (201, 400, 422), (body, made.content)
        if made.status_code == 201:
            tested = client.post(f"/api/connections/{made.json()['id']}/test/")
            assert tested.status_code == 422, (body, tested.content)
    assert canary.touched() == 0


def test_an_s3_client_is_not_even_made_for_a_service_that_is_not_allowed(canary: Bait) -> None:
    accepted = 0
    for url in urls(canary.port):
        connection = Connection("bucket", ConnectionKind.S3, "s3://sales", endpoint=url.strip())
        with flow.outside.reach_of(), pytest.raises(ModuleError):
            trial.check(connection)
            accepted += 1
            storage.find(connection, "*.csv")
    assert accepted > 60
    assert canary.touched() == 0


def test_webhooks_of_schedules(team: Team, pipeline: Pipeline, canary: Bait) -> None:
    """At saving; and at sending, where an address was saved before it was private."""
    client = team.client("editor")
    times = {"rule": {"kind": "cron", "line": "0 6 * * *"}, "zone": "UTC"}
    made = client.post("/api/schedules/", {"name": "a", "pipeline": pipeline.pk, "times": times, "graph": "draft"}, format="json").json()
    for url in urls(canary.port):
        answer = client.patch(f"/api/schedules/{made['id']}/", {"webhook": url}, format="json")
        assert answer.status_code in (200, 400, 422), (url, answer.content)
    schedule = Schedule.objects.get(pk=made["id"])
    now = timezone.now()
    for url in urls(canary.port):
        schedule.webhook, schedule.webhook_secret = "https://example.org/…", outside.encrypt(f"whsec_\n{url}")
        schedule.save()
        notices.add(schedule, "failed", "A run failed.", now)
        delivery.deliver(now)
    assert not Delivery.objects.exclude(sent_at=None).exists() and Delivery.objects.count() == len(urls(canary.port))
    assert canary.touched() == 0


def test_environments_are_made_of_names(team: Team, canary: Bait) -> None:
    """The package manager would fetch what a requirement names."""
    client = team.client("editor")
    forms = ("a @ {}", "{}", "-i {}", "--index-url {}", "--extra-index-url={}", "-f {}", "-e git+{}", "git+{}", "a --index-url {}", "-r {}")
    for url in urls(canary.port)[:: len(HOSTS) // 8]:
        for form in forms:
            asked = {"name": "a", "requirements": form.format(url.strip())}
            assert client.post("/api/environments/", asked, format="json").status_code == 422, asked
    assert canary.touched() == 0


def test_the_receiver_of_lineage_does_not_send_on(canary: Bait, settings: Any) -> None:
    """Its address is the operator's, who may have it in a private network. A redirect of it is not followed."""
    with site() as server:
        settings.EASEL_OPENLINEAGE_URL = f"{server.url}/lineage"
        for status in (301, 302, 303, 307, 308):
            server.pages["/lineage"] = (status, {"Location": f"http://127.0.0.1:{canary.port}/"}, b"")
            with pytest.raises(OSError, match=str(status)):
                lineage._send({})
    assert canary.touched() == 0
