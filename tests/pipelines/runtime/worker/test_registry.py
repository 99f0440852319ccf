"""Workers say that they live."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pipelines import flow
from pipelines.execution.memory import step_bytes
from pipelines.models import Worker
from pipelines.runtime.telemetry import counters
from pipelines.runtime.worker import registry
from pipelines.runtime.worker.heartbeat import RENEW_EVERY, TICK_SECONDS, Heartbeat
from pipelines.runtime.worker.process import worker
from pipelines.runtime.worker.registry import ALIVE_WITHIN, KEPT, WorkerRegistration

pytestmark = pytest.mark.django_db


def test_a_worker_is_there_from_its_first_beat_to_its_goodbye():
    here = WorkerRegistration("one@here", 3)
    Heartbeat(lambda: [], here).beat(0)
    (it,) = flow.workers()
    assert (it.id, it.name, it.processes) == (worker(), "one@here", 3)
    assert it.counts == {**counters.total(), "sandbox": it.counts["sandbox"]}
    here.leave()
    assert flow.workers() == []


def test_what_a_step_may_take_by_default_is_that_of_the_smallest_machine_with_a_worker():
    assert flow.default_step_bytes() is None
    WorkerRegistration("one@here", 3).renew()
    assert flow.default_step_bytes() == step_bytes()
    Worker.objects.create(id="small", name="two@there", processes=1, seen_at=timezone.now(), step_bytes=1000)
    Worker.objects.create(id="old", name="three@there", processes=1, seen_at=timezone.now())
    assert flow.default_step_bytes() == 1000


def test_a_beat_without_a_worker_says_nothing():
    Heartbeat(lambda: []).beat(0)
    assert flow.workers() == []


def test_whoever_is_not_heard_of_is_not_there_and_forgotten_after_a_day():
    now = timezone.now()
    for name, ago in {"silent": ALIVE_WITHIN, "gone": KEPT}.items():
        Worker.objects.create(id=name, name=name, processes=1, seen_at=now - ago - timedelta(seconds=1))
    WorkerRegistration("one@here", 1).renew()
    assert [it.name for it in flow.workers()] == ["one@here"]
    assert set(Worker.objects.values_list("name", flat=True)) == {"one@here", "silent"}


def test_it_is_said_often_enough():
    assert ALIVE_WITHIN.total_seconds() >= 3 * TICK_SECONDS * RENEW_EVERY


def test_a_worker_says_whether_it_can_run_peoples_code_and_tries_again_while_it_cannot(monkeypatch):
    tried = []
    monkeypatch.setattr(registry, "can_run_user_code", lambda: tried.append(1) or len(tried) > 1)
    told = WorkerRegistration("one@here", 2)

    def says():
        told.renew()
        return Worker.objects.get(name="one@here").counts["sandbox"]

    assert (says(), says(), len(tried)) == (0, 0, 1), "not at every beat"
    told._tried_at -= registry.TRY_SANDBOX_EVERY
    assert (says(), says(), len(tried)) == (1, 1, 2), "once it can, it is not tried again"
