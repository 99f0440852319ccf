"""Whether it lives and can serve, with each part really taken away: one web process on a Home, asked by HTTP."""

from __future__ import annotations

import contextlib
import json
import signal
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from designer.site import health
from pipelines.models import Worker
from tests.support.installation import Home, wait_until
from tests.support.ports import free_port
from tests.support.process_groups import PATIENCE


def slow(test: Any) -> Any:
    """Starts real processes."""
    return pytest.mark.processes(pytest.mark.slow(test))


class Web:
    """A web process of a home."""

    def __init__(self, home: Home) -> None:
        self.port = free_port()
        served = ("uvicorn", "designer.config.asgi:application", "--port", str(self.port), "--lifespan", "off")
        self.group = home.python("-m", *served, stderr=subprocess.DEVNULL)
        wait_until(lambda: self._lives())

    def _lives(self) -> bool:
        with contextlib.suppress(OSError):
            return self.get("/health")[0] == 200
        return False

    def get(self, path: str) -> tuple[int, Any]:
        """Status and JSON."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def lacks(self) -> dict[str, str]:
        """What is not ready, and the sentence; asked so that the answer never takes long."""
        began = time.monotonic()
        status, said = self.get("/ready")
        assert time.monotonic() - began < health.MOST_SECONDS + 1
        lacking = {name: part["words"] for name, part in said["parts"].items() if part["needed"] and not part["ready"]}
        assert (status, said["ready"]) == ((503, False) if lacking else (200, True))
        return lacking

    def becomes(self, *lacking: str, seconds: float = PATIENCE) -> dict[str, str]:
        """Wait until exactly these are not ready."""
        return wait_until(lambda: (found := self.lacks()).keys() == set(lacking) and (found or {"": ""}), seconds)


def test_the_process_answers(db: None) -> None:
    assert Client().get("/health").json() == {"healthy": True}


@pytest.mark.slow
def test_what_is_left_out_does_not_count(db: None) -> None:
    whole, without = Client().get("/ready"), Client().get("/ready?but=worker,database")
    assert whole.status_code == 503 and whole.json()["parts"]["worker"]["words"].startswith("No worker sent a heartbeat")
    assert without.status_code == 200 and without.json()["ready"] and not without.json()["parts"]["worker"]["ready"]


def test_workers_without_sandbox_are_told_of_and_leave_the_installation_ready(db: None) -> None:
    def told() -> dict[str, Any]:
        health.PARTS["scripts"]._looked_at = float("-inf")
        found: dict[str, Any] = Client().get("/ready?but=database,worker").json()
        return found

    worker = Worker.objects.create(id="a", name="one@here", processes=1, seen_at=timezone.now(), counts={"sandbox": 0})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(health.flow, "workers", lambda: [worker])
        lacking = told()
        assert lacking["ready"] and not lacking["parts"]["scripts"]["ready"] and not lacking["parts"]["scripts"]["needed"]
        assert lacking["parts"]["scripts"]["words"].startswith("1 of 1 workers cannot create a sandbox")
        worker.counts = {"sandbox": 1}
        assert told()["parts"]["scripts"]["ready"]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_locked_database_is_not_ready_and_says_why() -> None:
    connection.ensure_connection()
    health.PARTS["database"]._looked_at = float("-inf")
    with contextlib.closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        locked = Client().get("/ready?but=worker,store,broker,windows")
        other.execute("ROLLBACK")
    words = "The database does not answer. The database is busy and did not answer in time. Try again in a few seconds."
    assert (locked.status_code, locked.json()["parts"]["database"]["words"]) == (503, words)


@pytest.mark.slow
def test_a_part_that_hangs_is_waited_for_once() -> None:
    waits = []

    def hang() -> None:
        waits.append(1)
        time.sleep(1)

    part = health.Part("It is well.", "It is gone.", hang)
    for _ in range(3):
        part.look()
        assert part.answer(time.monotonic() + 0.05) == (False, "It is gone. It did not answer within 2 seconds.")
    assert waits == [1]
    assert part.answer(time.monotonic() + 5) == (True, "It is well.")


@pytest.fixture(scope="module")
def home():
    """SQLite, the private broker, a store in the home."""
    with Home() as home:
        yield home


@pytest.fixture(scope="module")
def web(home):
    return Web(home)


@slow
def test_workers_come_and_go(home, web):
    assert web.becomes("worker")["worker"].startswith("No worker sent a heartbeat in the last 20 seconds.")
    worker = home.start_worker()
    web.becomes()
    worker.end()  # it says goodbye
    web.becomes("worker")
    worker = home.start_worker()
    web.becomes()
    worker.tell(signal.SIGSTOP)  # it does not
    began = time.monotonic()
    web.becomes("worker")
    assert time.monotonic() - began > 10
    worker.tell(signal.SIGCONT)
    web.becomes()


@slow
def test_the_broker_falls(home, web):
    home.broker.end()
    assert web.becomes("broker", "windows")["broker"] == "The broker cannot be reached; runs start late."
    home.start_broker()
    web.becomes()


@slow
def test_the_broker_hangs(home, web):
    home.broker.tell(signal.SIGSTOP)
    assert {"broker", "windows"} <= web.becomes("broker", "windows").keys()
    home.broker.tell(signal.SIGCONT)
    web.becomes()


@slow
def test_the_store_is_no_folder_any_more(home, web):
    store = Path(home.env["EASEL_HOME"], "store")
    aside = store.rename(store.with_name("aside"))
    store.touch()
    assert web.becomes("store") == {"store": "The storage cannot be written to."}
    store.unlink()
    aside.rename(store)
    web.becomes()
    assert not list(store.glob("ready-*"))


@slow
def test_the_store_is_full(home, web):
    store = Path(home.env["EASEL_HOME"], "store")
    small = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", store], check=False, capture_output=True)
    if small.returncode:
        pytest.skip("a small disk can be mounted by root alone")
    try:
        assert web.becomes("store")["store"].startswith("The storage is full")
    finally:
        subprocess.run(["umount", store], check=True)
    web.becomes()


@slow
def test_the_database_is_older_than_the_code(home, web):
    home.printed_by("manage.py", "migrate", "pipelines", "0003")
    assert web.becomes("database", "worker")["database"] == "The database is older than the code. Run `manage.py prepare`."
    home.printed_by("manage.py", "migrate")
    web.becomes(seconds=120)  # a worker that fell meanwhile is started later each time


@slow
def test_the_database_falls_and_hangs():
    with Home(team=True) as home:
        home.start_worker()
        web = Web(home)
        web.becomes()
        home.database.tell_family(signal.SIGSTOP)  # connections that the web process keeps would go on
        assert web.becomes("database", "worker")["database"].startswith(
            "The database does not answer."
        )  # the driver may be the first to give up
        home.database.tell_family(signal.SIGCONT)
        web.becomes()
        home.database.end(signal.SIGINT)
        assert web.becomes("database", "worker") == {
            "database": "The database does not answer.",
            "worker": "No worker is running.",
        }
        assert web.get("/health") == (200, {"healthy": True})
        home.start_database()
        web.becomes()


@slow
def test_the_broker_falls_and_windows_still_hear():
    with Home(team=True, rabbitmq=True) as home:
        home.start_worker()
        web = Web(home)
        web.becomes()
        home.broker.end()
        assert web.becomes("broker")
        home.start_broker()
        web.becomes()
