"""Figures for Prometheus, read as Prometheus reads them."""

from __future__ import annotations

import shutil
import subprocess
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from designer.site import metrics
from pipelines.models import Holding, Run, Worker
from pipelines.runtime.telemetry import counters
from tests.support.graph_builder import chain
from tests.support.ledger_driver import claim, finish, start

pytestmark = pytest.mark.django_db
TOKEN = "a token of thirty-two characters"


@pytest.fixture
def text(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Asks for the figures; the parts are not tried, since the test itself holds the lock of the database."""
    settings.EASEL_METRICS_TOKEN = TOKEN
    monkeypatch.setattr(metrics, "answers", lambda: {"database": (True, "It answers."), "broker": (False, "It is away.")})

    def ask() -> str:
        answer = Client(headers={"Authorization": f"Bearer {TOKEN}"}).get("/metrics")
        assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/plain")
        return answer.content.decode()

    return ask


def figures(text: str) -> dict[tuple[str, ...], float]:
    """Each sample by its name and the values of its labels."""
    return {
        (sample.name, *sample.labels.values()): sample.value for family in text_string_to_metric_families(text) for sample in family.samples
    }


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", TOKEN, "Bearer \u00e9"])
def test_whoever_has_not_the_token_finds_nothing(settings: Any, header: str) -> None:
    settings.EASEL_METRICS_TOKEN = TOKEN
    assert Client(headers={"Authorization": header}).get("/metrics").status_code == 404


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer "])
def test_without_a_token_there_is_no_door(settings: Any, header: str) -> None:
    settings.EASEL_METRICS_TOKEN = ""
    assert Client(headers={"Authorization": header}).get("/metrics").status_code == 404


def test_each_part_says_whether_it_is_ready(text: Any) -> None:
    found = figures(text())
    assert (found["easel_part_ready", "database"], found["easel_part_ready", "broker"]) == (1, 0)


def test_a_worker_and_the_one_before_it_of_the_same_name_are_one_series(text: Any) -> None:
    for id, done in (("a", 3), ("b", 4)):
        Worker.objects.create(id=id, name="one@here", processes=2, seen_at=timezone.now(), counts={"done": done, "seconds_sum": 1.5})
    lines = [line for line in text().splitlines() if line.startswith("easel_steps_total") and 'outcome="done"' in line]
    assert lines == ['easel_steps_total{outcome="done",worker="one@here"} 7.0'] or lines == [
        'easel_steps_total{worker="one@here",outcome="done"} 7.0'
    ]
    found = figures(text())
    assert (found["easel_worker_processes", "one@here"], found["easel_step_seconds_sum", "one@here"]) == (4, 3)


def test_runs_and_the_queue(text: Any) -> None:
    run, waiting = start(chain(1)), start(chain(1))
    Run.objects.filter(pk=waiting.pk).update(created_at=timezone.now() - timedelta(minutes=5))
    finish(run, claim(run))
    claim(run)
    found = figures(text())
    assert found["easel_database_up",] == 1
    assert found["easel_runs", "waiting"] == 1 and found["easel_runs", "running"] == 1 and found["easel_runs", "done"] == 0
    assert found["easel_steps_ready",] == 1 and found["easel_steps_running",] == 1
    assert 300 <= found["easel_longest_wait_seconds",] < 330


def test_a_run_that_moves_does_not_wait(text: Any) -> None:
    run = start(chain(2))
    Run.objects.filter(pk=run.pk).update(created_at=timezone.now() - timedelta(minutes=5))
    finish(run, claim(run))
    assert figures(text())["easel_longest_wait_seconds",] < 30


def test_what_workers_did(text: Any) -> None:
    seconds = {"seconds_up_to_0.1": 2, "seconds_up_to_1": 1, "seconds_sum": 1.25}
    did = dict.fromkeys(counters.NAMES, 0) | seconds | {"done": 3, "lost": 1, "leases_expired": 1}
    for name, did_it in {"one@here": did, "two@there": {}}.items():
        Worker.objects.create(id=name[:3], name=name, processes=2, seen_at=timezone.now(), counts=did_it)
    Worker.objects.create(id="old", name="old", processes=2, seen_at=timezone.now() - timedelta(hours=1), counts=did)
    found = figures(text())
    assert found["easel_workers",] == 2 and ("easel_worker_processes", "old") not in found
    assert found["easel_steps_total", "done", "one@here"] == 3 and found["easel_steps_total", "done", "two@there"] == 0
    assert found["easel_leases_expired_total", "one@here"] == 1 and found["easel_doorbells_rung_again_total", "one@here"] == 0
    assert [found["easel_step_seconds_bucket", bound, "one@here"] for bound in ("0.05", "0.1", "0.5", "1", "+Inf")] == [0, 2, 2, 3, 3]
    assert found["easel_step_seconds_count", "one@here"] == 3 and found["easel_step_seconds_sum", "one@here"] == 1.25


def test_what_the_stores_hold(text: Any) -> None:
    for scope in ("a", "b"):
        Holding.objects.create(scope=scope, of_runs=3, of_datasets=2, unreferenced=1)
    found = figures(text())
    assert [found["easel_store_bytes", purpose] for purpose in ("runs", "datasets", "nothing")] == [6, 4, 2]


def test_requests_and_build(text: Any) -> None:
    Client().get("/sign-in")
    found = figures(text())
    assert found["easel_http_request_seconds_count", "GET", "sign-in", "200"] >= 1
    assert [value for (name, *_), value in found.items() if name == "easel_build_info"] == [1]


def test_without_the_database_the_rest_is_told(text: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> Any:
        raise DatabaseError

    monkeypatch.setattr(metrics, "_steps", gone)
    found = figures(text())
    assert found["easel_database_up",] == 0 and ("easel_workers",) not in found


def test_prometheus_finds_nothing_to_better(text: Any) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("apt-get install prometheus brings promtool")
    own = "".join(f"{line}\n" for line in text().splitlines() if not line.split("{")[0].split()[-1].startswith(("python_", "process_")))
    done = subprocess.run([promtool, "check", "metrics"], input=own, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
