"""The pulse ends steps that take more time or memory than they may, and starts no large one again."""

import signal
from datetime import timedelta

import pytest
from django.utils import timezone

from pipelines.models import Step
from pipelines.runtime.worker import heartbeat
from pipelines.runtime.worker.heartbeat import Heartbeat
from pipelines.runtime.worker.process import STOP, worker
from pipelines.runtime.worker.recovery import reap_expired
from tests.support.graph_builder import chain
from tests.support.ledger_driver import claim, expire, finish, held, start, states, step

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rung", "all_alive")]


def test_a_step_over_its_time_fails_and_is_told_to_stop(signals, rung):
    it, beside = held(11, limits={"step_seconds": 5}), held(12, limits={"step_seconds": 50})
    Step.objects.update(started_at=timezone.now() - timedelta(seconds=6))
    Heartbeat(lambda: [11, 12]).beat(1)
    assert (states(it)["source"], step(it, "source").error["code"]) == ("failed", "took_too_long")
    assert (states(it)["n0"], states(beside)["source"]) == ("skipped", "running")
    assert signals == [(11, STOP)] and it.id in rung


def test_a_step_over_its_time_that_is_deaf_is_killed(monkeypatch, signals, later):
    monkeypatch.setattr(heartbeat, "is_working_on", lambda pid, step: True)
    held(11, limits={"step_seconds": 5})
    Step.objects.update(started_at=timezone.now() - timedelta(seconds=6))
    beating = Heartbeat(lambda: [11])
    beating.beat(1)
    later(heartbeat.KILL_AFTER_SECONDS + 0.1)
    beating.beat(1)
    assert signals == [(11, STOP), (11, signal.SIGKILL)]


def test_a_step_over_its_memory_fails_at_once_and_its_process_is_killed(monkeypatch, signals):
    monkeypatch.setattr(heartbeat, "is_working_on", lambda pid, step: True)
    bytes = {11: 100}
    monkeypatch.setattr("pipelines.runtime.worker.resource_monitor.held_bytes", lambda pid: bytes[pid])
    beating = Heartbeat(lambda: [11])
    beating.beat(1)
    it = held(11, limits={"step_memory_bytes": 1000})
    bytes[11] = 1101
    beating.beat(1)
    failed = step(it, "source")
    assert (failed.state, failed.error["code"], failed.losses) == ("failed", "out_of_memory", 0)
    assert signals == [(11, signal.SIGKILL)]


def test_a_step_that_was_committed_meanwhile_is_done_and_nobody_is_stopped(monkeypatch, signals):
    it = start(chain(1), limits={"step_seconds": 5})
    taken = claim(it, owner=f"{worker()}.11")
    Step.objects.update(started_at=timezone.now() - timedelta(seconds=6))
    beating = Heartbeat(lambda: [11])
    monkeypatch.setattr(beating._monitor, "sample", lambda *_: finish(it, taken))
    beating.beat(1)
    assert states(it)["source"] == "done" and signals == []


@pytest.fixture
def large(monkeypatch):
    """A step that is near its limit, executed by process 11, which then dies."""
    bytes = {11: 0}
    monkeypatch.setattr("pipelines.runtime.worker.resource_monitor.held_bytes", lambda pid: bytes.get(pid, 0))
    beating = Heartbeat(lambda: [11])
    beating.beat(1)
    it = held(11, limits={"step_memory_bytes": 1000})
    bytes[11] = 900
    beating.beat(1)
    return it, beating


def test_a_step_whose_process_died_while_it_was_large_is_not_started_again(large, monkeypatch):
    it, beating = large
    monkeypatch.setattr(heartbeat, "is_alive", lambda pid: False)
    beating.beat(1)
    failed = step(it, "source")
    assert (failed.state, failed.error["code"], failed.attempt) == ("failed", "out_of_memory", 1)
    assert states(it)["n0"] == "skipped"


def test_a_step_whose_whole_worker_died_while_it_was_large_is_not_started_again(large):
    it, _ = large
    expire(it)
    reap_expired()
    assert step(it, "source").error["code"] == "out_of_memory"


def test_a_large_step_whose_worker_was_told_to_end_is_given_back_as_a_small_one(large, monkeypatch):
    it, beating = large
    monkeypatch.setattr(heartbeat, "is_alive", lambda pid: False)
    beating.leave()
    beating.beat(1)
    assert (step(it, "source").state, step(it, "source").peak_bytes) == ("ready", None)
