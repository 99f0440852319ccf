"""A serving process sees changes, loads versions beside its work, and reports."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from django.db import OperationalError
from django.utils import timezone

from designer.endpoints.models import Endpoint, EndpointCount, EndpointKey, EndpointVersion, ServingProcess
from designer.endpoints.moves import announce
from designer.endpoints.serving import watching
from designer.endpoints.serving.app import ServingApp
from designer.endpoints.serving.model import Model
from designer.endpoints.serving.watching import Watcher
from designer.workspaces.token_hashing import digest
from tests.designer.conftest import Team
from tests.designer.endpoints.serving.support import KEY, Adder
from tests.support.installation import wait_until


@pytest.fixture
def endpoint(team: Team) -> Endpoint:
    found = Endpoint.objects.create(workspace=team.workspace, name="cars", shares={"1": 100}, created_by="a")
    for number in (1, 2):
        EndpointVersion.objects.create(endpoint=found, number=number, run="r", state="ready", bundle=str(number), by="a")
    EndpointKey.objects.create(endpoint=found, name="a", start="ek_", digest=digest(KEY), by="a")
    announce()
    return found


def watcher_of(load: Callable[[str, str, int], Model] = lambda _, __, number: Model(number, Adder(number))) -> tuple[ServingApp, Watcher]:
    app = ServingApp(lambda _: False, lambda _: None)
    return app, Watcher(app, load, "one")


def settled(watcher: Watcher) -> None:
    """Look until nothing is being loaded."""
    watcher.tick()
    wait_until(lambda: watcher.tick() or not watcher._loading, 10)


def serving(app: ServingApp) -> list[int]:
    return [model.number for served in app.routing.endpoints.values() for _, model in served.choices]


def move(endpoint: Endpoint, shares: dict[str, int]) -> None:
    Endpoint.objects.filter(pk=endpoint.pk).update(shares=shares)
    announce()


@pytest.mark.django_db(transaction=True)
def test_a_process_starts_with_what_it_is_to_serve_and_waits_for_no_version_for_ever(endpoint: Endpoint) -> None:
    app, watcher = watcher_of(lambda _, __, number: time.sleep(0.1) or Model(number, Adder(number)))
    watcher.start(10)
    assert serving(app) == [1]
    gate = threading.Event()
    app, watcher = watcher_of(lambda _, __, number: gate.wait(10) and Model(number, Adder(number)))  # type: ignore[arg-type, return-value]
    watcher.start(0.2)
    assert serving(app) == []
    gate.set()


@pytest.mark.django_db(transaction=True)
def test_a_move_and_a_revoked_key_are_seen_at_the_next_look(endpoint: Endpoint) -> None:
    app, watcher = watcher_of()
    settled(watcher)
    assert serving(app) == [1] and len(app.routing.keys) == 1
    move(endpoint, {"2": 100})
    EndpointKey.objects.all().delete()
    watcher.tick()
    assert serving(app) == [2] and app.routing.keys == {}
    before = app.routing
    watcher.tick()
    assert app.routing is before  # nothing changed: nothing is read again


@pytest.mark.django_db(transaction=True)
def test_a_version_that_loads_slowly_takes_no_requests_and_holds_up_no_revoked_key(endpoint: Endpoint) -> None:
    gate = threading.Event()

    def load(_: str, __: str, number: int) -> Model:
        if number == 2:
            gate.wait(10)
        return Model(number, Adder(number))

    app, watcher = watcher_of(load)
    watcher.tick()
    wait_until(lambda: watcher.tick() or serving(app) == [1], 10)
    move(endpoint, {"2": 100})
    EndpointKey.objects.all().delete()
    watcher.tick()
    watcher.report()
    assert serving(app) == [1] and app.routing.keys == {} and ServingProcess.objects.get().revision < app.routing.revision
    gate.set()
    settled(watcher)
    watcher.report()
    assert serving(app) == [2] and ServingProcess.objects.get().revision == app.routing.revision


@pytest.mark.django_db(transaction=True)
def test_a_version_that_cannot_be_loaded_is_reported_and_tried_again(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = [True]

    def load(_: str, __: str, number: int) -> Model:
        if number == 2 and broken[0]:
            raise FileNotFoundError(2, "No such file", "/srv/easel/store/1")
        return Model(number, Adder(number))

    monkeypatch.setattr(watching, "RETRY_SECONDS", 0.0)
    app, watcher = watcher_of(load)
    settled(watcher)
    wait_until(lambda: watcher.tick() or bool(watcher.failures), 10)
    move(endpoint, {"2": 100})
    watcher.tick()
    watcher.report()
    (reason,) = ServingProcess.objects.get().failures.values()
    assert serving(app) == [1] and reason == "It could not be loaded (FileNotFoundError); the log of the serving process has the reason."
    broken[0] = False
    wait_until(lambda: watcher.tick() or serving(app) == [2], 10)


@pytest.mark.django_db(transaction=True)
def test_while_the_database_is_away_it_serves_what_it_has(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    app, watcher = watcher_of()
    settled(watcher)

    def away() -> int:
        raise OperationalError("database is locked")

    monkeypatch.setattr(watching, "_revision", away)
    watcher.tick()
    watcher.tick()
    assert serving(app) == [1] and caplog.text.count("keeps what it has") == 1


@pytest.mark.django_db(transaction=True)
def test_counts_and_uses_are_saved_once_each_and_again_when_they_grow(endpoint: Endpoint) -> None:
    app, watcher = watcher_of()
    settled(watcher)
    for _ in range(3):
        app.counts.add(endpoint.pk, 1, 200, 0.0004, 2, 0)
    app.callers.used[EndpointKey.objects.get().pk] = timezone.now().timestamp()
    watcher.report()
    watcher.report()
    assert sum(EndpointCount.objects.values_list("requests", flat=True)) == 3 and EndpointKey.objects.get().last_used_at
    app.counts.add(endpoint.pk, 1, 422, 0.02, 1, 1)
    watcher.report()
    assert sum(EndpointCount.objects.values_list("requests", flat=True)) == 4
    watcher.end()
    assert not ServingProcess.objects.exists()
