"""Recovery: steps of lost workers are released, lost messages are repeated."""

import os
from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from pipelines import flow
from pipelines.models import Run, Step
from pipelines.runtime.worker.recovery import reap_expired, requeue_idle
from tests.support.graph_builder import chain
from tests.support.ledger_driver import GONE, claim, expire, finish, held, new_scope, start, states, step

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rung", "all_alive")]


def test_a_cancelled_step_is_taken_from_a_worker_that_is_not_heard_of_and_from_no_other(later):
    lost, live = held(GONE, owner="lost"), held(os.getpid())
    flow.cancel(lost)
    assert step(lost, "source").lease_until < timezone.now() + timedelta(seconds=4)
    reap_expired()
    assert (states(lost)["source"], states(live)["source"]) == ("running", "running")
    Step.objects.update(lease_until=F("lease_until") - timedelta(seconds=4))
    reap_expired()
    lost.refresh_from_db()
    assert (lost.state, states(live)["source"]) == ("cancelled", "running")


def test_a_lost_workers_steps_are_reaped_when_the_lease_is_over(rung):
    it, live = held(GONE, owner="lost"), held(GONE, owner="live")
    expire(it)
    reap_expired()
    assert (states(it)["source"], states(live)["source"]) == ("ready", "running")
    assert rung == [it.id]


def age(it, seconds, **fields):
    past = timezone.now() - timedelta(seconds=seconds)
    Run.objects.filter(pk=it.id).update(created_at=past, **{name: timezone.now() - timedelta(seconds=ago) for name, ago in fields.items()})


def test_a_bell_that_nobody_heard_rings_again_and_then_waits(rung):
    it = start(chain(1))
    age(it, 60)
    requeue_idle()
    assert rung == [it.id]
    requeue_idle()
    assert rung == [it.id]
    age(it, 60, rung_at=60)
    requeue_idle()
    assert rung == [it.id, it.id]


def test_no_bell_rings_again_for_new_busy_or_ended_runs(rung):
    start(chain(1))
    busy = start(chain(1))
    claim(busy)
    ended = start(chain(0))
    finish(ended, claim(ended))
    age(busy, 60), age(ended, 60)
    requeue_idle()
    assert rung == []


def test_a_run_that_waits_for_its_turn_is_rung_for_when_it_has_come_and_not_before(rung):
    scope = new_scope()
    first, second, third = (start(chain(1), scope, limits={"runs": 1}) for _ in range(3))
    taken = claim(first)
    Run.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    for place, it in enumerate((first, second, third)):
        Run.objects.filter(pk=it.pk).update(created_at=timezone.now() - timedelta(minutes=9 - place))
    requeue_idle()
    assert rung == []
    finish(first, taken)
    flow.cancel(first)
    rung.clear()
    Run.objects.update(rung_at=None)
    requeue_idle()
    assert rung == [second.id]
